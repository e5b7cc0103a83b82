"""Figures for other software."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from entaxis.accounts.http import region_of
from entaxis.core import tabular
from entaxis.core.refusals import Refusal
from entaxis.geography.models import Area
from entaxis.indicators import methods, queries
from entaxis.indicators.models import IndicatorVersion, Observation
from entaxis.notifications import links

router = Router(tags=["figures"])
PAGE = 1000
MOST_PERIODS = 10_000
MOST_LETTERS = Observation._meta.get_field("breakdown").max_length


class IndicatorOut(Schema):
    """An indicator of the catalogue; codes never change."""

    code: str
    theme: str
    unit: str
    direction: str
    digits: int
    version: int
    name_el: str
    name_en: str
    definition_el: str
    definition_en: str
    universe_el: str
    universe_en: str
    formula: str
    source_el: str
    source_en: str
    frequency: str
    levels: list[str]
    breakdowns: list[str]
    income_year_offset: int
    periods: list[str] = Field(description="with figures in force")


class ObservationOut(Schema):
    """A figure. Without a value, ``reason`` says why it is not given."""

    indicator: str
    area: str = Field(description="ELSTAT code; NUTS code of a region")
    level: str
    period: str
    breakdown: str
    value: float | None
    standard_error: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None = Field(description="persons asked")
    n_effective: float | None = Field(description="persons of a simple sample with the same error")
    flag: str = Field(description="u: unreliable")
    is_modelled: bool
    reason: str
    municipalities_reported: int | None = Field(
        description="of a sum over municipalities of which not all reported, which is therefore “at least”"
    )
    municipalities: int | None = Field(description="how many should have reported to such a sum")
    release: int
    is_synthetic: bool = Field(description="demonstration data")
    passport: UUID
    passport_url: str
    unit: str = Field(description="a key of the catalogue's units")
    source: str = Field(description="of the release, in the language that was asked for")
    method: str = Field(
        description="address of the page that tells how it is computed; empty where none is"
    )


class Observations(Schema):
    """A page of figures; ``next`` is the address of the next one."""

    results: list[ObservationOut]
    next: str | None


class Asked(Schema):
    """What may be asked."""

    indicator: str = Field("", max_length=48, pattern="^[A-Za-z0-9_-]*$")
    area: str = Field("", max_length=16, pattern="^[A-Za-z0-9]*$")
    period: str = Field("", max_length=10, pattern="^[0-9Q-]*$")
    level: Literal["", "municipality", "regional_unit", "region"] = ""
    breakdown: str = Field(
        "",
        max_length=MOST_LETTERS,
        pattern="^[A-Za-z0-9_.=;-]*$",
        description="sex=female, or parts crossed in any order: sex=female;age=65plus",
    )
    format: Literal["json", "csv"] = "json"
    after: int = Field(0, ge=0, le=2**62, description="from the address in next")


@router.get("/indicators", url_name="indicators", response=list[IndicatorOut], summary="The catalogue")
def indicators(request: HttpRequest, response: HttpResponse) -> list[dict[str, Any]]:
    """Every indicator with its version in force."""
    response["Cache-Control"] = "public, max-age=60"
    own = ("code", "theme", "unit", "direction", "digits")
    names = [name for name in IndicatorOut.model_fields if name not in (*own, "version", "periods")]
    return [
        {name: getattr(entry.indicator, name) for name in own}
        | {name: getattr(entry.version, name) for name in names}
        | {"version": entry.version.number, "periods": list(entry.periods)}
        for entry in queries.catalogue(region_of(request), most=MOST_PERIODS)
    ]


@router.get(
    "/observations",
    url_name="observations",
    response={200: Observations, 422: Refusal},
    summary="Figures in force",
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def observations(request: HttpRequest, response: HttpResponse, asked: Query[Asked]) -> Any:
    """Of the site's region, by indicator, area, level, period and breakdown; a thousand at a time."""
    region = region_of(request)
    rows = queries.observations(asked.model_dump(), region).filter(pk__gt=asked.after)
    found = list(rows.order_by("pk")[: PAGE + 1])
    # whoever gets figures asked for what exists; only an empty answer needs the question
    if not found and (unknown := queries.unknown(asked.model_dump(), region)):
        detail = [{"field": name, "message": _unknown(name)} for name in unknown]
        return Status(422, {"detail": detail})
    pages = {row.series.version_id: "" for row in found}
    for version in IndicatorVersion.objects.filter(pk__in=pages).select_related("indicator"):
        pages[version.pk] = methods.address(version)
    page = [_row(region, row, pages[row.series.version_id]) for row in found[:PAGE]]
    following = _next(request, found[PAGE - 1].pk) if len(found) > PAGE else None
    response["Cache-Control"] = "public, max-age=60"
    if asked.format == "json":
        return {"results": page, "next": following}
    headings = list(ObservationOut.model_fields)
    content = tabular.csv_bytes(headings, ([row[name] for name in headings] for row in page), tabular.PLAIN)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="observations.csv"'
    answer["Cache-Control"] = "public, max-age=60"
    if following:
        answer["Link"] = f'<{following}>; rel="next"'
    return answer


def _unknown(name: str) -> str:
    """Of a field that asks for what does not exist, in the reader's language."""
    return {
        "indicator": _("No indicator has this code."),
        "area": _("No area of this region has this code."),
        "breakdown": _("No figure here is told of such a group."),
    }[name]


def _row(region: Area, row: Observation, method: str) -> dict[str, Any]:
    series = row.series
    return {
        "indicator": series.indicator.code,
        "area": row.area.code,
        "level": row.area.level,
        "period": series.period,
        "breakdown": row.breakdown,
        "value": row.value,
        "standard_error": row.standard_error,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "n": row.n,
        "n_effective": queries.effective(row.n_effective),
        "flag": row.flag,
        "is_modelled": row.is_modelled,
        "reason": row.reason,
        "municipalities_reported": row.reported,
        "municipalities": row.reported_of,
        "release": series.release_id,
        "is_synthetic": series.release.is_synthetic,
        "passport": str(row.public_id),
        "passport_url": links.absolute(region, reverse("indicators:figure", args=[row.public_id])),
        "unit": series.indicator.unit,
        "source": series.release.source,
        "method": links.absolute(region, method) if method else "",
    }


def _next(request: HttpRequest, last: int) -> str:
    asked = request.GET.copy()
    asked["after"] = str(last)
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
