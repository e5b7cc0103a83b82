"""Where bodies and the Observatory work with volunteers: checking, reading, answering, asking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.core.traces import leaves_no_trace
from entaxis.directory.http import person_of, region_of
from entaxis.directory.network import letters, queries, rules, volunteering
from entaxis.directory.network.forms import AnswerForm, InviteForm, VetForm
from entaxis.directory.network.http import A_PAGE, members, office_trail, page_with, posted
from entaxis.directory.network.models import Introduction, VolunteerRequest


@members
def introductions(request: HttpRequest) -> HttpResponseBase:
    """What volunteers wrote to the person's bodies."""
    rows = queries.introductions_for(person_of(request), region_of(request))
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "trail": office_trail((_("Volunteers who wrote"), "")),
    }
    return page_with(request, "office_introductions", context)


@members
@leaves_no_trace
def introduction(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One volunteer, and the answer."""
    row = get_object_or_404(queries.introductions_for(person_of(request), region_of(request)), pk=pk)
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            volunteering.answer(row=row, text=form.cleaned_data["text"], by=person_of(request))
        except letters.AnsweredError as error:
            form.add_error(None, str(error))
            row = Introduction.objects.select_related("request__body", "answered_by").get(pk=pk)
        else:
            messages.success(request, _("The answer is on its way."))
            return redirect("network:office-introductions")
    steps = ((_("Volunteers who wrote"), reverse("network:office-introductions")), (row.title, ""))
    context = {"letter": row, "about": row.request.title, "trail": office_trail(*steps)}
    return page_with(request, "office_introduction", context, form)


@members
def to_check(request: HttpRequest) -> HttpResponseBase:
    """The volunteers who wait to be checked by this person."""
    user, region = person_of(request), region_of(request)
    if not rules.checks_volunteers(user, region):
        raise Http404
    context = {
        "introductions": queries.introductions_to_check(user, region)[:A_PAGE],
        "offers": queries.offers_to_check(user, region)[:A_PAGE],
        "trail": office_trail((_("Volunteers to check"), "")),
    }
    return page_with(request, "office_vetting", context)


@members
@leaves_no_trace
def vet(request: HttpRequest, name: str, pk: UUID) -> HttpResponseBase:
    """Check one volunteer before anybody learns of the other."""
    user, region = person_of(request), region_of(request)
    found: dict[str, Any] = {
        "introduction": queries.introductions_to_check,
        "volunteeroffer": queries.offers_to_check,
    }
    if name not in found:
        raise Http404
    row = get_object_or_404(found[name](user, region), pk=pk)
    form = VetForm(posted(request))
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            match form.cleaned_data["step"]:
                case "approve":
                    volunteering.approve(row=row, note=words, by=user)
                case "ask":
                    volunteering.ask(row=row, words=words, by=user)
                case _step:
                    volunteering.refuse(row=row, words=words, by=user)
        except volunteering.NotPossibleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done; the volunteer is told by mail."))
            return redirect("network:office-vetting")
    steps = ((_("Volunteers to check"), reverse("network:office-vetting")), (_("Check"), ""))
    return page_with(request, "office_vet", {"row": row, "trail": office_trail(*steps)}, form)


@members
@leaves_no_trace
def matches(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Offers that fit a request; the body asks the person of one of them."""
    row = _own_request(request, pk)
    form = InviteForm(posted(request))
    found = queries.matches(row)
    if form.is_valid():
        chosen = request.POST.get("offer", "")
        offer = next((offer for offer in found if str(offer.pk) == chosen), None)
        try:
            if offer is None:
                raise volunteering.NotPossibleError(_("Choose an offer of the list."))
            text = form.cleaned_data["text"]
            volunteering.invite(request=row, offer=offer, text=text, by=person_of(request))
        except volunteering.NotPossibleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked. You learn the name when the person agrees."))
            return redirect("network:office-matches", pk=pk)
    codes = {code for offer in found for code in offer.area_codes}
    names = {area.code: area.name for area in queries.areas_of(row.region, sorted(codes))}
    context = {
        "piece": row,
        "rows": [
            (offer, [names[code] for code in offer.area_codes if code in names]) for offer in found[:A_PAGE]
        ],
        "asked": row.introductions.filter(is_invitation=True).count(),
        "trail": office_trail((row.title, reverse("network:office-piece", args=["requests", pk]))),
    }
    return page_with(request, "office_matches", context, form)


def _own_request(request: HttpRequest, pk: UUID) -> VolunteerRequest:
    """A published request of a body that the person belongs to."""
    rows = queries.open_requests(region_of(request))
    row: VolunteerRequest = get_object_or_404(
        rows.filter(body__in=queries.bodies_of(person_of(request), region_of(request))), pk=pk
    )
    return row
