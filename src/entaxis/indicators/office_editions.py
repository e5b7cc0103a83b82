"""The Observatory's pages of survey editions: what is sealed, what comes in, what was computed of it."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import person_of, region_of
from entaxis.core import uploads
from entaxis.indicators import actions, problems, receiving, tasks
from entaxis.indicators.models import Edition, EditionUpload, Release
from entaxis.sources import memory

MEGABYTES: Final = 50
DESCRIPTION_MB: Final = 1
A_PAGE: Final = 20


class EditionForm(forms.Form):
    """A survey's frozen file and the TOML that says what its columns mean."""

    table = forms.FileField(
        label=gettext_lazy("File, one row a person"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "Parquet or CSV, up to 50 MB. It is sealed at once and touches no disk on its way."
        ),
        widget=forms.FileInput(attrs={"accept": ".parquet,.csv,.txt"}),
    )
    description = forms.FileField(
        label=gettext_lazy("Description (TOML)"),
        allow_empty_file=True,
        help_text=gettext_lazy("Design, weights, columns, codes and the national line of the edition."),
        widget=forms.FileInput(attrs={"accept": ".toml,.txt"}),
    )

    def clean_table(self) -> "UploadedFile[bytes]":
        """Judged by what it holds."""
        return self._allowed("table", ("parquet", "csv"), MEGABYTES)

    def clean_description(self) -> str:
        """Its text."""
        file = self._allowed("description", ("text",), DESCRIPTION_MB)
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The description is not written in UTF-8.")) from None

    def _allowed(self, name: str, kinds: tuple[str, ...], megabytes: int) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data[name]
        try:
            uploads.check(file, allowed=kinds, megabytes=megabytes)
        except uploads.UploadRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return file


class EstimateForm(forms.Form):
    """A release from an edition; a note where it corrects what is public."""

    note = forms.CharField(
        label=gettext_lazy("What it corrects and why (where figures of this edition are public already)"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    note_en = forms.CharField(
        label=gettext_lazy("The same in English"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, supersedes: Release | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = supersedes is not None


def office_editions(request: HttpRequest) -> HttpResponse:
    """The editions of the region, the last files that came in, and the form for another."""
    return _editions_page(request, EditionForm())


@memory.kept_in_memory
def upload(request: HttpRequest) -> HttpResponseBase:
    """Seal a file; a worker reads it."""
    form = EditionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _editions_page(request, form, status=422)
    table = form.cleaned_data["table"]
    try:
        with transaction.atomic():
            made = receiving.receive(
                region=region_of(request),
                file_name=uploads.safe_name(table.name or ""),
                content=table.read(),
                specification=form.cleaned_data["description"],
                by=person_of(request),
            )
            tasks.read_upload.defer(upload=made.pk)
    except problems.EditionRefusedError as refusal:
        form.add_error("description", str(refusal))
        return _editions_page(request, form, status=422)
    finally:
        table.close()
    return redirect("indicators:office-upload", pk=made.pk)


def office_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is that came in, and what was found."""
    return render(request, "indicators/office_upload.html", _upload_context(request, pk))


def office_upload_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, for scripts."""
    return render(request, "indicators/_upload.html", _upload_context(request, pk))


def office_estimate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One edition, its releases, and – as a task – another candidate."""
    edition = get_object_or_404(
        Edition.objects.select_related("imported_by"), pk=pk, region=region_of(request)
    )
    public = edition.releases.public().order_by("-published_at").first()
    form = EstimateForm(request.POST or None, supersedes=public)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            release = actions.begin(
                edition=edition, by=person_of(request), supersedes=public, **form.cleaned_data
            )
            tasks.estimate_release.defer(release=release.pk)
        messages.success(request, _("The figures are being computed."))
        return redirect("indicators:office-release", pk=release.pk)
    context = {
        "edition": edition,
        "notes": [problems.noticed(note) for note in edition.notes],
        "releases": edition.releases.select_related("created_by"),
        "public": public,
        "form": form,
        "trail": _trail(edition.title),
    }
    return render(request, "indicators/office_estimate.html", context, status=422 if form.errors else 200)


def _editions_page(request: HttpRequest, form: EditionForm, *, status: int = 200) -> HttpResponse:
    region = region_of(request)
    editions = Edition.objects.filter(region=region).prefetch_related("releases")
    context = {
        "form": form,
        "page": Paginator(editions, A_PAGE).get_page(request.GET.get("page")),
        "uploads": EditionUpload.objects.filter(region=region).exclude(state=EditionUpload.State.TAKEN)[
            :A_PAGE
        ],
        "trail": _trail(),
    }
    return render(request, "indicators/office_editions.html", context, status=status)


def _upload_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = EditionUpload.objects.select_related("edition", "uploaded_by")
    found = get_object_or_404(rows, pk=pk, region=region_of(request))
    edition = found.edition
    return {
        "upload": found,
        "refusal": problems.told(found.refusal),
        "notes": [problems.noticed(note) for note in edition.notes] if edition else [],
        "trail": _trail(found.file_name),
    }


def _trail(title: str = "") -> list[dict[str, str]]:
    trail = [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Survey editions"), "url": reverse("indicators:office-editions")},
    ]
    return [*trail, {"title": title, "url": ""}] if title else trail
