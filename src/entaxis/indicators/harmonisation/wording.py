"""Places in words: never claiming an order that the intervals do not bear."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.indicators import modelled
from entaxis.indicators.queries import Figure
from entaxis.indicators.wording import listed, rounded


def place(value: float) -> str:
    """A place as a reader writes it; areas with the same value share the mean place."""
    return rounded(value, 0 if value == int(value) else 1)


def places(best: float, worst: float) -> str:
    """``2–9``, or one place alone."""
    return place(best) if best == worst else f"{place(best)}–{place(worst)}"


def of_places(result: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """Which areas are certainly in the worse or the better half, or that nobody can say."""
    codes: Sequence[str] = result["areas"]
    half = len(codes) / 2
    best, worst = result["best"], result["worst"]
    high = [names[code] for code, last in zip(codes, worst, strict=True) if last <= half]
    low = [names[code] for code, first in zip(codes, best, strict=True) if first > half]
    if high:
        yield _("With certainty in the half with more deprivation: %(names)s.") % {"names": listed(high)}
    if low:
        yield _("With certainty in the half with less deprivation: %(names)s.") % {"names": listed(low)}
    if not high and not low:
        yield _(
            "The errors of the figures leave the order open: of no municipality can it be said with "
            "certainty in which half it stands."
        )
    if all(first == 1 for first in best):
        yield _("Any municipality may be in the first place.")


def of_models(figures: Sequence[Figure], kind: str) -> str:
    """How many of the areas have a figure that comes from models, and what else depends on them."""
    shown = [figure for figure in figures if figure.is_shown]
    number = sum(figure.is_modelled for figure in shown)
    if not number:
        return ""
    if kind == "shrunk_rate":
        return modelled.of_shrunk()
    if kind == "rank":
        return _("Modelled: places are told from figures of which some come from a model.")
    said = ngettext(
        "Modelled: for %(number)s of the %(all)s municipalities with a value figures went in that come "
        "from a model, because few people were asked there.",
        "Modelled: for %(number)s of the %(all)s municipalities with a value figures went in that come "
        "from a model, because few people were asked there.",
        number,
    ) % {"number": number, "all": len(shown)}
    if kind not in {"composite", "score"}:
        return said
    return f"{said} {_('The scale is made of the figures of all municipalities, these included.')}"


def of_choices(result: Mapping[str, Any]) -> str:
    """How much the order owes to the choices that were made."""
    return _(
        "Under %(number)s other choices – scales, weights, ways of taking the mean, an indicator left "
        "out – a municipality moves by %(shift)s places on average."
    ) % {"number": result["choices"], "shift": rounded(result["mean_shift"], 1)}
