"""Other weights to try, and a run of a recipe."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entaxis.indicators.harmonisation.steps import Steps

WEIGHT = "w_"
NORMALISATIONS = [
    ("minmax", _("from the lowest to the highest value")),
    ("z", _("standard deviations from the mean")),
]
AGGREGATIONS = [
    ("arithmetic", _("arithmetic mean: a good value makes up for a bad one")),
    ("geometric", _("geometric mean: it makes up less")),
]


class DecimalField(forms.FloatField):
    """A number however it is written: a half is 0,5 in Greek and 0.5 in a shared address."""

    def to_python(self, value: Any) -> Any:
        """The number; a comma is a decimal sign, as nothing here counts in thousands."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class TrialForm(forms.Form):
    """Weights of an index that a reader tries; they stand in the address."""

    def __init__(self, *args: Any, steps: Steps, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in steps.inputs:
            self.fields[f"{WEIGHT}{one.indicator}"] = DecimalField(
                label=names.get(one.indicator, one.indicator),
                min_value=0,
                max_value=100,
                initial=one.weight if steps.weighting == "expert" else 1,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )
        self.fields["scale"] = forms.ChoiceField(
            label=_("Scale"), choices=NORMALISATIONS, initial=steps.normalisation
        )
        self.fields["mean"] = forms.ChoiceField(
            label=_("Mean"), choices=AGGREGATIONS, initial=steps.aggregation
        )
        self._steps = steps

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of weights."""
        return [field for field in self if field.name.startswith(WEIGHT)]

    def clean(self) -> dict[str, Any]:
        """At least one weight is above zero."""
        cleaned = super().clean() or {}
        weights = [value for name, value in cleaned.items() if name.startswith(WEIGHT)]
        if len(weights) == len(self._steps.inputs) and not sum(weights):
            self.add_error(None, _("At least one weight must be above zero."))
        return cleaned

    def tried(self) -> Steps:
        """The recipe's steps with what was asked for."""
        cleaned = self.cleaned_data
        said = self._steps.model_dump() | {
            "weighting": "expert",
            "normalisation": cleaned["scale"],
            "aggregation": cleaned["mean"],
        }
        for one in said["inputs"]:
            one["weight"] = cleaned[f"{WEIGHT}{one['indicator']}"]
        return Steps.model_validate(said)


class RunForm(forms.Form):
    """A period for which every input is published, and why where figures are public already."""

    period = forms.ChoiceField(label=_("Period"))
    note = forms.CharField(
        label=_("What it corrects and why (where figures of this period are public already)"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note_en = forms.CharField(
        label=_("The same in English"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, periods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(one, one) for one in periods]  # type: ignore[attr-defined]
