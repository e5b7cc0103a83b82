"""Bodies as visitors see them: who there is, what one of them does, writing to it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body
from entaxis.accounts.rules import is_body_member
from entaxis.core import addresses
from entaxis.core.traces import leaves_no_trace
from entaxis.directory.http import region_of
from entaxis.directory.models.text import in_language
from entaxis.directory.network import choices, doings, letters, queries, rules
from entaxis.directory.network.forms import AskForm, LetterForm
from entaxis.directory.network.http import A_PAGE, page_with, posted, trail, user_of


def index(request: HttpRequest) -> HttpResponseBase:
    """What the network is for, with a door to each part."""
    is_member = is_body_member(request.user, region_of(request))
    return page_with(request, "index", {"is_member": is_member, "trail": trail()})


def bodies(request: HttpRequest) -> HttpResponseBase:
    """The bodies of the region, filtered."""
    form = AskForm(request.GET, region=region_of(request))
    found = queries.bodies(region_of(request), form.asked)
    groups = choices.groups()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "rows": [
            (body, choices.labels(groups, queries.profile_of(body).target_groups)[:4]) for body in page
        ],
        "trail": trail((_("Bodies"), "")),
    }
    return page_with(request, "bodies", context)


def body(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What one body does, where and for whom; a dissolved one keeps its page."""
    row = of_region(request, pk)
    profile, work = queries.profile_of(row), queries.work_of(row)
    stated = choices.labels(choices.groups(), profile.target_groups)
    context = {
        "body": row,
        "description": in_language(row, "description"),
        "website": row.website if row.website.startswith(("https://", "http://")) else "",
        "work": work,
        "parts": doings.of(row),
        "themes": choices.labels(choices.themes(), profile.themes),
        "groups": list(dict.fromkeys([*stated, *(term.label for term in work.groups)])),
        "areas": queries.areas_of(row.region, profile.area_codes) or work.municipalities,
        "takes_letters": rules.takes_letters(row),
        "may_describe": rules.may_describe(request.user, row),
        "trail": trail((_("Bodies"), reverse("network:bodies")), (row.name, "")),
    }
    return page_with(request, "body", context)


def part(request: HttpRequest, pk: UUID, key: str) -> HttpResponseBase:
    """All of one sort of thing that a body does."""
    row, found = of_region(request, pk), doings.part_of(key)
    if found is None:
        raise Http404
    page = Paginator(found.rows(row), A_PAGE).get_page(request.GET.get("page"))
    steps = ((_("Bodies"), reverse("network:bodies")), (row.name, reverse("network:body", args=[pk])))
    context = {
        "body": row,
        "title": str(found.title),
        "page": page,
        "items": [found.item(each) for each in page],
        "trail": trail(*steps, (str(found.title), "")),
    }
    return page_with(request, "body_part", context)


@leaves_no_trace
def write(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A message to a body, by a form that shows no address."""
    row = of_region(request, pk)
    if not rules.takes_letters(row):
        raise Http404
    form = LetterForm(posted(request), body=row, user=user_of(request), sender=addresses.place_of(request))
    if form.is_valid():
        letters.send(letter=form.save(commit=False))
        messages.success(request, _("Sent. The answer comes to your e-mail."))
        return redirect("network:body", pk=pk)
    steps = ((_("Bodies"), reverse("network:bodies")), (row.name, reverse("network:body", args=[pk])))
    context = {
        "body": row,
        "days": choices.LETTER_KEPT.days,
        "answered": choices.ANSWERED_KEPT.days,
        "trail": trail(*steps, (_("Write to the body"), "")),
    }
    return page_with(request, "write", context, form)


def of_region(request: HttpRequest, pk: UUID) -> Body:
    """A body of the host's region; another region's does not exist here."""
    rows = Body.objects.select_related("municipality", "region", "parent", "profile")
    return get_object_or_404(rows, pk=pk, region=region_of(request))
