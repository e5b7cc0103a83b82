"""What is asked of a recipe that is written on a page: its steps, what goes in, its facts and its words.

Whether the steps hold is for `Steps` alone to say; here its faults find their field and a sentence.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as StepsRefusedError
from pydantic_core import ErrorDetails

from entaxis.indicators import breaking_down
from entaxis.indicators.harmonisation import source
from entaxis.indicators.harmonisation.forms import AGGREGATIONS, NORMALISATIONS, DecimalField
from entaxis.indicators.harmonisation.steps import FEWEST, MOST_INPUTS, Kind, Steps
from entaxis.indicators.models import Indicator, IndicatorVersion
from entaxis.indicators.models.catalogue import COUNTS, Direction, Theme, Unit
from entaxis.indicators.office_catalogue import IndicatorForm, VersionForm, usual

KINDS: Final[Mapping[Kind, tuple[Any, Any]]] = MappingProxyType(
    {
        "composite": (
            gettext_lazy("Composite index"),
            gettext_lazy("Several indicators in one number, with weights that everybody sees."),
        ),
        "rate": (
            gettext_lazy("Rate per residents"),
            gettext_lazy(
                "A count per 100 or 1,000 residents of the last census, with an exact interval: areas of "
                "different size become comparable."
            ),
        ),
        "shrunk_rate": (
            gettext_lazy("Rate drawn towards the mean"),
            gettext_lazy(
                "A rate whose small areas lie nearer to the mean of all, because a few persons change it "
                "a lot there. It is called modelled wherever it appears."
            ),
        ),
        "score": (
            gettext_lazy("Standard score"),
            gettext_lazy(
                "How far above or below the mean of all areas an area lies: indicators of different units "
                "become comparable."
            ),
        ),
        "rank": (
            gettext_lazy("Place with its interval"),
            gettext_lazy("Which place an area has, and which the error of the figures leaves possible."),
        ),
        "take_up": (
            gettext_lazy("Take-up"),
            gettext_lazy("Counted persons per 100 of those whom the share of a survey says to be in need."),
        ),
    }
)
FIELDS: Final[Mapping[Kind, Sequence[str]]] = MappingProxyType(
    {
        "composite": ("level", "normalisation", "weighting", "aggregation", "correlation"),
        "rate": ("level", "per", "counted"),
        "shrunk_rate": ("level", "per", "counted"),
        "score": ("level", "normalisation"),
        "rank": ("level",),
        "take_up": ("level",),
    }
)
"""What a kind's steps are made with, beside what goes in."""
DIRECTIONS: Final[Mapping[Kind, str]] = MappingProxyType(
    {"composite": Direction.LOW_IS_GOOD, "score": Direction.LOW_IS_GOOD, "rank": Direction.HIGH_IS_GOOD}
)
"""Which way is better, where the steps decide it: more of a score is worse, and place 1 is the worst."""
DIGITS: Final[Mapping[Kind, int]] = MappingProxyType({"score": 2, "rank": 0})
FIRST_ROWS: Final = 4
MORE_ROWS: Final = 3
ROWS: Final = "rows"
ROBUST: Final = ("robust", gettext_lazy("distances from the median: single extremes count less"))
STORE: Final = "store"
TRY: Final = "try"
MORE: Final = "more"
PURPOSES: Final = ("purpose_el", "purpose_en")


def kind_of(said: str | None) -> Kind | None:
    """A kind by its key; None where there is none of that name."""
    return next((kind for kind in get_args(Kind) if kind == said), None)


