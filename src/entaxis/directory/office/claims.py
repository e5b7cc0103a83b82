"""Claims of entries: asked on the structure's page, decided by editors."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.office_forms import DecisionForm
from entaxis.accounts.rules import Role
from entaxis.core import papers
from entaxis.core.papers import PaperField
from entaxis.directory import claiming, pages, rules
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import Claim, ClaimPaper, Structure
from entaxis.directory.office.views import A_PAGE, trail


class ClaimForm(forms.Form):
    """Who one is, and a paper that shows it."""

    text = forms.CharField(
        label=gettext_lazy("who you are and what you do there"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )
    paper = PaperField(
        label=gettext_lazy("evidence"),
        required=False,
        help_text=gettext_lazy(
            "A decision, an appointment or a letter of the body: PDF, PNG or JPEG, up to 5 MB. "
            "Only those who decide see it; it is deleted 90 days after the decision."
        ),
    )


@require(Role.SIGNED_IN)
def ask(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Say that an entry is one's own. Of shelters the region's administrators are asked, not a page."""
    rows = Structure.objects.of(region_of(request)).entries().placed().filter(status__in=pages.SEEN)
    structure = get_object_or_404(rows.select_related("body", "region", "kind"), pk=pk)
    form = ClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            claiming.ask(structure=structure, by=person_of(request), **form.cleaned_data)
        except claiming.ClaimError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked. You are told when somebody has decided."))
            return redirect("directory:office-mine")
    context = {
        "structure": structure,
        "form": form,
        "trail": [
            {"title": _("Home"), "url": "/"},
            {"title": structure.name, "url": reverse("directory:structure", kwargs={"pk": pk})},
            {"title": _("This is ours"), "url": ""},
        ],
    }
    return render(request, "directory/office/claim_ask.html", context, status=422 if form.errors else 200)


@require(Role.SIGNED_IN)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take one's own claim back."""
    person = person_of(request)
    claim = get_object_or_404(claiming.of_region(region_of(request)), pk=pk, user=person)
    try:
        claiming.withdraw(claim=claim, by=person)
    except claiming.ClaimError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn; the evidence was deleted."))
    return redirect("directory:office-mine")


@require(Role.EDITOR)
def claims(request: HttpRequest) -> HttpResponseBase:
    """What waits, the longest waiting first."""
    rows = claiming.of_region(region_of(request)).filter(state=Claim.State.OPEN)
    context = {
        "page": Paginator(rows.order_by("created_at", "pk"), A_PAGE).get_page(request.GET.get("page")),
        "trail": trail((_("“This is ours”"), "")),
    }
    return render(request, "directory/office/claims.html", context)


@require(Role.EDITOR)
def decide(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One claim: the words, the evidence, who keeps the entry now, the decision."""
    claim = get_object_or_404(claiming.of_region(region_of(request)), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _act(request, claim, form.cleaned_data)
        except claiming.ClaimError as error:
            form.add_error(None, str(error))
            claim.refresh_from_db()
        else:
            messages.success(request, _("Decided; the person is told."))
            return redirect("directory:office-claims")
    return _page(request, claim, form)


def _act(request: HttpRequest, claim: Claim, said: dict[str, Any]) -> None:
    act = claiming.approve if said["decision"] == "approve" else claiming.refuse
    act(claim=claim, by=person_of(request), reason=said["reason"])


def _page(request: HttpRequest, claim: Claim, form: DecisionForm) -> HttpResponse:
    context = {
        "claim": claim,
        "form": form,
        "keepers": rules.keepers_of(claim.structure),
        "paper": ClaimPaper.objects.filter(claim=claim).only("name").first(),
        "trail": trail((_("“This is ours”"), reverse("directory:office-claims")), (str(claim), "")),
    }
    return render(request, "directory/office/claim.html", context, status=422 if form.errors else 200)


@require(Role.EDITOR)
def paper(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The paper of a claim, for those who decide it: always as a download, kept nowhere."""
    claim = get_object_or_404(claiming.of_region(region_of(request)), pk=pk)
    found = ClaimPaper.objects.filter(claim=claim).first()
    if found is None:
        raise Http404
    return papers.download(found.name, found.kind, found.content)
