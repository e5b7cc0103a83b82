"""Social profiles: the list of areas, and a page for each."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.geography import choropleth
from entaxis.geography.models import Area, Level
from entaxis.maps import http, printing
from entaxis.maps.actions import PROFILED
from entaxis.maps.intervals import NARROW, intervals_svg
from entaxis.maps.profile import Profile, ground, profile


def index(request: HttpRequest) -> HttpResponse:
    """The region, its units and their municipalities. One query."""
    region = region_of(request)
    inside = list(Area.objects.current().of(region).filter(level__in=PROFILED).order_by("code"))
    units = [
        (unit, [area for area in inside if area.parent_id == unit.pk])
        for unit in inside
        if unit.level == Level.REGIONAL_UNIT
    ]
    context = {"region_area": region, "units": units, "trail": http.trail(_("Social profiles"))}
    return render(request, "maps/profiles.html", context)


def profile_page(request: HttpRequest, code: str) -> HttpResponse:
    """Key figures with intervals and trend, map, structures beside peers, sources."""
    shown = _shown(request, code)
    trail = [*http.trail(), {"title": _("Social profiles"), "url": reverse("profiles:index")}]
    context = _page_context(shown) | {"trail": [*trail, {"title": shown.area.name, "url": ""}]}
    return render(request, "maps/profile.html", context)


def profile_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same figures on paper; made where nobody has made it since anything changed."""
    shown = _shown(request, code)
    html = printing.written(shown)
    name = f"profile-{shown.area.code}-{request.LANGUAGE_CODE}.pdf"
    return http.file(request, name, printing.state(html), lambda: printing.pdf(html))


def _page_context(shown: Profile) -> dict[str, object]:
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
                    form=NARROW,
                ),
            )
            for one in shown.first
        ],
    }


def _shown(request: HttpRequest, code: str) -> Profile:
    region = region_of(request)
    return profile(_area(region, code), ground(region))


def _area(region: Area, code: str) -> Area:
    """The region itself, or an area of it in force.

    Raises:
        Http404: no such area here.
    """
    if code == region.code:
        return region
    found = Area.objects.current().of(region).filter(code=code, level__in=PROFILED).first()
    if found is None:
        raise Http404
    return found