class StepsForm(forms.Form):
    """How what goes in becomes one figure an area."""

    level = forms.ChoiceField(
        label=gettext_lazy("areas that are compared"),
        choices=[
            ("municipality", gettext_lazy("municipalities")),
            ("regional_unit", gettext_lazy("regional units")),
        ],
    )
    per = forms.TypedChoiceField(
        label=gettext_lazy("per how many residents"),
        choices=[(1000, gettext_lazy("per 1,000 residents")), (100, gettext_lazy("per 100 residents"))],
        coerce=int,
    )
    counted = forms.ChoiceField(
        label=gettext_lazy("what is counted"),
        choices=[
            ("share", gettext_lazy("persons, each once at most")),
            ("events", gettext_lazy("events: one person may have several")),
        ],
    )
    normalisation = forms.ChoiceField(
        label=gettext_lazy("Scale"), choices=[NORMALISATIONS[1], ROBUST, NORMALISATIONS[0]]
    )
    weighting = forms.ChoiceField(
        label=gettext_lazy("weights"),
        choices=[
            ("equal", gettext_lazy("the same for all")),
            ("expert", gettext_lazy("as experts say: those beside the inputs")),
            ("pca", gettext_lazy("as the figures say: by the first principal component")),
        ],
    )
    aggregation = forms.ChoiceField(label=gettext_lazy("Mean"), choices=AGGREGATIONS)
    correlation = DecimalField(
        label=gettext_lazy("correlation between the errors of an area's inputs"),
        help_text=gettext_lazy(
            "From 0 to 1; an assumption, shown on the page. Inputs of one survey are hardly at 0."
        ),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        usual = {name: Steps.model_fields[name].default for name in FIELDS[kind]}
        kwargs["initial"] = usual | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in FIELDS[kind]}
        if kind == "score":  # from 0 to 1 it would be no number of deviations
            self.fields["normalisation"].choices = [NORMALISATIONS[1], ROBUST]  # type: ignore[attr-defined]


