"""Social profiles: the list of areas, and a page for each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.geography import choropleth
from entaxis.geography.models import Area, Level
from entaxis.maps import http
from entaxis.maps.intervals import intervals_svg
from entaxis.maps.profile import Profile, profile

LEVELS = (Level.REGION, Level.REGIONAL_UNIT, Level.MUNICIPALITY)


def index(request: HttpRequest) -> HttpResponse:
    """The region, its units and their municipalities. One query."""
    region = region_of(request)
    inside = list(Area.objects.current().of(region).filter(level__in=LEVELS).order_by("code"))
    units = [
        (unit, [area for area in inside if area.parent_id == unit.pk])
        for unit in inside
        if unit.level == Level.REGIONAL_UNIT
    ]
    context = {"region_area": region, "units": units, "trail": http.trail(_("Social profiles"))}
    return render(request, "maps/profiles.html", context)


def profile_page(request: HttpRequest, code: str) -> HttpResponse:
    """Key figures with intervals and trend, map, structures beside peers, sources."""
    shown = profile(_area(region_of(request), code), region_of(request))
    trail = [*http.trail(), {"title": _("Social profiles"), "url": reverse("profiles:index")}]
    context = page_context(shown) | {"trail": [*trail, {"title": shown.area.name, "url": ""}]}
    return render(request, "maps/profile.html", context)


def page_context(shown: Profile) -> dict[str, object]:
    """What the page and its printed form are drawn from."""
    drawn = shown.choropleth()
    return {
        "profile": shown,
        "svg": choropleth.map_svg(drawn, prefix="profile", links=False) if drawn else "",
        "first": [
            (
                one,
                intervals_svg(
                    [(point.period.key, point.figure) for point in one.points],
                    one.indicator,
                    title=one.name,
                ),
            )
            for one in shown.first
        ],
    }


def _area(region: Area, code: str) -> Area:
    """The region itself, or an area of it in force.

    Raises:
        Http404: no such area here.
    """
    if code == region.code:
        return region
    found = Area.objects.current().of(region).filter(code=code, level__in=LEVELS).first()
    if found is None:
        raise Http404
    return found
