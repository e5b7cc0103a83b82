"""What must hold before the platform serves real people."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from entaxis.accounts.models import Body, User


def no_demonstration_people() -> bool:
    """Production and a demonstration person never meet: their passwords are printed in the README."""
    return settings.MODE != "production" or not User.objects.filter(is_synthetic=True).exists()


@register(Tags.database)
def refuse_demonstration(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Stop production on a database that holds demonstration people or bodies."""
    if not databases or settings.MODE != "production":
        return []
    found: list[CheckMessage] = []
    if not no_demonstration_people():
        found.append(
            Error(
                "This database holds demonstration people, whose passwords everybody knows.",
                hint="Begin production with an empty database: docs/operations.md.",
                id="entaxis.E001",
            )
        )
    if Body.objects.filter(is_synthetic=True).exists():
        found.append(
            Error(
                "This database holds invented bodies.",
                hint="Begin production with an empty database: docs/operations.md.",
                id="entaxis.E002",
            )
        )
    return found
