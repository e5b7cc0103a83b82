"""What somebody fills in who wants to be called."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entaxis.directory import telephone
from entaxis.directory.callbacks.actions import Number
from entaxis.directory.guards import Guarded
from entaxis.directory.models import Callback
from entaxis.geography.models import Area, Level

SHORTEST = 6  # characters of a number that can be called from outside


class CallbackForm(Guarded, forms.ModelForm[Callback]):
    """A number, when, in which language. Why is not asked: nothing about it shall be written down."""

    SALT = "directory.callback"
    MOST_AN_HOUR = 10

    telephone = forms.CharField(
        label=_("your telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    name = forms.CharField(
        label=_("how shall we call you?"),
        max_length=60,
        required=False,
        help_text=_("A first name is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    municipality = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("your municipality"),
        required=False,
        empty_label=_("I would rather not say"),
        help_text=_("Its social service calls you; otherwise the Observatory does."),
    )

    class Meta:
        """What the open row holds."""

        model = Callback
        fields = ["municipality", "best_time", "language", "discretion"]
        widgets = {"best_time": forms.RadioSelect, "discretion": forms.RadioSelect}

    field_order = ["telephone", "name", "municipality", "best_time", "language", "discretion"]

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
        self.fields["municipality"].queryset = inside.order_by("name_el")  # type: ignore[attr-defined]

    def clean_telephone(self) -> str:
        """A number that can be called, in one form."""
        number = telephone.normalised(self.cleaned_data["telephone"])
        if len(number) < SHORTEST:
            raise forms.ValidationError(_("Write a whole number, ten digits: 2421 012345."))
        return number

    def clean(self) -> dict[str, Any]:
        """Not too many from one place."""
        cleaned = super().clean() or {}
        if not self.errors and not self.counted():
            raise forms.ValidationError(
                _("Many calls were asked for from here within the hour. Please call a help line instead.")
            )
        return cleaned

    def number(self) -> Number:
        """Whom to call."""
        return Number(self.cleaned_data["telephone"], self.cleaned_data["name"])


class CallForm(forms.Form):
    """What became of one call."""

    outcome = forms.ChoiceField(
        label=_("what became of it"),
        choices=[
            ("attempt", _("Nobody picked up: we try again")),
            (Callback.State.REACHED, _("We spoke")),
            (Callback.State.NOT_REACHED, _("We stop: the person cannot be reached")),
        ],
        widget=forms.RadioSelect,
    )
