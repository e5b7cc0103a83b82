"""Who may write, review and see a publication."""

from typing import Any

from entaxis.accounts.rules import Somebody, is_editor, may_act_for
from entaxis.core.review import May
from entaxis.strategy.publications.models import Publication


def may_write(user: Somebody, row: Publication) -> bool:
    """May write it on: for its body, or as the Observatory."""
    if is_editor(user, row.region):
        return True
    return row.body is not None and may_act_for(user, row.body)


def may_review(user: Somebody, row: Publication) -> bool:
    """May publish it or ask it back."""
    return is_editor(user, row.region)


def may(user: Somebody, row: Publication) -> May[Any]:
    """Both, as the rules of passing ask."""
    return May(write=may_write(user, row), review=may_review(user, row))
