"""Requests for access: asking, the list of those who decide, one request with its evidence."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import requesting
from entaxis.accounts.http import administrators_only, form_page, person_of, region_of, trail
from entaxis.accounts.models import AccessRequest, Evidence
from entaxis.accounts.office_forms import DecisionForm, RequestForm
from entaxis.core import papers

A_PAGE = 30


def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask to join a body, or to have one registered."""
    asked = {"body": request.GET.get("body", "")}  # from a page of that body
    form = RequestForm(
        request.POST or None, request.FILES or None, region=region_of(request), initial=asked
    )
    if request.method == "POST" and form.is_valid():
        try:
            requesting.ask(
                request=form.save(commit=False),
                paper=form.cleaned_data["paper"],
                by=person_of(request),
                host=request.get_host(),
            )
        except requesting.RequestingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked. You get a mail when somebody has decided."))
            return redirect("accounts:me")
    return form_page(
        request,
        form,  # type: ignore[arg-type]  # a form of a model
        title=_("Ask for access"),
        lead=_("Choose the body you work for. If nobody speaks for it yet, you will be its administrator."),
        button=_("Send the request"),
        back=reverse("accounts:me"),
    )


def withdraw(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take one's own request back."""
    person = person_of(request)
    row = get_object_or_404(AccessRequest, pk=pk, user=person, region=region_of(request))
    try:
        requesting.withdraw(request=row, by=person)
    except requesting.RequestingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn; the evidence was deleted."))
    return redirect("accounts:me")


@administrators_only
def requests(request: HttpRequest) -> HttpResponseBase:
    """What waits for this person, then what was decided."""
    rows = requesting.for_decider(person_of(request), region_of(request)).order_by(
        "decided_at", "created_at"
    )
    waiting = rows.filter(state=AccessRequest.State.OPEN)
    context = {
        "page": Paginator(waiting, A_PAGE).get_page(request.GET.get("page")),
        "trail": trail((_("Requests for access"), "")),
    }
    return render(request, "accounts/requests.html", context)


@administrators_only
def decide(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One request: what is asked, the evidence, the decision."""
    person = person_of(request)
    row = get_object_or_404(requesting.for_decider(person, region_of(request)), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = requesting.approve if form.cleaned_data["decision"] == "approve" else requesting.refuse
        try:
            act(request=row, by=person, host=request.get_host(), reason=form.cleaned_data["reason"])
        except requesting.RequestingError as error:
            form.add_error(None, str(error))
            row.refresh_from_db()
        else:
            messages.success(request, _("Decided; the person gets a mail."))
            return redirect("accounts:requests")
    context = {
        "request_row": row,
        "form": form,
        "role": requesting.role_for(row).label,
        "evidence": Evidence.objects.filter(request=row).only("name").first(),
        "trail": trail((_("Requests for access"), reverse("accounts:requests")), (str(row), "")),
    }
    return render(request, "accounts/request.html", context, status=422 if form.errors else 200)


@administrators_only
def evidence(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The paper of a request, for those who decide it: always as a download, kept nowhere."""
    row = get_object_or_404(requesting.for_decider(person_of(request), region_of(request)), pk=pk)
    paper = get_object_or_404(Evidence, request=row)
    return papers.download(paper.name, paper.kind, paper.content)
