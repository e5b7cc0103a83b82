"""Who may do what with sources."""

from entaxis.accounts.rules import Somebody, is_editor, is_region_administrator, memberships
from entaxis.geography.models import Area


def keeps_sources(user: Somebody, region: Area) -> bool:
    """May define sources and bring in files of persons: the region's administrators."""
    return is_region_administrator(user, region)


def may_validate(user: Somebody, region: Area) -> bool:
    """May read and decide on what municipalities report: the Observatory's editors."""
    return is_editor(user, region)


def reported_by(user: Somebody, region: Area) -> set[int]:
    """The municipalities of the region for which this person reports: as theirs, or by their service."""
    held = [each for each in memberships(user) if each.region_id == region.pk]
    own = {each.municipality_id for each in held}
    services = {each.body.municipality_id for each in held if each.body and each.body.is_municipal}
    return {pk for pk in own | services if pk is not None}


def reports_phenomena(user: Somebody, region: Area) -> bool:
    """Has a part in the reports: writes for a municipality, or validates."""
    return may_validate(user, region) or bool(reported_by(user, region))
