"""The small forms of the back office: list, status, answers, completeness, the confidential place."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import Body
from entaxis.directory.choices import STANDING, STOPS, Status
from entaxis.directory.confidential import SHORTEST_PURPOSE, Place
from entaxis.directory.models import ErrorReport, KindCompleteness, Structure
from entaxis.directory.office.betrayal import refuse_names_of_places
from entaxis.geography.models import Area, Level
from entaxis.vocabularies.models import Term, Vocabulary
from entaxis.vocabularies.queries import terms

FURTHEST: Final = timedelta(days=5 * 366)  # of a day that is written down
FRESHNESS = [
    ("", gettext_lazy("Any")),
    ("old", gettext_lazy("Not confirmed for half a year")),
    ("reported", gettext_lazy("With open reports")),
    ("bare", gettext_lazy("Without contact, hours or services")),
]


class ListForm(forms.Form):
    """What the list is narrowed to; a value that means nothing narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    kind = forms.ModelChoiceField(queryset=Term.objects.none(), required=False, label=gettext_lazy("Kind"))
    municipality = forms.ModelChoiceField(
        queryset=Area.objects.none(),
        required=False,
        to_field_name="code",
        label=gettext_lazy("Municipality"),
    )
    body = forms.ModelChoiceField(
        queryset=Body.objects.none(), required=False, label=gettext_lazy("Responsible body")
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False, choices=[("", gettext_lazy("Any")), *Status.choices]
    )
    freshness = forms.ChoiceField(label=gettext_lazy("Freshness"), required=False, choices=FRESHNESS)

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
        rows: dict[str, Any] = {
            "kind": terms(Vocabulary.Name.STRUCTURE_KINDS),
            "municipality": inside.order_by("name_el"),
            "body": Body.objects.filter(region=region).order_by("name_el", "pk"),
        }
        for name, queryset in rows.items():
            field: Any = self.fields[name]
            field.queryset, field.empty_label = queryset, _("Any")


