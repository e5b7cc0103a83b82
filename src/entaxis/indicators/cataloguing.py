"""Writing the catalogue: another indicator, another version of one. What carries figures stays as it is."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.indicators import store
from entaxis.indicators.models import Indicator, IndicatorVersion, StrategyTarget

MEANING: Final = (
    "name_el", "name_en", "definition_el", "definition_en", "universe_el", "universe_en", "revision_el",
    "revision_en", "source_el", "source_en", "formula", "method_page", "frequency", "levels", "breakdowns",
    "income_year_offset", "breaks", "computation",
)  # fmt: skip
"""What a version says; two versions are compared by it."""
BILINGUAL: Final = "_en"


class CarriesFiguresError(ValueError):
    """Figures were made with it: another version is wanted. The text is a sentence for the user."""


def is_fixed(version: IndicatorVersion) -> bool:
    """Whether figures, published or proposed, were made with a version. Two queries."""
    return version.series.exists() or store.is_proposed(version)


def refuse_fixed(version: IndicatorVersion) -> None:
    """Nothing, where a version may still be put right.

    Raises:
        CarriesFiguresError: figures were made with it.
    """
    if is_fixed(version):
        raise CarriesFiguresError(_("Figures were made with this version: write another one."))


@transaction.atomic
def add(*, indicator: Indicator, version: IndicatorVersion, by: User) -> Indicator:
    """An indicator that is new, with its first version, at the end of the catalogue."""
    last = Indicator.objects.aggregate(last=Max("order"))["last"] or 0
    indicator.order = last + 1
    indicator.save()
    _write(indicator, version, 1, by)
    return indicator


@transaction.atomic
def add_version(*, indicator: Indicator, version: IndicatorVersion, by: User) -> IndicatorVersion:
    """Another version of an indicator; the earlier ones and their figures stay.

    Raises:
        CarriesFiguresError: it is in force no later than the version before it.
    """
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    latest = indicator.versions.order_by("-number").first()
    if latest is not None and version.valid_from <= latest.valid_from:
        raise CarriesFiguresError(_("A version comes into force later than the one before it."))
    return _write(indicator, version, latest.number + 1 if latest else 1, by)


@transaction.atomic
def change_version(*, version: IndicatorVersion, by: User) -> IndicatorVersion:
    """Put words right in a version that nothing was made with yet.

    Raises:
        CarriesFiguresError: something was.
    """
    refuse_fixed(version)
    return _write(version.indicator, version, version.number, by)


@transaction.atomic
def change(*, indicator: Indicator) -> Indicator:
    """Put an indicator's own facts right.

    Raises:
        CarriesFiguresError: another unit for something that carries figures.
    """
    held = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if held.unit != indicator.unit and any(is_fixed(version) for version in held.versions.all()):
        raise CarriesFiguresError(_("It carries figures: its unit cannot change."))
    indicator.save()
    return indicator


def keep_target(*, indicator: Indicator, target: StrategyTarget) -> StrategyTarget:
    """Store a target of a strategy, new or put right, with the indicator that follows it."""
    target.indicator = indicator
    target.save()
    return target


def _write(indicator: Indicator, version: IndicatorVersion, number: int, by: User) -> IndicatorVersion:
    version.indicator, version.number = indicator, number
    version.written_by, version.written_at = by, timezone.now()
    version.save()
    return version


def differences(before: IndicatorVersion, after: IndicatorVersion) -> list[str]:
    """The names of what two versions say differently, once for both languages."""
    fields: Mapping[str, Any] = {field.name: field for field in IndicatorVersion._meta.get_fields()}
    names = [
        str(fields[name.removesuffix(BILINGUAL) + "_el" if name.endswith(BILINGUAL) else name].verbose_name)
        for name in MEANING
        if getattr(before, name) != getattr(after, name)
    ]
    return list(dict.fromkeys(names))
