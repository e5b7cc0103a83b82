"""Telling those who follow a municipality, a body or a theme of what has become public: once each."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from entaxis.notifications.subscribing import tell_subscribers
from entaxis.strategy import kinds
from entaxis.strategy.publications import families
from entaxis.strategy.publications.models import Publication
from entaxis.vocabularies.models import Term
from entaxis.vocabularies.queries import terms


@transaction.atomic
def announce(row: Publication) -> int:
    """Tell the subscribers of ``row`` if it is public and nobody was told yet; how many were told."""
    model = type(row)
    held = (
        model.objects.current().select_for_update(of=("self",)).filter(pk=row.pk, announced_at=None).first()
    )
    if held is None:
        return 0
    model.objects.filter(pk=held.pk).update(announced_at=timezone.now())
    said: dict[str, Any] = {
        "kind": kinds.NEWS,
        "region": held.region,
        "about": lazy(lambda: held.title, str)(),
        "url": lazy(held.get_absolute_url, str)(),
        "body": held.body,
        "themes": _themes(held),
        "context": {
            "summary": lazy(lambda: held.summary, str)(),
            "speaker": lazy(lambda: held.speaker, str)(),
        },
        "occasion": f"{model._meta.label_lower}:{held.pk}",
    }
    places = list(held.municipalities.all()) or [None]
    return sum(tell_subscribers(municipality=place, **said) for place in places)


def announce_due() -> int:
    """Tell of everything whose hour has come since; how many were told."""
    told = 0
    for family in families.every():
        for row in family.model.objects.current().filter(announced_at=None).order_by("publish_at"):
            told += announce(row)
    return told


def _themes(row: Publication) -> list[Term]:
    return [
        term
        for name in ("needs", "target_groups")
        for term in terms(name).select_related("vocabulary").filter(key__in=getattr(row, name))
    ]
