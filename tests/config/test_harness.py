"""The tools of the tests do what they promise."""

from collections.abc import Callable

import pytest

from entaxis.accounts.models import Membership
from tests import factories


def test_a_query_for_each_row_is_noticed(queries_stay: Callable[..., int]) -> None:
    def read() -> list[str]:
        return [str(membership.user.email) for membership in Membership.objects.all()]

    with pytest.raises(AssertionError, match="2 queries for 1 row, 31 for 30"):
        queries_stay(grow=lambda rows: [factories.editor() for _ in range(rows)], read=read)


def test_a_steady_number_of_queries_passes(queries_stay: Callable[..., int]) -> None:
    def read() -> list[str]:
        return [str(membership.user.email) for membership in Membership.objects.select_related("user")]

    assert queries_stay(grow=lambda rows: [factories.editor() for _ in range(rows)], read=read) == 1
