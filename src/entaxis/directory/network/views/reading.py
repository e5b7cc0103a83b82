"""Good practices and networks as visitors read them."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.directory.http import region_of
from entaxis.directory.network import choices, queries
from entaxis.directory.network.forms import FilterForm
from entaxis.directory.network.http import A_PAGE, page_with, trail


def practices(request: HttpRequest) -> HttpResponseBase:
    """What worked, by theme and place."""
    form = FilterForm(request.GET, region=region_of(request))
    found = queries.practices(region_of(request), **form.asked)
    themes = choices.themes()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": any(form.asked.values()),
        "page": page,
        "rows": [(row, choices.labels(themes, row.themes)) for row in page],
        "trail": trail((_("Good practices"), "")),
    }
    return page_with(request, "practices", context)


def practice(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One good practice: what was done, what came of it, what was learnt; ready to print."""
    row = get_object_or_404(queries.practices(region_of(request)), pk=pk)
    context = {
        "practice": row,
        "themes": choices.labels(choices.themes(), row.themes),
        "groups": choices.labels(choices.groups(), row.target_groups),
        "trail": trail((_("Good practices"), reverse("network:practices")), (row.title, "")),
    }
    return page_with(request, "practice", context)


def networks(request: HttpRequest) -> HttpResponseBase:
    """The networks of bodies, formal and informal."""
    found = queries.networks(region_of(request))
    context = {
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "trail": trail((_("Networks of bodies"), "")),
    }
    return page_with(request, "networks", context)


def network(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One network: its aims and its members."""
    row = get_object_or_404(queries.networks(region_of(request)), pk=pk)
    context = {
        "network": row,
        "members": queries.members_of(row),
        "trail": trail((_("Networks of bodies"), reverse("network:networks")), (row.title, "")),
    }
    return page_with(request, "network", context)
