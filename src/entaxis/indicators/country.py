"""Figures of the whole country, from a file – all of them or none – or one by one from the office."""

import tomllib
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.indicators.models import CountryFigure, Indicator, Unit

FIELDS: Final = ("value", "source_el", "source_en", "address", "published_on")
MOST: Final = 1000


class CountryRefusedError(ValueError):
    """The file cannot be taken as it is; ``problems`` say why, one sentence each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@transaction.atomic
def load(text: str, *, by: User | None, is_synthetic: bool = False) -> int:
    """Bring the figures of a TOML file in; how many are new or changed. Safe to repeat.

    Raises:
        CountryRefusedError: with a sentence for everything that is wrong.
    """
    found = [_read(number, said, is_synthetic) for number, said in enumerate(_entries(text), start=1)]
    if problems := [problem for row in found if not isinstance(row, CountryFigure) for problem in row]:
        raise CountryRefusedError(*problems)
    return sum(_store(row, by) for row in found if isinstance(row, CountryFigure))


def _entries(text: str) -> list[dict[str, Any]]:
    try:
        entries = tomllib.loads(text)["figure"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise CountryRefusedError(_("This is no TOML file with tables [[figure]].")) from error
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise CountryRefusedError(_("This is no TOML file with tables [[figure]]."))
    if len(entries) > MOST:
        raise CountryRefusedError(_("There are more than %(most)s figures.") % {"most": MOST})
    return entries


def _read(number: int, said: dict[str, Any], is_synthetic: bool) -> CountryFigure | list[str]:
    """A row that holds together, or what is wrong with it."""
    code = said.get("indicator")
    indicator = Indicator.objects.filter(code=str(code)).first()
    wrong = list(faults(indicator, said.get("value"), said.get("published_on")).values())
    if unknown := sorted(said.keys() - {"indicator", "period", *FIELDS}):
        wrong.append(_("nothing is called %(names)s") % {"names": ", ".join(unknown)})
    row = CountryFigure(indicator=indicator, period=str(said.get("period", "")), is_synthetic=is_synthetic)
    for name in FIELDS:
        setattr(row, name, said.get(name, ""))
    if not wrong:
        try:
            row.clean_fields()
            row.validate_constraints(exclude={"indicator"})
        except ValidationError as error:
            wrong += [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    named = {"number": number, "code": code}
    return [_("Figure %(number)s (%(code)s)") % named + f": {one}" for one in wrong] or row


def faults(indicator: Indicator | None, value: object, day: object) -> dict[str, str]:
    """What of a figure cannot be: a sentence by field."""
    found = {}
    if indicator is None:
        found["indicator"] = _("there is no such indicator")
    elif indicator.adds_up:
        found["indicator"] = _("a count of the country is no measure for that of a region")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_possible(value, indicator):
        found["value"] = _("its value is not possible")
    if type(day) is not date or day > timezone.localdate():
        found["published_on"] = _("published_on is no day that has been")
    return found


def entered() -> QuerySet[CountryFigure]:
    """Every figure that is there, latest period first. For the office, which keeps them."""
    rows = CountryFigure.objects.select_related("indicator", "entered_by")
    return rows.order_by("indicator__order", "indicator__code", "-period", "is_synthetic")


@transaction.atomic
def keep(*, row: CountryFigure, by: User) -> CountryFigure:
    """Store a figure, new or put right; what it said before stays in its history."""
    row.entered_by, row.entered_at = by, timezone.now()
    row.save()
    return row


def taken_away() -> Any:  # rows of the model that pghistory makes have no type of their own
    """What figures said when they were taken away, last first. For the office, which may bring them back.

    Each once, and none that is back or whose indicator and period have another value by now.
    """
    events: Any = CountryFigure.pgh_event_model.objects  # type: ignore[attr-defined]
    gone = events.filter(pgh_label="delete")
    last = gone.filter(pgh_obj=OuterRef("pgh_obj")).order_by("-pgh_id").values("pgh_id")[:1]
    same = {name: OuterRef(name) for name in ("indicator", "period", "is_synthetic")}
    there = CountryFigure.objects.filter(Q(pk=OuterRef("pgh_obj")) | Q(**same))
    rows = gone.filter(~Exists(there), pgh_id=Subquery(last))
    return rows.select_related("indicator").order_by("-pgh_id")


@transaction.atomic
def bring_back(*, removed: Any, by: User) -> CountryFigure:
    """Store one of `taken_away` again as it was; its history goes on.

    Raises:
        CountryRefusedError: its indicator was changed since, so that it cannot be.
    """
    if wrong := faults(removed.indicator, removed.value, removed.published_on):
        raise CountryRefusedError(*wrong.values())
    kept = {name: getattr(removed, name) for name in ("indicator", "period", "is_synthetic", *FIELDS)}
    return keep(row=CountryFigure(pk=removed.pgh_obj_id, **kept), by=by)


def is_there(row: CountryFigure) -> bool:
    """Whether another figure of its indicator, period and kind is entered already."""
    same = CountryFigure.objects.filter(
        indicator=row.indicator_id, period=row.period, is_synthetic=row.is_synthetic
    )
    return same.exclude(pk=row.pk).exists()


def _is_possible(value: float, indicator: Indicator | None) -> bool:
    most = 100.0 if indicator and indicator.unit == Unit.PERCENT else float("inf")
    return 0 <= value <= most and value != float("inf")


def _store(row: CountryFigure, by: User | None) -> bool:
    """Whether it is new or changed."""
    key: dict[str, Any] = {
        "indicator": row.indicator,
        "period": row.period,
        "is_synthetic": row.is_synthetic,
    }
    held = CountryFigure.objects.filter(**key).first()
    said = {name: getattr(row, name) for name in FIELDS}
    if held and {name: getattr(held, name) for name in FIELDS} == said:
        return False
    CountryFigure.objects.update_or_create(
        **key, defaults=said | {"entered_by": by, "entered_at": timezone.now()}
    )
    return True
