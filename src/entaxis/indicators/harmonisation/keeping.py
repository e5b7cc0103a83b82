"""Writing a recipe down from the office: by the door through which files of recipes come."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.indicators import cataloguing
from entaxis.indicators.harmonisation import source
from entaxis.indicators.models import Indicator
from entaxis.indicators.source import CatalogueRefusedError


@transaction.atomic
def add(*, facts: dict[str, Any], version: dict[str, Any], by: User) -> None:
    """A recipe that is new, with the indicator that its figures are, at the end of the catalogue.

    Raises:
        CatalogueRefusedError: the catalogue has its code already, or it does not hold together.
    """
    if Indicator.objects.filter(code=facts["code"]).exists():
        raise CatalogueRefusedError(f"{facts['code']} is in the catalogue.")
    last = Indicator.objects.order_by("-order").values_list("order", flat=True).first() or 0
    source.enter(facts | {"version": [_by(version, by)]}, max(last, source.BEHIND) + 1)


@transaction.atomic
def write(*, indicator: Indicator, version: dict[str, Any], by: User, number: int | None = None) -> None:
    """Another version of a recipe; with ``number`` in the place of one that nothing was made with yet.

    Raises:
        CarriesFiguresError: figures, published or proposed, were made with that version.
        CatalogueRefusedError: the recipe would not hold together.
    """
    entry = source.entry_of(Indicator.objects.select_for_update().get(pk=indicator.pk))
    versions = entry["version"]
    if number is not None:
        cataloguing.refuse_fixed(indicator.versions.get(number=number))
    at = len(versions) if number is None else number - 1
    versions[at : at + 1] = [_by(version, by)]
    source.enter(entry, entry["order"])


def _by(version: dict[str, Any], by: User) -> dict[str, Any]:
    return version | {"written_by": by, "written_at": timezone.now()}
