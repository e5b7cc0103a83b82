"""The notice board, and the networks that bodies come into: for people of bodies alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import queries as accounts
from entaxis.core import papers
from entaxis.directory.http import person_of, region_of
from entaxis.directory.network import joining, notices, queries, rules
from entaxis.directory.network.board_forms import BodyForm, NoticeForm
from entaxis.directory.network.http import A_PAGE, members, office_trail, page_with, posted
from entaxis.directory.network.models import Network, NetworkMember, Notice, NoticeFile


@members
def board(request: HttpRequest) -> HttpResponseBase:
    """What bodies tell each other, the newest first."""
    user, region = person_of(request), region_of(request)
    page = Paginator(queries.notices(region), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(notice, notices.may_change(user, notice)) for notice in page],
        "trail": office_trail((_("Notice board"), "")),
    }
    return page_with(request, "board", context)


@members
def new(request: HttpRequest) -> HttpResponseBase:
    """Hang up a notice."""
    user, region = person_of(request), region_of(request)
    form = NoticeForm(posted(request), request.FILES or None, region=region, user=user)
    if form.is_valid():
        papers = form.cleaned_data["papers"]
        notices.hang_up(notice=form.save(commit=False), papers=papers, by=user)
        messages.success(request, _("It hangs on the board."))
        return redirect("network:office-board")
    steps = ((_("Notice board"), reverse("network:office-board")), (_("New notice"), ""))
    context = {"title": _("New notice"), "is_multipart": True, "trail": office_trail(*steps)}
    return page_with(request, "office_piece_form", context, form)


@members
def take_down(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take a notice down, with its files."""
    row = get_object_or_404(queries.notices(region_of(request)), pk=pk)
    if not notices.may_change(person_of(request), row):
        raise Http404
    row.delete()
    messages.success(request, _("Taken down."))
    return redirect("network:office-board")


@members
def download(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A file of a notice: always as a download, kept nowhere."""
    row: Notice = get_object_or_404(queries.notices(region_of(request)), pk=pk)
    file = get_object_or_404(NoticeFile, notice=row, pk=number)
    return papers.download(file.name, file.kind, file.content)


@members
def network_members(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The members of a network, for the body that coordinates it: inviting, letting in, ending."""
    row: Network = get_object_or_404(queries.networks(region_of(request)), pk=pk)
    if not rules.may_write(request.user, row):
        raise Http404
    form = BodyForm(posted(request), bodies=queries.bodies_outside(row))
    if form.is_valid():
        try:
            joining.invite(network=row, body=form.cleaned_data["body"], by=person_of(request))
        except joining.JoiningError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Invited; its people are told."))
            return redirect("network:office-members", pk=pk)
    context = {
        "network": row,
        "rows": _with_rights(request, row.members.select_related("body", "network__body")),
        "trail": office_trail((row.title, reverse("network:office-piece", args=["networks", pk]))),
    }
    return page_with(request, "office_members", context, form)


@members
def joined(request: HttpRequest) -> HttpResponseBase:
    """The networks of the person's bodies, what invites them, and those they may ask to join."""
    user, region = person_of(request), region_of(request)
    own = accounts.bodies_administered_by(user, region)
    form = BodyForm(posted(request), bodies=own, networks=queries.networks(region))
    if form.is_valid():
        said = form.cleaned_data
        try:
            joining.ask(network=said["network"], body=said["body"], by=user)
        except joining.JoiningError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked; the body that coordinates answers."))
            return redirect("network:office-joining")
    rows = NetworkMember.objects.filter(
        body__in=queries.bodies_of(user, region), network__in=queries.networks(region)
    )
    context = {
        "rows": _with_rights(request, rows.select_related("body", "network__body")),
        "may_ask": own.exists(),
        "trail": office_trail((_("Networks of your bodies"), "")),
    }
    return page_with(request, "office_joining", context, form)


def _with_rights(request: HttpRequest, rows: Any) -> list[tuple[NetworkMember, bool, bool]]:
    user = person_of(request)
    return [(row, joining.may_accept(user, row), joining.may_end(user, row)) for row in rows]


@members
def member(request: HttpRequest, number: int) -> HttpResponseBase:
    """Agree to a membership, or end it."""
    rows = NetworkMember.objects.select_related("body", "network__body", "network__region")
    row = get_object_or_404(rows, pk=number, network__region=region_of(request))
    act = joining.accept if request.POST.get("do") == "accept" else joining.end
    try:
        act(row=row, by=person_of(request))
    except joining.JoiningError:
        raise Http404 from None
    messages.success(request, _("Done."))
    if request.POST.get("from") == "members" and rules.may_write(request.user, row.network):
        return redirect("network:office-members", pk=row.network_id)
    return redirect("network:office-joining")
