"""Forms of the room's office."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entaxis.core import uploads
from entaxis.geography.models import Area
from entaxis.sources.importing import values
from entaxis.sources.importing.columns import FIELDS
from entaxis.sources.importing.tables import FIELDS as TABLE_FIELDS
from entaxis.sources.models import BenefitParameters, Mapping, Measure, PlaceQuestion, Source

MEGABYTES = 50


class SourceForm(forms.ModelForm[Source]):
    """Who gives us figures, under which terms."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        """Everything a person writes."""

        model = Source
        fields = ["name_el", "name_en", "kind", "key", "publisher", "licence", "frequency", "website"]
        help_texts = {
            "key": _("Latin letters, digits and hyphens; files are brought in under it."),
            "licence": _("Under which terms we may use it."),
        }

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        if self.instance.pk:
            del self.fields["kind"], self.fields["key"]

    def clean_key(self) -> str:
        """A key stands once in a region."""
        key: str = self.cleaned_data["key"]
        if Source.objects.filter(region=self.instance.region, key=key).exists():
            raise forms.ValidationError(gettext("The region has a source of this key already."))
        return key


class ReadingForm(forms.Form):
    """What headings mean, and how cells are read."""

    columns = forms.CharField(
        label=_("Headings that are not understood by themselves"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "One a line: heading = field, as the fields below are called. "
            "Nothing behind the sign: the column is left out."
        ),
    )
    decimal = forms.ChoiceField(
        label=_("What parts decimals"),
        choices=[("", _("the column tells")), (",", _("a comma")), (".", _("a point"))],
        required=False,
    )
    leave_out_totals = forms.BooleanField(label=_("Leave rows of totals out"), required=False)
    numbers_optional = forms.BooleanField(
        label=_("Rows without AMKA and AFM are persons too"), required=False
    )
    amount_of_household = forms.BooleanField(
        label=_("Each member's row repeats the household's amount"), required=False
    )

    def __init__(self, *args: Any, source: Source, latest: Mapping | None, **kwargs: Any) -> None:
        if latest is not None:
            kwargs.setdefault("initial", {**latest.options})
        super().__init__(*args, **kwargs)
        self.known = [(field.key, str(field.name)) for field in FIELDS]
        if not source.holds_persons:
            measures = Measure.objects.all()
            self.known = [(key, str(name)) for key, name in TABLE_FIELDS.items()]
            self.known += [(f"measure:{each.key}", str(each)) for each in measures]
            del self.fields["numbers_optional"], self.fields["amount_of_household"]
        if latest is not None:
            names = dict(self.known)
            lines = (f"{heading} = {names.get(key, key)}" for heading, key in latest.columns.items())
            self.initial.setdefault("columns", "\n".join(lines))

    def clean_columns(self) -> dict[str, str]:
        """Heading → field."""
        said: dict[str, str] = {}
        fields = (
            {"": ""}
            | {name.casefold(): key for key, name in self.known}
            | {key: key for key, _ in self.known}
        )
        for line in self.cleaned_data["columns"].splitlines():
            heading, sign, field = (part.strip() for part in line.rpartition("="))
            if not line.strip():
                continue
            key = fields.get(field, fields.get(field.casefold()))
            if not sign or not heading or key is None:
                raise forms.ValidationError(gettext("Not understood: “%(line)s”.") % {"line": line[:80]})
            said[heading] = key
        return said

    @property
    def options(self) -> dict[str, Any]:
        """How cells are read."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "columns"}


class UploadForm(forms.Form):
    """A file of a source."""

    table = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or XLSX, up to 50 MB. It stays in memory while it is read and is kept nowhere."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    since = forms.CharField(
        label=_("First month"),
        required=False,
        max_length=20,
        help_text=_("As 2024-01. Empty: the file tells."),
    )
    until = forms.CharField(label=_("Last month"), required=False, max_length=20)

    def clean_table(self) -> "UploadedFile[bytes]":
        """Judged by what it holds."""
        table: UploadedFile[bytes] = self.cleaned_data["table"]
        try:
            uploads.check(table, allowed=("xlsx", "csv"), megabytes=MEGABYTES)
        except uploads.UploadRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return table

    def clean(self) -> dict[str, Any]:
        """Both months or neither, in their order."""
        cleaned = super().clean() or {}
        for name in ("since", "until"):
            if cleaned.get(name):
                try:
                    cleaned[name] = values.month(cleaned[name])
                except values.Fault:
                    self.add_error(name, gettext("Not a month. Write it as 2024-03."))
        first, last = cleaned.get("since"), cleaned.get("until")
        if bool(first) != bool(last):
            self.add_error("until", gettext("Give both months or neither."))
        elif first and last and not self.errors and last < first:
            self.add_error("until", gettext("The last month lies before the first."))
        return cleaned

    @property
    def period(self) -> tuple[date, date] | None:
        """The stated months."""
        since = self.cleaned_data["since"]
        return (since, self.cleaned_data["until"]) if since else None


class PlaceForm(forms.Form):
    """Which municipality a way of writing means."""

    place = forms.ChoiceField(label=_("Municipality"))

    def __init__(self, data: Any = None, *, question: PlaceQuestion, municipalities: list[Area]) -> None:
        # each must be decided, yet some may be saved before the others
        super().__init__(
            data,
            prefix=f"q{question.pk}",
            initial={"place": _decided(question)},
            empty_permitted=True,
            use_required_attribute=False,
        )
        self.question = question
        self.municipalities = {str(area.pk): area for area in municipalities}
        meant = {area.pk for area in question.candidates.all()}
        likely = [(str(area.pk), area.name) for area in municipalities if area.pk in meant]
        others = [(str(area.pk), area.name) for area in municipalities if area.pk not in meant]
        field = self.fields["place"]
        field.label = question.text
        field.choices = [  # type: ignore[attr-defined]  # a field of choices
            ("", "—"),
            ("out", gettext("leave its rows out")),
            *([(gettext("Probably"), likely)] if likely else []),
            (gettext("Municipalities"), others),
        ]
        self.elsewhere = [
            area.name for area in question.candidates.all() if str(area.pk) not in self.municipalities
        ]

    @property
    def area(self) -> Area | None:
        """The chosen municipality; None: its rows are left out."""
        return self.municipalities.get(self.cleaned_data["place"])


def _decided(question: PlaceQuestion) -> str:
    return "out" if question.is_left_out else str(question.area_id or "")


class AmountsForm(forms.ModelForm[BenefitParameters]):
    """The amounts of a benefit, with the text they stand in."""

    class Meta:
        """Everything a person writes."""

        model = BenefitParameters
        fields = [
            "kind",
            "valid_from",
            "first_adult_euro",
            "further_adult_euro",
            "minor_euro",
            "income_limit_months",
            "citation",
        ]
        widgets = {"valid_from": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in Source.OF_PERSONS]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a field of choices