class InputForm(forms.Form):
    """One published indicator that goes in; a row without one is left out."""

    legend = ""
    """What the row is called."""

    indicator = forms.ChoiceField(
        label=gettext_lazy("indicator"),
        error_messages={"required": gettext_lazy("Choose the indicator, or empty the whole row.")},
    )
    higher_is = forms.ChoiceField(
        label=gettext_lazy("direction"),
        error_messages={"required": gettext_lazy("Say whether more of it is worse or better.")},
        choices=[
            ("", "—"),
            ("worse", gettext_lazy("more is worse")),
            ("better", gettext_lazy("more is better")),
        ],
    )
    weight = DecimalField(
        label=gettext_lazy("weight, where experts give it"),
        error_messages={"required": gettext_lazy("Write a weight; 1 is the usual one.")},
        initial=1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    breakdown = forms.ChoiceField(label=gettext_lazy("of whom"), initial="total")
    period = forms.CharField(
        label=gettext_lazy("period of its own"),
        required=False,
        max_length=20,
        help_text=gettext_lazy(
            "Empty: that of the run. Or a fixed one (2021), or {year}-12, {before}-12: December of its "
            "year, of the year before."
        ),
    )

    def __init__(self, *args: Any, kind: Kind, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"empty_permitted": True, "use_required_attribute": False})
        self.fields["indicator"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        self.fields["breakdown"].choices = self._whom()  # type: ignore[attr-defined]
        if kind not in DIRECTIONS:
            del self.fields["higher_is"]
            self.fields["breakdown"].help_text = _("It is held against all residents of the area.")
        if kind != "composite":
            del self.fields["weight"]

    def _whom(self) -> list[tuple[str, str]]:
        """The usual ones, and a crossed one that a file brought in."""
        usual = breaking_down.usual()
        own = self["breakdown"].value()
        is_more = own and own not in dict(usual) and breaking_down.is_known(own)
        return [*usual, (own, breaking_down.label(own))] if is_more else usual

    def has_changed(self) -> bool:
        """Whether anything was chosen: a row of usual values is empty, and nothing is asked of it."""
        return any(self[name].data for name in ("indicator", "higher_is", "period") if name in self.fields)

    def said(self) -> dict[str, Any] | None:
        """For `Steps`; None of a row that is empty."""
        found = {name: value for name, value in self.cleaned_data.items() if value not in {"", None}}
        return found if "indicator" in found else None


class FactsForm(IndicatorForm):
    """What the figures of a recipe are for ever; the steps decide their unit and often the direction."""

    class Meta(IndicatorForm.Meta):
        """All but the unit."""

        fields = ["theme", "code", "direction", "digits", "responsible"]

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.initial.setdefault("digits", DIGITS.get(kind, 1))
        if kind in DIRECTIONS:
            del self.fields["direction"]

    def facts(self) -> dict[str, Any]:
        """As an entry of a file says them."""
        return {"direction": DIRECTIONS.get(self.kind)} | self.cleaned_data


class WordsForm(VersionForm):
    """What a version of a recipe says: its purpose, and all that the catalogue wants of an indicator."""

    levels = breakdowns = None  # type: ignore[assignment]  # the steps decide them
    purpose_el = forms.CharField(
        label=gettext_lazy("what it is for"), widget=forms.Textarea(attrs={"rows": 3})
    )
    purpose_en = forms.CharField(
        label=gettext_lazy("what it is for, in English"), widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("name_el", "name_en", "purpose_el", "purpose_en", "definition_el", "definition_en")

    class Meta(VersionForm.Meta):
        """All that is written and does not follow from the steps."""

        fields = list(source.WORDS)

    def __init__(self, *args: Any, after: IndicatorVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._after = after

    def clean_valid_from(self) -> Any:
        """Later than the version before."""
        since = self.cleaned_data["valid_from"]
        if self._after is not None and since <= self._after.valid_from:
            raise ValidationError(_("A version comes into force later than the one before it."))
        return since

    def words(self) -> dict[str, Any]:
        """As an entry of a file says them."""
        first = {"change_el": "", "change_en": ""}
        return first | self.cleaned_data


class Sheet:
    """The whole page: what is asked, what was typed, and what is wrong with it."""

    def __init__(
        self,
        kind: Kind,
        *,
        data: QueryDict | None = None,
        do: str = STORE,
        indicator: Indicator | None = None,
        after: IndicatorVersion | None = None,
        held: IndicatorVersion | None = None,
    ) -> None:
        """Read what was typed, or begin from what there is.

        Args:
            kind: of the steps.
            data: what was typed.
            do: to store it everything is judged, to try it the steps alone; for more rows nothing is.
            indicator: whose version is written; none of a new recipe.
            after: the version before.
            held: the version that is put right.
        """
        told = held or after
        steps = told.recipe.steps if told else {"inputs": []}
        self.kind, self.indicator = kind, indicator
        self.typed: dict[str, Any] = data.dict() if data is not None else {}
        self.judged = None if do == MORE else data
        self.method = StepsForm(self.judged, kind=kind, initial=steps | self.typed)
        self.inputs = self._rows(steps["inputs"], MORE_ROWS if do == MORE else 0)
        words = data if do == STORE else None
        self.facts = None if indicator else FactsForm(words, kind=kind, initial=self.typed)
        begun = {name: getattr(told.recipe, name) for name in PURPOSES} if told else usual()
        self.words = WordsForm(
            words, instance=held, before=None if held else after, after=after, initial=begun | self.typed
        )
        self.steps = self._steps() if self.judged is not None else None

    @property
    def forms(self) -> list[forms.Form | forms.ModelForm[Any]]:
        """In the order of the page."""
        return [self.method, *self.inputs, *([self.facts] if self.facts else []), self.words]

    @property
    def may_have_more(self) -> bool:
        """Whether another row has a place."""
        return self.kind == "composite" and len(self.inputs) < MOST_INPUTS

    def is_valid(self) -> bool:
        """Everything is there and holds together; what does not is said at its field."""
        words = [one.is_valid() for one in (self.facts, self.words) if one is not None]
        return self.steps is not None and all(words)

    def version(self) -> dict[str, Any]:
        """As an entry of a file says it."""
        if self.steps is None:
            raise ValueError("steps that do not hold are not stored")
        return self.words.words() | {"steps": self.steps.model_dump()}

    def _rows(self, held: Sequence[dict[str, Any]], more: int) -> list[InputForm]:
        number = FEWEST[self.kind]
        if self.kind == "composite":
            said = self.typed.get(ROWS, "")
            begun = max(FIRST_ROWS, len(held) + 1)
            number = max(int(said), number) if said.isdecimal() and len(said) < 4 else begun
        catalogue = _catalogue()
        return [
            self._row(at, catalogue, held[at] if at < len(held) else {})
            for at in range(min(number + more, MOST_INPUTS))
        ]

    def _row(self, at: int, catalogue: Sequence[IndicatorVersion], held: dict[str, Any]) -> InputForm:
        prefix = f"input{at}"
        typed = {
            name.removeprefix(f"{prefix}-"): value
            for name, value in self.typed.items()
            if name.startswith(f"{prefix}-")
        }
        choices = _choices(catalogue, _units(self.kind, at))
        row = InputForm(self.judged, prefix=prefix, kind=self.kind, choices=choices, initial=held | typed)
        row.legend = _legend(self.kind, at)
        return row

    def _steps(self) -> Steps | None:
        if not all(one.is_valid() for one in (self.method, *self.inputs)):
            return None
        rows = [(one, said) for one in self.inputs if (said := one.said())]
        said = {"kind": self.kind, "inputs": [said for _row, said in rows]} | self.method.cleaned_data
        try:
            steps = Steps.model_validate(said)
        except StepsRefusedError as refusal:
            for fault in refusal.errors():
                self._show(fault, [row for row, _said in rows])
            return None
        return steps if self._fits(steps, [row for row, _said in rows]) else None

    def _show(self, fault: ErrorDetails, rows: Sequence[InputForm]) -> None:
        """A fault of the steps, at the field where it can be put right."""
        match fault["loc"]:
            case ("inputs", int(at), str(name)):
                rows[at].add_error(name, _sentence(fault, name, self.kind))
            case (str(name),) if name in self.method.fields:
                self.method.add_error(name, _sentence(fault, name, self.kind))
            case _ if fault["type"] == "no_weight":
                self.method.add_error("weighting", _sentence(fault, "weighting", self.kind))
            case _:
                name = "period" if fault["type"] == "no_period" else "indicator"
                self._where(fault["type"], rows).add_error(name, _sentence(fault, name, self.kind))

    def _where(self, fault: str, rows: Sequence[InputForm]) -> InputForm:
        """The row that is to be changed: the second of two alike, the first that is empty."""
        if fault == "twice":
            codes = [row.cleaned_data["indicator"] for row in rows]
            return next(row for at, row in enumerate(rows) if codes[at] in codes[:at])
        empty = [row for row in self.inputs if row not in rows]
        return empty[0] if empty and fault != "no_period" else self.inputs[0]

    def _fits(self, steps: Steps, rows: Sequence[InputForm]) -> bool:
        """Whether the catalogue bears it: no circle, and the unit that the recipe's figures have."""
        if self.indicator is None:
            return True
        round_about = source.circle(self.indicator.code, steps)
        for row in rows:
            if row.cleaned_data["indicator"] in round_about:
                row.add_error(
                    "indicator", _("It is made of this very indicator: a recipe cannot take itself in.")
                )
        is_same = steps.unit == self.indicator.unit
        if not is_same:
            name = next((one for one in ("per", "normalisation") if one in self.method.fields), None)
            self.method.add_error(name, _of_units(self.indicator, steps))
        return is_same and not round_about


def _catalogue() -> list[IndicatorVersion]:
    """The latest version of every indicator, in the catalogue's order. One query."""
    rows = IndicatorVersion.objects.select_related("indicator").order_by("indicator__order", "number")
    return list({version.indicator.code: version for version in rows}.values())


def _units(kind: Kind, at: int) -> Sequence[str]:
    """Of what may go in at this place: a rate counts, a take-up counts persons and takes a share."""
    if kind == "take_up":
        return [Unit.PERSONS] if at == 0 else [Unit.PERCENT]
    return Unit.values if kind in DIRECTIONS else COUNTS


def _legend(kind: Kind, at: int) -> str:
    if kind == "take_up":
        return _("The share in need of it") if at else _("What is counted")
    return _("Input %(number)s") % {"number": at + 1} if kind == "composite" else _("What goes in")


def _choices(catalogue: Sequence[IndicatorVersion], units: Sequence[str]) -> list[Any]:
    """Names with their codes, by theme; a theme without any is left out."""
    of_theme: dict[str, list[tuple[str, str]]] = {str(label): [] for label in Theme.labels}
    for one in catalogue:
        if one.indicator.unit in units:
            code = one.indicator.code
            of_theme[str(one.indicator.get_theme_display())].append((code, f"{one.name} ({code})"))
    return [(label, found) for label, found in of_theme.items() if found]


def _of_units(indicator: Indicator, steps: Steps) -> str:
    return _(
        "The figures of this recipe are told in “%(held)s”, these would be in “%(new)s”: write a recipe "
        "with a code of its own."
    ) % {"held": indicator.get_unit_display(), "new": Unit(steps.unit).label}


def _sentence(fault: ErrorDetails, name: str, kind: Kind) -> str:
    """A fault of `Steps` in the reader's language; one that is not known here in its own words."""
    if name == "indicator" and fault["type"] in {"few_inputs", "too_short"}:
        return (
            _("A composite index needs at least two.") if kind == "composite" else _("Choose an indicator.")
        )
    said = {
        "twice": _("It stands among the inputs already."),
        "no_period": _("One input at least has no period of its own: leave this one empty."),
        "no_weight": _("At least one weight must be above zero."),
        "string_pattern_mismatch": _("This is no period: write 2021, 2021-12, 2021-Q4 or {before}-12."),
        "greater_than_equal": _("From 0 to 1.") if name == "correlation" else _("A weight is 0 or more."),
        "less_than_equal": _("From 0 to 1."),
    }
    return said.get(fault["type"], fault["msg"])
