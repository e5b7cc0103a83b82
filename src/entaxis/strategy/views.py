"""The public actions: a list with its map, and each action's page."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.directory.http import region_of
from entaxis.geography import choropleth as drawing
from entaxis.strategy import queries
from entaxis.strategy.models import Action, Status
from entaxis.strategy.publications import cards
from entaxis.strategy.publications.models import Publisher
from entaxis.vocabularies.queries import terms

A_PAGE = 20
MOST_NEWS = 10


def actions(request: HttpRequest) -> HttpResponse:
    """The actions of the region, filtered, on a map and in a list."""
    region = region_of(request)
    every = queries.actions_of(region)
    wanted = {
        name: request.GET.get(name, "")[:64] for name in ("status", "group", "publisher", "municipality")
    }
    shown = every
    if wanted["status"] in Status.values:
        shown = shown.filter(status=wanted["status"])
    if wanted["publisher"] in Publisher.values:
        shown = shown.filter(publisher=wanted["publisher"])
    if wanted["group"]:
        shown = shown.filter(target_groups__contains=[wanted["group"]])
    rows = queries.by_municipality(region, shown)
    if wanted["municipality"]:
        shown = shown.filter(municipalities__code=wanted["municipality"])
    title = _("Actions for inclusion, by municipality")
    marks = queries.marks(shown)
    drawn = queries.choropleth(region, rows, title=title, unit=_("actions"), marks=marks)
    context: dict[str, Any] = {
        "title": title,
        "page": Paginator(shown, A_PAGE).get_page(request.GET.get("page")),
        "rows": rows,
        "choropleth": drawn,
        "svg": drawing.map_svg(drawn, prefix="actions") if drawn else "",
        "wanted": wanted,
        "statuses": Status.choices,
        "publishers": Publisher.choices,
        "groups": queries.groups_named(every, list(terms("target_groups"))),
        "trail": [{"title": _("Home"), "url": "/"}, {"title": _("Actions"), "url": ""}],
    }
    return render(request, "strategy/actions.html", context)


def action(request: HttpRequest, slug: str) -> HttpResponse:
    """One action."""
    related = ("pictures", "files", "municipalities", "structures")
    found = Action.objects.of(region_of(request)).public().select_related("body", "structure")
    row = get_object_or_404(found.prefetch_related(*related), slug=slug)
    context = {
        "item": row,
        "news": row.news.public().order_by("-publish_at")[:MOST_NEWS],
        "description": row.summary,
        "card_url": request.build_absolute_uri(reverse("strategy:card", args=[row.slug])),
        "permalink": request.build_absolute_uri(row.get_absolute_url()),
        "trail": [
            {"title": _("Home"), "url": "/"},
            {"title": _("Actions"), "url": reverse("strategy:actions")},
            {"title": row.title, "url": ""},
        ],
    }
    return render(request, "strategy/action.html", context)


def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that stands beside a link to an action."""
    region = region_of(request)
    row = get_object_or_404(
        Action.objects.of(region).public().select_related("body", "structure"), slug=slug
    )
    speaker = row.speaker or _("the Observatory")
    return cards.answer(title=row.title, kind=_("Action"), speaker=speaker, place=region.name)
