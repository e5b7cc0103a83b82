import pghistory
import pytest
from django.db import DatabaseError, connection, transaction

from entaxis.core import sealed


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_role_is_taken_for_the_block_and_given_back() -> None:
    assert _role() == "entaxis_web"
    with sealed.role(sealed.CONFIDENTIAL):
        assert _role() == "entaxis_confidential"
    assert _role() == "entaxis_web"


@pytest.mark.django_db
def test_a_role_is_given_back_after_an_error() -> None:
    with (
        pytest.raises(DatabaseError),
        sealed.role(sealed.CONFIDENTIAL),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM no_such_table")
    assert _role() == "entaxis_web"


@pytest.mark.django_db
def test_the_web_may_not_change_tables() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE anything (id int)")


@pytest.mark.django_db
def test_a_role_is_taken_inside_a_request_that_keeps_history() -> None:
    with pghistory.context(reason="test"), sealed.role(sealed.CONFIDENTIAL):
        assert _role() == "entaxis_confidential"
    assert _role() == "entaxis_web"