class StatusForm(forms.Form):
    """A new status and what readers are told about it."""

    status = forms.ChoiceField(
        label=gettext_lazy("status"),
        choices=[choice for choice in Status.choices if choice[0] != Status.MERGED],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label=gettext_lazy("suspended or closed from"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: from today. Until a day to come readers find it, with a notice."),
    )
    until = forms.DateField(
        label=gettext_lazy("receives people again on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Of a suspended one: on this day it is shown again by itself. Empty: we ask every two months."
        ),
    )
    note_el = forms.CharField(
        label=gettext_lazy("note for the readers"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Why it is suspended or closed, and where to go instead."),
    )
    note_en = forms.CharField(
        label=gettext_lazy("note for the readers, in English"), max_length=300, required=False
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure = structure

    def clean(self) -> dict[str, Any]:
        """What readers are told does not say where a confidential structure is; days follow each other."""
        cleaned = super().clean() or {}
        self._clean_days(cleaned)
        if self.structure.is_confidential:
            refuse_names_of_places(self, ("note_el", "note_en"), self.structure.region)
        return cleaned

    def _clean_days(self, said: dict[str, Any]) -> None:
        today = timezone.localdate()
        status, since, until = said.get("status"), said.get("since"), said.get("until")
        if status not in STOPS:
            said["since"] = said["until"] = None
            return
        if since and since > today and self.structure.status not in STANDING:
            self.add_error(
                "since", _("Readers do not see this entry: a day to come means nothing to them.")
            )
        if since and abs(since - today) > FURTHEST:
            self.add_error("since", _("Choose a day within five years."))
        if status != Status.SUSPENDED:
            said["until"] = None
        elif until and until <= max(today, since or today):
            self.add_error("until", _("It comes back on a later day than it stops, and later than today."))
        elif until and until - today > FURTHEST:
            self.add_error("until", _("Choose a day within five years."))


class AnswerForm(forms.ModelForm[ErrorReport]):
    """What became of a report."""

    class Meta:
        """The answer goes to who left an address, and stays here."""

        model = ErrorReport
        fields = ["state", "answer"]
        widgets = {"state": forms.RadioSelect, "answer": forms.Textarea({"rows": 3, "maxlength": 1000})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        done = [choice for choice in ErrorReport.State.choices if choice[0] != ErrorReport.State.OPEN]
        self.fields["state"].choices = done  # type: ignore[attr-defined]
        self.initial["state"] = None


class CompletenessForm(forms.Form):
    """How well one kind is registered in each municipality."""

    as_of = forms.DateField(
        label=gettext_lazy("as of"),
        initial=timezone.localdate,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    source = forms.CharField(
        label=gettext_lazy("source"),
        max_length=200,
        help_text=gettext_lazy("Who says so: a letter of the municipality, a register, a visit."),
    )

    def __init__(
        self, *args: Any, municipalities: list[Area], states: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.municipalities = municipalities
        for area in municipalities:
            self.fields[f"state_{area.pk}"] = forms.ChoiceField(
                label=area.name,
                choices=KindCompleteness.State,
                initial=states.get(area.pk, KindCompleteness.State.UNKNOWN),
            )

    def states(self) -> dict[Area, str]:
        """What was chosen for each municipality."""
        return {area: self.cleaned_data[f"state_{area.pk}"] for area in self.municipalities}

    def clean_as_of(self) -> Any:
        """Nobody knows the future."""
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class PurposeForm(forms.Form):
    """Why somebody wants to see or change a confidential place; it is kept."""

    purpose = forms.CharField(
        label=gettext_lazy("purpose"),
        min_length=SHORTEST_PURPOSE,
        max_length=300,
        help_text=gettext_lazy("It is kept with your name and the time, and cannot be removed."),
    )


class PlaceForm(PurposeForm):
    """Where a confidential structure is. Written into the sealed schema, shown in no history."""

    municipality = forms.ModelChoiceField(queryset=Area.objects.none(), label=gettext_lazy("municipality"))
    street = forms.CharField(label=gettext_lazy("street"), max_length=120, required=False)
    street_number = forms.CharField(label=gettext_lazy("number"), max_length=16, required=False)
    postal_code = forms.RegexField(
        r"^[0-9]{5}$",
        label=gettext_lazy("postal code"),
        required=False,
        error_messages={"invalid": gettext_lazy("A postal code has five digits.")},
    )
    locality = forms.CharField(label=gettext_lazy("town or village"), max_length=120, required=False)
    latitude = forms.FloatField(
        label=gettext_lazy("latitude"), required=False, min_value=34.7, max_value=41.8, localize=True
    )
    longitude = forms.FloatField(
        label=gettext_lazy("longitude"), required=False, min_value=19.2, max_value=29.8, localize=True
    )
    note = forms.CharField(
        label=gettext_lazy("note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
        self.fields["municipality"].queryset = inside.order_by("name_el")  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """A point has two numbers."""
        cleaned = super().clean() or {}
        if (cleaned.get("latitude") is None) is not (cleaned.get("longitude") is None) and not self.errors:
            self.add_error("latitude", _("A point has both a latitude and a longitude."))
        return cleaned

    def place(self) -> Place:
        """What was written."""
        data = self.cleaned_data
        point = None
        if data["latitude"] is not None:
            point = Point(data["longitude"], data["latitude"], srid=4326)
        texts = {
            name: data[name] for name in ("street", "street_number", "postal_code", "locality", "note")
        }
        return Place(data["municipality"].pk, point, **texts)


def initial_of(place: Place | None) -> dict[str, Any]:
    """A known place as the form's first values."""
    if place is None:
        return {}
    point = {"latitude": place.point.y, "longitude": place.point.x} if place.point else {}
    return vars(place) | point | {"municipality": place.municipality_id}
