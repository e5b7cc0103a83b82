"""Volunteering as citizens see it: requests, writing to one, offering help, the links of mails."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.core import addresses
from entaxis.core.traces import leaves_no_trace
from entaxis.directory.http import region_of
from entaxis.directory.network import choices, queries, volunteering
from entaxis.directory.network.forms import FilterForm, IntroductionForm, OfferForm
from entaxis.directory.network.http import A_PAGE, page_with, posted, trail, user_of
from entaxis.directory.network.models import VolunteerRequest


def requests(request: HttpRequest) -> HttpResponseBase:
    """Who looks for volunteers, for what and where."""
    form = FilterForm(request.GET, region=region_of(request))
    found = queries.open_requests(region_of(request), **form.asked)
    themes = choices.themes()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": any(form.asked.values()),
        "page": page,
        "rows": [(row, choices.labels(themes, row.themes)) for row in page],
        "trail": trail((_("Volunteering"), "")),
    }
    return page_with(request, "requests", context)


def request_page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One request. Where volunteers are checked first, it does not say whose it is."""
    row = _open(request, pk)
    context = {
        "request_row": row,
        "themes": choices.labels(choices.themes(), row.themes),
        "groups": choices.labels(choices.groups(), row.target_groups),
        "trail": trail((_("Volunteering"), reverse("network:requests")), (row.title, "")),
    }
    return page_with(request, "request", context)


@leaves_no_trace
def answer(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A volunteer writes to a request."""
    row = _open(request, pk)
    form = IntroductionForm(
        posted(request), request=row, user=user_of(request), sender=addresses.place_of(request)
    )
    if form.is_valid():
        kept = volunteering.keep(row=form.save(commit=False))
        return _thanks(request, is_confirmed=bool(kept.user))
    steps = (
        (_("Volunteering"), reverse("network:requests")),
        (row.title, reverse("network:request", args=[pk])),
    )
    context = {
        "title": _("I want to help"),
        "lead": row.title,
        "needs_vetting": row.needs_vetting,
        "back": reverse("network:request", args=[pk]),
        "trail": trail(*steps, (_("I want to help"), "")),
    }
    return page_with(request, "volunteer", context, form)


@leaves_no_trace
def offer(request: HttpRequest) -> HttpResponseBase:
    """Somebody offers help, without knowing yet to whom."""
    form = OfferForm(
        posted(request),
        region=region_of(request),
        user=user_of(request),
        sender=addresses.place_of(request),
    )
    if form.is_valid():
        kept = volunteering.keep(row=form.save(commit=False))
        return _thanks(request, is_confirmed=bool(kept.user))
    context = {
        "title": _("Offer help"),
        "lead": _("Bodies that look for help find your offer by theme and place, and ask you."),
        "back": reverse("network:requests"),
        "trail": trail((_("Volunteering"), reverse("network:requests")), (_("Offer help"), "")),
    }
    return page_with(request, "volunteer", context, form)


def _thanks(request: HttpRequest, *, is_confirmed: bool) -> HttpResponse:
    if is_confirmed:
        messages.success(request, _("Stored. You find it among what you wrote."))
        return redirect("network:mine")
    return redirect("network:volunteer-sent")


def sent(request: HttpRequest) -> HttpResponseBase:
    """What to do now; nothing here depends on the address."""
    context = {"days": choices.DAYS_TO_CONFIRM, "trail": trail((_("Volunteering"), ""))}
    return page_with(request, "volunteer_sent", context)


@leaves_no_trace
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind the link of a mail; its button confirms."""
    row = volunteering.to_confirm(token, region_of(request))
    if row is None:
        return page_with(request, "volunteer_link", {}, status=410)
    if request.method == "POST":
        volunteering.confirm(row=row)
        return page_with(request, "volunteer_link", {"done": "confirmed"})
    return page_with(request, "volunteer_link", {"row": row})


@leaves_no_trace
def invited(request: HttpRequest, token: str) -> HttpResponseBase:
    """A body asks a volunteer: the page shows who and what; a button agrees or declines."""
    row = volunteering.invited(token, region_of(request))
    if row is None or row.state != row.State.INVITED or row.request.is_over:
        return page_with(request, "volunteer_link", {}, status=410)
    answer = request.POST.get("answer", "")
    if answer in {"yes", "no"}:
        volunteering.agree(row=row, does=answer == "yes")
        done = "agreed" if answer == "yes" else "declined"
        return page_with(request, "volunteer_link", {"done": done})
    return page_with(request, "volunteer_link", {"invitation": row})


def _open(request: HttpRequest, pk: UUID) -> VolunteerRequest:
    row = get_object_or_404(queries.open_requests(region_of(request)), pk=pk)
    if not isinstance(row, VolunteerRequest):
        raise Http404
    return row
