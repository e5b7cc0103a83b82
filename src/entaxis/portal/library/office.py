"""The library in the back office: the list, a document with its versions and status, who changed what."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.core.uploads import UploadRefusedError
from entaxis.portal.http import person_of, region_of, trail
from entaxis.portal.library import actions
from entaxis.portal.library.forms import FileForm, StudyForm
from entaxis.portal.library.reading import FileProblem
from entaxis.portal.library.views import file_response
from entaxis.portal.models import Study, StudyFile

A_PAGE: Final = 30
MOST_CHANGES: Final = 100
LOOK_AGAIN_SECONDS: Final = 3
SILENT: Final = {
    "id",
    "region",
    "revision",
    "last_modified",
    "authors_fold",
    "is_synthetic",
    "published_at",
}


class ListForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=gettext_lazy("status"),
        required=False,
        choices=[("", gettext_lazy("Any")), *Study.Status.choices],
    )


@require(Role.EDITOR)
def studies(request: HttpRequest) -> HttpResponseBase:
    """The documents of the region, whatever their status."""
    form = ListForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = Study.objects.of(region_of(request)).order_by("-last_modified", "pk")
    if wanted.get("q"):
        found = found.filter(title_el__icontains=wanted["q"])
    if wanted.get("status"):
        found = found.filter(status=wanted["status"])
    context = {
        "form": form,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "trail": _trail(),
    }
    return render(request, "portal/library/office_list.html", context)


@require(Role.EDITOR)
def new(request: HttpRequest) -> HttpResponseBase:
    """A new document; it begins as a draft."""
    form = StudyForm(request.POST or None, region=region_of(request))
    if request.method == "POST" and form.is_valid():
        row = actions.save_study(study=form.save(commit=False), seen=0, by=person_of(request))
        messages.success(request, _("Stored as a draft. Add the file, then publish it."))
        return redirect("library:office-study", pk=row.pk)
    context = {"form": form, "title": _("New document"), "trail": _trail((_("New document"), ""))}
    return render(request, "portal/library/office_facts.html", context, status=422 if form.errors else 200)


@require(Role.EDITOR)
def study(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One document: its status, its versions, what it lacks."""
    row = of_region(request, pk)
    response = _entry(request, row, FileForm())
    if row.files.filter(state=StudyFile.State.WAITING).exists():
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _entry(request: HttpRequest, row: Study, form: FileForm, status: int = 200) -> HttpResponse:
    files = [(file, _sentence(file)) for file in row.files.select_related("added_by")]
    context = {
        "study": row,
        "files": files,
        "lacking": actions.lacking(row),
        "form": form,
        "trail": _trail((row.title, "")),
    }
    return render(request, "portal/library/office_study.html", context, status=status)


def _sentence(file: StudyFile) -> str:
    """Why a version was refused."""
    return str(FileProblem.from_json(file.problem)) if file.problem else ""


@require(Role.EDITOR)
def facts(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What is written about a document; two editors at once lose nothing."""
    row = of_region(request, pk)
    form = StudyForm(request.POST or None, instance=row, region=region_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_study(
                study=form.save(commit=False), seen=form.cleaned_data["seen"] or 0, by=person_of(request)
            )
        except actions.ConflictError:
            _tell_conflict(form, pk)
        else:
            messages.success(request, _("Stored."))
            return redirect("library:office-study", pk=pk)
    context = {
        "form": form,
        "title": row.title,
        "study": row,
        "trail": _trail((row.title, reverse("library:office-study", args=[pk])), (_("Facts"), "")),
    }
    return render(request, "portal/library/office_facts.html", context, status=422 if form.errors else 200)


def _tell_conflict(form: StudyForm, pk: UUID) -> None:
    """Keep what this person wrote, and say that somebody else wrote as well."""
    form.add_error(
        None,
        _(
            "Somebody else changed this entry while you wrote. Look at its history, then save again: "
            "what stands here will then hold."
        ),
    )
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["seen"] = Study.objects.get(pk=pk).revision  # type: ignore[index]


@require(Role.EDITOR)
def add_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A new version of a document."""
    row = of_region(request, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_file(
                study=row,
                upload=said["file"],
                note_el=said["note_el"],
                note_en=said["note_en"],
                by=person_of(request),
            )
        except UploadRefusedError as refusal:
            form.add_error("file", str(refusal))
        except actions.SameFileError as same:
            form.add_error(
                "file", _("This very file is version %(number)s already.") % {"number": same.number}
            )
    if form.errors:
        return _entry(request, row, form, status=422)
    messages.success(request, _("The file is being read; this takes a moment."))
    return redirect("library:office-study", pk=pk)


@require(Role.EDITOR)
def status(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Publish or withdraw."""
    row = of_region(request, pk)
    if request.POST.get("do") == "withdraw":
        actions.withdraw(study=row, by=person_of(request))
        messages.success(request, _("Readers no longer see it."))
        return redirect("library:office-study", pk=pk)
    try:
        actions.publish(study=row, by=person_of(request))
    except actions.NotReadyError as error:
        for sentence in error.lacking:
            messages.error(request, sentence)
    else:
        messages.success(request, _("Readers see it now."))
    return redirect("library:office-study", pk=pk)


@require(Role.EDITOR)
def download(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A version's file, drafts included."""
    row = of_region(request, pk)
    return file_response(get_object_or_404(row.files, number=number))


@dataclass(frozen=True)
class Change:
    """What one person changed at one moment: (what, before, after)."""

    at: Any
    who: str
    lines: list[tuple[str, str, str]]


@require(Role.EDITOR)
def history(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Who changed what, and when."""
    row = of_region(request, pk)
    context = {
        "study": row,
        "changes": changes(row),
        "trail": _trail((row.title, reverse("library:office-study", args=[pk])), (_("History"), "")),
    }
    return render(request, "portal/library/office_history.html", context)


def changes(row: Study) -> list[Change]:
    """The latest changes of a document, latest first, read from the history the database keeps."""
    events: Any = Study.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    rows = list(
        events.filter(pgh_obj=row.pk).select_related("pgh_context").order_by("-pgh_id")[: MOST_CHANGES + 1]
    )
    people = User.objects.in_bulk([pk for event in rows if (pk := _person(event))])
    names = {str(pk): str(person) for pk, person in people.items()}
    found = []
    for event, former in zip(rows, [*rows[1:], None], strict=True):
        lines = _lines(event, former)
        if lines:
            found.append(Change(event.pgh_created_at, names.get(_person(event), _("the system")), lines))
    return found[:MOST_CHANGES]


def _person(event: Any) -> str:
    return str(event.pgh_context.metadata.get("user") or "") if event.pgh_context else ""


def _lines(event: Any, former: Any) -> list[tuple[str, str, str]]:
    lines = []
    for column in Study._meta.concrete_fields:
        if column.name in SILENT:
            continue
        after = _written(event, column)
        before = _written(former, column) if former else ""
        if before != after:
            lines.append((str(capfirst(column.verbose_name)), before or "–", after or "–"))
    return lines


def _written(event: Any, column: Any) -> str:
    value = getattr(event, column.attname)
    if isinstance(value, list):
        return ", ".join(value)
    return str(dict(column.flatchoices).get(value, "" if value is None else value))


def of_region(request: HttpRequest, pk: UUID) -> Study:
    """A document of the host's region; another region's does not exist here."""
    return get_object_or_404(Study, pk=pk, region=region_of(request))


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return trail((_("Library: back office"), reverse("library:office-studies")), *steps)
