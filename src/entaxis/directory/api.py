"""The directory's part of the public interface."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema

from entaxis.core import help_lines
from entaxis.core.refusals import Refusal
from entaxis.directory import counts as counting
from entaxis.directory import opening
from entaxis.directory.http import region_of
from entaxis.directory.search import Hit, Understanding, nearest_centres, search, words
from entaxis.directory.search.asking import Asked, wish_of
from entaxis.directory.search.retrieval import MOST_POINTS, points
from entaxis.directory.search.store import Words

router = Router(tags=["structures"])
REFUSED: dict[int, Any] = {400: Refusal, 422: Refusal}


class Place(Schema):
    """An area by its ELSTAT code."""

    code: str
    name: str


class Result(Schema):
    """A structure as a list shows it."""

    id: UUID
    name: str
    kind: str = Field(description="key of the vocabulary structure_kinds")
    kind_name: str
    services: list[str]
    needs: list[str]
    languages: list[str]
    municipality: Place | None = Field(description="null: confidential, or not of one municipality")
    locality: str
    telephone: str
    distance_km: float | None = Field(description="null: no position given, or confidential")
    open_now: bool | None = Field(description="null: hours unknown")
    assured_date: date | None
    url: str


class Term(Schema):
    """A term that the text was understood to mean."""

    key: str
    name: str
    score: float = Field(description="0–1, beside what was understood best")


class Understood(Schema):
    """What the text was understood to mean."""

    needs: list[Term]
    services: list[Term]
    structure_kinds: list[Term]
    target_groups: list[Term]
    place: Place | None
    open_now: bool


class Line(Schema):
    """A help line."""

    number: str
    name: str


class Instead(Schema):
    """Where to turn when nothing was found."""

    community_centres: list[Result]
    help_lines: list[Line]


class Page(Schema):
    """A page of results; ``count`` is of all pages, exactly.

    A page behind the last is no fault: it has no results, and says how many pages there are.
    """

    count: int
    page: int
    pages: int
    understood: Understood
    results: list[Result]
    instead: Instead | None = Field(None, description="only when nothing was found")


class CountRow(Schema):
    """How many structures of a kind are registered in a municipality."""

    kind: str
    municipality: str | None = Field(description="ELSTAT code; null: known for the region only")
    count: int | None = Field(description="null: unknown, or not told because it is too small")
    completeness: str = Field(description="complete, partial or unknown")


@router.post(
    "/search", url_name="structures-search", response=REFUSED | {200: Page}, summary="Search for structures"
)
def search_structures(request: HttpRequest, response: HttpResponse, asked: Asked) -> dict[str, Any]:
    """Structures by need, text, place and more; 20 a page, the best first.

    A position is sent in the body and kept nowhere. Names are in the language of Accept-Language.
    """
    response["Cache-Control"] = "no-store"
    known, at = words(), timezone.now()
    wish = wish_of(asked, region_of(request), known)
    found = search(wish, at=at, known=known)
    page = {
        "count": found.count,
        "page": wish.page,
        "pages": found.pages,
        "understood": _understood(found.understanding, known),
        "results": _results(found.hits, known, at),
    }
    if not found.count:
        page["instead"] = {
            "community_centres": _results(nearest_centres(found.wish, at), known, at),
            "help_lines": help_lines.lines(region_of(request)),
        }
    return page


@router.post(
    "/points",
    url_name="structures-points",
    response=REFUSED | {200: dict[str, Any]},
    summary="The same, as points for a map",
)
def points_of_structures(request: HttpRequest, response: HttpResponse, asked: Asked) -> dict[str, Any]:
    """All that a search finds, as GeoJSON (at most 5,000); confidential places are not among them.

    ``is_whole`` tells whether these are all. All structures of a large region are a layer of tiles.
    """
    response["Cache-Control"] = "no-store"
    known = words()
    wish = wish_of(asked, region_of(request), known)
    documents = points(wish, known, timezone.now(), limit=MOST_POINTS + 1)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(point.x, 5), round(point.y, 5)]},
            "properties": {
                "id": str(row.pk),
                "name": row.name,
                "kind": row.kind,
                "url": reverse("directory:structure", args=[row.pk]),
            },
        }
        for row in documents[:MOST_POINTS]
        if (point := row.point)
    ]
    is_whole = len(documents) <= MOST_POINTS
    return {"type": "FeatureCollection", "features": features, "is_whole": is_whole}


@router.get(
    "/counts", url_name="structures-counts", response=list[CountRow], summary="Counts of structures"
)
def counts(request: HttpRequest) -> list[dict[str, Any]]:
    """Registered structures by kind and municipality, with what the number stands for."""
    return [
        {
            "kind": line.kind.key,
            "municipality": line.municipality.code if line.municipality else None,
            "count": line.cell.count,
            "completeness": line.cell.state,
        }
        for line in counting.counts(region_of(request)).lines()
    ]


def _understood(understanding: Understanding, known: Words) -> dict[str, Any]:
    terms: dict[str, Any] = {
        name: [
            {"key": one.target.key, "name": str(known.label(name, one.target.key)), "score": one.score}
            for one in getattr(understanding, name)
        ]
        for name in ("needs", "services", "structure_kinds", "target_groups")
    }
    place = understanding.place
    terms["place"] = {"code": place.code, "name": place.name} if place else None
    return terms | {"open_now": understanding.open_now}


def _results(hits: Iterable[Hit], known: Words, at: datetime) -> list[dict[str, Any]]:
    rows = list(hits)
    is_open = opening.states([hit.document.pk for hit in rows], at)
    return [_result(hit, known, is_open.get(hit.document.pk)) for hit in rows]


def _result(hit: Hit, known: Words, is_open: bool | None) -> dict[str, Any]:
    document = hit.document
    area = known.areas.get(document.municipality)
    return {
        "id": document.pk,
        "name": document.name,
        "kind": document.kind,
        "kind_name": str(known.label("structure_kinds", document.kind) or document.kind),
        "services": document.services,
        "needs": document.answers,
        "languages": document.languages,
        "municipality": {"code": area.code, "name": str(area)} if area else None,
        "locality": document.locality,
        "telephone": document.telephone,
        "distance_km": None if hit.distance_m is None else round(hit.distance_m / 1000, 1),
        "open_now": is_open,
        "assured_date": document.assured_date,
        "url": reverse("directory:structure", args=[document.pk]),
    }
