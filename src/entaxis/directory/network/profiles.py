"""What a body says of itself, written by those who administer it."""

from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body, User
from entaxis.directory.network.models import BodyProfile


class ChangedMeanwhileError(Exception):
    """Somebody else wrote while the form was open. Its text is a sentence for the user."""

    def __str__(self) -> str:
        return _(
            "Somebody else changed this meanwhile. Look at what it says now, then save again: what stands "
            "here will then hold."
        )


def describe(
    *, body: Body, facts: dict[str, Any], profile: dict[str, Any], seen: int, by: User
) -> BodyProfile:
    """Store both; ``seen`` is the profile's version that the writer saw.

    Raises:
        ChangedMeanwhileError: it has another version by now.
    """
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        held = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
        row = BodyProfile.objects.filter(body=held).first() or BodyProfile(body=held, version=1)
        if row.version != seen:
            raise ChangedMeanwhileError
        for name, value in facts.items():
            setattr(held, name, value)
        held.save(update_fields=[*facts, "last_modified"])
        for name, value in profile.items():
            setattr(row, name, value)
        row.version = seen + 1
        row.save()
    return row
