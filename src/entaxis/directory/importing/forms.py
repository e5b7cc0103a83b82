"""Forms of the import's pages."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from entaxis.core import uploads
from entaxis.directory.importing import places
from entaxis.directory.importing.columns import COLUMNS, recognised
from entaxis.directory.importing.problems import RowProblem
from entaxis.directory.importing.values import ValueFault
from entaxis.directory.models import ImportRun, ImportSource
from entaxis.geography.models import Area

ENCODINGS = [
    ("", _("find it out")),
    ("utf-8", "UTF-8"),
    ("cp1253", "Windows-1253"),
    ("iso8859-7", "ISO-8859-7"),
]


class UploadForm(forms.Form):
    """A table and whose it is."""

    table = forms.FileField(
        label=_("Table"),
        allow_empty_file=True,
        help_text=_("XLSX or CSV, up to 20 MB and 50,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=64,
        help_text=_(
            "Who gave the table. The meaning of its headings and the codes of its rows are kept for it."
        ),
    )
    encoding = forms.ChoiceField(label=_("Encoding of a CSV"), choices=ENCODINGS, required=False)
    sheet = forms.CharField(
        label=_("Sheet of a workbook"), max_length=60, required=False, help_text=_("Empty: the first one.")
    )

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = list(ImportSource.objects.filter(region=region).values_list("name", flat=True))
        self.fields["source"].widget.attrs["list"] = "sources"

    def clean_table(self) -> "UploadedFile[bytes]":
        """Judged by what it holds."""
        table: UploadedFile[bytes] = self.cleaned_data["table"]
        try:
            uploads.check(table, allowed=("xlsx", "csv"))
        except uploads.UploadRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return table


class HeadingsForm(forms.Form):
    """What each heading of the table means."""

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        understood = {**recognised(run.headings), **run.source.mapping}
        choices = [("", _("leave it out")), *((column.key, column.heading) for column in COLUMNS)]
        self._headings = {f"heading_{n}": heading for n, heading in enumerate(run.headings) if heading}
        for name, heading in self._headings.items():
            self.fields[name] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=understood.get(heading, "")
            )

    @property
    def mapping(self) -> dict[str, str]:
        """Heading → key of a column, empty where it is left out."""
        return {heading: self.cleaned_data[name] for name, heading in self._headings.items()}


class PointForm(forms.Form):
    """Where a row's structure lies, by coordinates: the way without a mouse."""

    latitude = forms.CharField(label=_("Latitude"), max_length=20, help_text=_("For example 39.3622"))
    longitude = forms.CharField(label=_("Longitude"), max_length=20, help_text=_("For example 22.9423"))

    def clean(self) -> dict[str, Any]:
        """A point in Greece, in degrees or on the Greek Grid."""
        cleaned = super().clean() or {}
        if cleaned.get("latitude") and cleaned.get("longitude"):
            try:
                cleaned["point"] = places.point_of(cleaned["latitude"], cleaned["longitude"])
            except ValueFault as fault:
                facts = {name: value for name, value in fault.facts.items() if name != "column"}
                self.add_error("latitude", str(RowProblem(fault.key, facts)))
        return cleaned
