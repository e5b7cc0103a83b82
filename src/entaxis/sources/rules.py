"""Who may do what with sources."""

from entaxis.accounts.rules import Somebody, is_region_administrator
from entaxis.geography.models import Area


def keeps_sources(user: Somebody, region: Area) -> bool:
    """May define sources and bring in files of persons: the region's administrators."""
    return is_region_administrator(user, region)
