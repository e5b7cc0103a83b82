"""Who may write, review and see a publication."""

from typing import Any

from entaxis.accounts.rules import Somebody, is_body_member, is_editor, may_act_for
from entaxis.core.review import May
from entaxis.directory.rules import granted, keeps_entries
from entaxis.geography.models import Area
from entaxis.strategy.publications.models import Publication


def publishes(user: Somebody, region: Area) -> bool:
    """Writes for a body, for a structure whose entry they keep, or as the Observatory."""
    return is_body_member(user, region) or keeps_entries(user, region)


def may_write(user: Somebody, row: Publication) -> bool:
    """May write it on: for its body, for its structure, or as the Observatory."""
    if is_editor(user, row.region):
        return True
    if row.body is None:
        return False
    keeps = row.structure_id in granted(user) and not row.body.is_dissolved
    return keeps or may_act_for(user, row.body)


def may_review(user: Somebody, row: Publication) -> bool:
    """May publish it or ask it back."""
    return is_editor(user, row.region)


def may(user: Somebody, row: Publication) -> May[Any]:
    """Both, as the rules of passing ask."""
    return May(write=may_write(user, row), review=may_review(user, row))
