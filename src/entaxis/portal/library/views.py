"""The library as readers see it: the list with its search, a document, its files, its citation."""

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.directory.models import Structure
from entaxis.geography.models import Area
from entaxis.portal import context as portal
from entaxis.portal.http import region_of, section_step, trail
from entaxis.portal.library import citing, finding
from entaxis.portal.library.forms import AskForm
from entaxis.portal.models import Study, StudyFile, StudyMention
from entaxis.portal.queries import municipalities
from entaxis.vocabularies.models import Term, Vocabulary
from entaxis.vocabularies.queries import terms

A_PAGE: Final = 10


def index(request: HttpRequest) -> HttpResponseBase:
    """The documents, filtered, with the places where the words asked for stand."""
    published = _published(request)
    years = published.order_by("-year").values_list("year", flat=True).distinct()
    form = AskForm(
        request.GET,
        years=list(years),
        themes=_labels(Vocabulary.Name.NEEDS),
        groups=_labels(Vocabulary.Name.TARGET_GROUPS),
        places={area["value"]: area["title"] for area in municipalities(region_of(request))},
    )
    asked = form.asked
    page = finding.page_of(published, asked, number=request.GET.get("page"), size=A_PAGE)
    files = newest_files([study.pk for study in page])
    excerpts = finding.excerpts(files.values(), asked.stems)
    rows = [
        {"study": study, "file": file, "excerpts": excerpts.get(file.pk, []) if file else []}
        for study, file in ((study, files.get(study.pk)) for study in page)
    ]
    context = {
        "form": form,
        "asked": asked,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "rows": rows,
        "trail": trail(*section_step(request, "documentation"), (_("Library"), "")),
    }
    return render(request, "portal/library/index.html", context)


def study(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One document: what it says, how to use and cite it, and where it is used."""
    row = get_object_or_404(_published(request), pk=pk)
    files = list(row.files.filter(state=StudyFile.State.READ))
    newest = files[0] if files else None
    facts = _addresses(request, row, newest)
    context = {
        "study": row,
        "file": newest,
        "files": files,
        "publisher": citing.publisher_of(row, facts["observatory"]),
        "themes": _chosen(Vocabulary.Name.NEEDS, row.themes),
        "groups": _chosen(Vocabulary.Name.TARGET_GROUPS, row.target_groups),
        "areas": _areas(row),
        "kinds": kinds_concerned(row),
        "pages": _mentions(row),
        "citation": citing.sentence(row, newest, url=facts["url"], observatory=facts["observatory"]),
        "linked_data": citing.linked_data(row, newest, **facts),
        "publicity": _publicity(request, row),
        "trail": trail(
            *section_step(request, "documentation"),
            (_("Library"), reverse("library:index")),
            (row.title, ""),
        ),
    }
    return render(request, "portal/library/study.html", context)


def download(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A version's file, to be stored by the browser: it is never opened as a page of this site."""
    row = get_object_or_404(_published(request), pk=pk)
    file = get_object_or_404(row.files.filter(state=StudyFile.State.READ), number=number)
    return file_response(file)


def file_response(file: StudyFile) -> FileResponse:
    """The stored file under a name of ours.

    Raises:
        Http404: it is no longer stored.
    """
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=file.download_name, content_type="application/pdf"
    )
    response["ETag"] = f'"{file.sha256}"'
    return response


def cite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The citation for BibTeX."""
    row = get_object_or_404(_published(request), pk=pk)
    newest = newest_files([row.pk]).get(row.pk)
    facts = _addresses(request, row, newest)
    text = citing.bibtex(row, newest, url=facts["url"], observatory=facts["observatory"])
    headers = {"Content-Disposition": f'attachment; filename="entaxis-{str(row.pk)[:8]}.bib"'}
    return HttpResponse(text, content_type="application/x-bibtex; charset=utf-8", headers=headers)


def newest_files(ids: list[UUID]) -> dict[UUID, StudyFile]:
    """The version in force of each of these documents."""
    read = StudyFile.objects.filter(study__in=ids, state=StudyFile.State.READ)
    return {file.study_id: file for file in read.order_by("study_id", "-number").distinct("study_id")}


def kinds_concerned(study: Study) -> list[Term]:
    """Kinds of structure that serve a group of the document, in its region."""
    if not study.target_groups:
        return []
    serving = Structure.objects.of(study.region).published()
    kinds = serving.filter(offers__target_groups__key__in=study.target_groups).values("kind")
    return list(Term.objects.filter(pk__in=kinds).order_by("order"))


def _published(request: HttpRequest) -> QuerySet[Study]:
    studies = Study.objects.of(region_of(request)).published()
    return studies.select_related("publisher", "operation__emblem", "region")


def _labels(name: Vocabulary.Name) -> dict[str, str]:
    return {term.key: term.label for term in terms(name)}


def _chosen(name: Vocabulary.Name, keys: list[str]) -> list[Term]:
    return list(terms(name).filter(key__in=keys)) if keys else []


def _areas(row: Study) -> list[Area]:
    if not row.area_codes:
        return []
    inside = Area.objects.municipalities().of(row.region).filter(code__in=row.area_codes)
    return sorted(inside, key=lambda area: area.name)


def _mentions(row: Study) -> list[Any]:
    here = StudyMention.objects.filter(study=row, page__live=True).select_related("page__locale")
    return [mention.page for mention in here.order_by("page__title")]


def _addresses(request: HttpRequest, row: Study, file: StudyFile | None) -> dict[str, str]:
    download_path = reverse("library:study-download", args=[row.pk, file.number]) if file else ""
    return {
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "file_url": request.build_absolute_uri(download_path) if file else "",
        "observatory": str(portal.brand(request)["name"]),
    }


def _publicity(request: HttpRequest, row: Study) -> list[Any]:
    """The operation that paid for the document, or those of the page."""
    return [row.operation] if row.operation else portal.publicity(request)
