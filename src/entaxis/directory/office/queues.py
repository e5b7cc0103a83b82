"""What waits for the editors: reports of errors, and how well each kind is registered."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role, is_editor
from entaxis.directory import actions, queries, rules
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import ErrorReport, KindCompleteness
from entaxis.directory.office.forms import AnswerForm, CompletenessForm
from entaxis.directory.office.views import A_PAGE, trail
from entaxis.geography.models import Area, Level
from entaxis.vocabularies.models import Term, Vocabulary
from entaxis.vocabularies.queries import terms


@require(Role.EDITOR)
def reports(request: HttpRequest) -> HttpResponseBase:
    """The reports of errors, open ones first."""
    found = Paginator(queries.reports_of(region_of(request)), A_PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "trail": trail((_("Reports of errors"), "")),
    }
    return render(request, "directory/office/reports.html", context)


@require(Role.SIGNED_IN)
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One report and its answer, by an editor or by those who keep the entry."""
    found = get_object_or_404(queries.reports_of(region_of(request)), pk=pk)
    if not is_editor(request.user, region_of(request)):
        if not rules.tends(request.user, found.structure):
            raise Http404
        return _report(request, found, "directory:office-mine")
    return require(Role.EDITOR)(_report)(request, found, "directory:office-reports")


def _report(request: HttpRequest, found: ErrorReport, back: str) -> HttpResponseBase:
    form = AnswerForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer_report(
                report=found, state=data["state"], answer=data["answer"], by=person_of(request)
            )
        except actions.AnsweredError as error:
            messages.error(request, str(error))
            return redirect("directory:office-report", pk=found.pk)
        messages.success(request, _("Answered."))
        return redirect(back)
    found.refresh_from_db()
    context = {
        "report": found,
        "form": form,
        "trail": trail((_("Reports of errors"), reverse(back)), (str(found), "")),
    }
    return render(request, "directory/office/report.html", context, status=422 if form.errors else 200)


@require(Role.EDITOR)
def completeness(request: HttpRequest) -> HttpResponseBase:
    """For one kind at a time: which municipalities are registered wholly, in part, or not known."""
    kinds = [kind for kind in terms(Vocabulary.Name.STRUCTURE_KINDS) if not kind.is_confidential]
    context: dict[str, Any] = {"kinds": kinds, "trail": trail((_("Completeness"), ""))}
    if not kinds:
        return render(request, "directory/office/completeness.html", context)
    kind = next((kind for kind in kinds if kind.key == request.GET.get("kind")), kinds[0])
    form = _completeness_form(request, kind)
    if request.method == "POST" and form.is_valid():
        number = actions.state_completeness(
            kind=kind,
            states=form.states(),
            as_of=form.cleaned_data["as_of"],
            source=form.cleaned_data["source"],
            by=person_of(request),
        )
        text = ngettext("%(number)s municipality changed.", "%(number)s municipalities changed.", number)
        messages.success(request, text % {"number": number})
        return redirect(f"{request.path}?kind={kind.key}")
    context |= {"form": form, "kind": kind}
    status = 422 if form.errors else 200
    return render(request, "directory/office/completeness.html", context, status=status)


def _completeness_form(request: HttpRequest, kind: Term) -> CompletenessForm:
    region = region_of(request)
    inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
    known = KindCompleteness.objects.filter(kind__key=kind.key, municipality__region=region)
    return CompletenessForm(
        request.POST or None,
        municipalities=list(inside.order_by("name_el")),
        states=dict(known.values_list("municipality", "state")),
    )
