"""The page from which somebody who works for a body follows their own place."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import desk
from entaxis.accounts.doors import require
from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.rules import Role
from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down, charts, groups, groups_views, releases, wording
from entaxis.indicators.groups import Counted, Groups, Part
from entaxis.indicators.queries import Figure, Period
from entaxis.maps.dashboard import areas, dashboard, places

RELEASES_SHOWN: Final = 5


@require(Role.BODY_MEMBER)
def page(request: HttpRequest) -> HttpResponse:
    """Stratification of beneficiaries, change of exclusion, what is followed, what waits."""
    user, region = person_of(request), region_of(request)
    every = areas(region)
    area = _area(request, region, every, places(user, region))
    found = dashboard(area, region, user)
    sources = groups.counted(region)
    context: dict[str, Any] = {
        "dashboard": found,
        "areas": _by_level([region, *every]),
        "waiting": [door for _part, doors in desk.desk_of(user, region) for door in doors if door.waiting],
        "releases": releases.public(region)[:RELEASES_SHOWN],
        "announced": releases.announced(region)[:RELEASES_SHOWN],
        "trail": [
            {"title": _("Home"), "url": "/"},
            {"title": _("My work"), "url": reverse("accounts:desk")},
            {"title": _("My place in figures"), "url": ""},
        ],
    }
    if sources:
        source, period = groups_views.chosen(request, sources)
        context |= _stratified(request, area, source, period) | {
            "sources": [(one.code, one.name) for one in sources],
        }
    context["is_synthetic"] = found.is_synthetic or (sources and context["period"].is_synthetic)
    return render(request, "maps/dashboard.html", context)


def _by_level(every: list[Area]) -> list[tuple[str, list[Area]]]:
    """A regional unit often bears the name of its seat: the levels stand apart."""
    levels = dict.fromkeys(area.level for area in every)
    return [(str(Level(level).label), [one for one in every if one.level == level]) for level in levels]


def _area(request: HttpRequest, region: Area, every: list[Area], own: list[Area]) -> Area:
    """The place that was asked for, else the person's own, else the region.

    Raises:
        Http404: there is no such place here.
    """
    code = request.GET.get("area") or (own[0].code if own else region.code)
    if code == region.code:
        return region
    found = next((one for one in every if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _stratified(request: HttpRequest, area: Area, source: Counted, period: Period) -> dict[str, Any]:
    """Sub-groups in rows; everybody and ages in columns, of one sex or of both."""
    told = groups.of_area(period, area)
    parts = {part for inside in told.values() for part in inside}
    sexes = _ordered({part.sex for part in parts} | {""}, "sex")
    sex = request.GET.get("sex", "")
    if sex not in sexes:
        sex = ""
    ages = _ordered({part.age for part in parts if part.sex == sex}, "age")
    rows = [
        {
            "key": term.key,
            "name": term.label,
            "cells": [
                (groups.age_label(age), _cell(told, source, Part(term.key, sex, age))) for age in ages
            ],
        }
        for _group, inside in groups.terms()
        for term in inside
        if term.key in told
    ]
    drawn: list[tuple[str, Figure, str]] = []
    for row in rows:
        figure = told[str(row["key"])].get(Part(str(row["key"]), sex))
        if figure:
            drawn.append((str(row["name"]), figure, wording.written(figure.value, source.indicator)))
    return {
        "source": source,
        "period": period,
        "above": _crossed_above(area, source, period),
        "sex": sex,
        "sexes": [(key, _of_sex(key)) for key in sexes],
        "ages": [groups.age_label(age) for age in ages],
        "rows": rows,
        "sentences": list(
            wording.of_counts([(name, figure) for name, figure, _text in drawn], source.indicator)
        ),
        "bars": charts.bars(drawn),
        "bars_title": f"{area.name}: {source.name}, {period.key}, {_of_sex(sex)}",
    }


def _crossed_above(area: Area, source: Counted, period: Period) -> Area | None:
    """The regional unit of a municipality, where sub-groups by sex and age are told only from there up."""
    tells = {"sex", "age"} <= set(source.version.breakdowns) and period == source.periods[0]
    return area.parent if tells and area.level == Level.MUNICIPALITY else None


def _cell(told: Groups, source: Counted, part: Part) -> dict[str, Any]:
    return groups_views.cell(told[part.group].get(part), source.indicator)


def _ordered(keys: set[str], kind: str) -> list[str]:
    return sorted(
        keys, key=lambda key: breaking_down.order(f"{kind}={key}" if key else breaking_down.TOTAL)
    )


def _of_sex(key: str) -> str:
    return breaking_down.label(f"sex={key}" if key else breaking_down.TOTAL)
