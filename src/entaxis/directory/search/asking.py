"""The bounds of a search as it comes from outside: what may be asked, and the sentence when it may not."""

from typing import Annotated, Any, Final

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from entaxis.directory.choices import Language
from entaxis.directory.search.retrieval import MOST_PAGES, Wish
from entaxis.directory.search.store import Words
from entaxis.geography.models import Area

LONGEST_TEXT: Final = 200

# field → the list its key must stand in
KEYS: Final = {
    "need": "needs",
    "service": "services",
    "kind": "structure_kinds",
    "target_group": "target_groups",
}


def _without_nulls(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("null_byte", "The text holds a null byte.")
    return text.strip()


Text = Annotated[str, AfterValidator(_without_nulls)]
Key = Annotated[Text, Field(max_length=64)]


class Near(Schema):
    """Where the person is (WGS84, degrees). It travels in the body of a request, never in an address."""

    model_config = ConfigDict(extra="forbid")

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Asked(Schema):
    """A search. Everything is optional; keys are those of the vocabularies, codes those of ELSTAT."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[Text, Field(max_length=LONGEST_TEXT)] = ""
    need: Key = ""
    service: Key = ""
    kind: Key = ""
    target_group: Key = ""
    municipality: Annotated[Text, Field(max_length=16)] = ""
    regional_unit: Annotated[Text, Field(max_length=16)] = ""
    near: Near | None = None
    open_now: bool = False
    language: Annotated[Text, Field(max_length=3, description="a language spoken there (ISO 639)")] = ""
    without: Annotated[
        list[Key], Field(max_length=20, description="terms of the text that were misunderstood")
    ] = []
    page: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1


class Refused(Exception):  # noqa: N818 - a refusal, not an error of ours
    """A search that names something unknown; ``reasons`` are (field, sentence)."""

    def __init__(self, reasons: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(sentence for _field, sentence in reasons))
        self.reasons = reasons


def wish_of(asked: Asked, region: Area, words: Words) -> Wish:
    """Return what ``asked`` wishes for in ``region``.

    Raises:
        Refused: a key or code that the lists in force, or the region, do not have.
    """
    reasons = [reason for reason in _unknown(asked, region, words) if reason]
    if reasons:
        raise Refused(reasons)
    near = Point(asked.near.lon, asked.near.lat, srid=4326) if asked.near else None
    return Wish(
        region=region,
        text=asked.q,
        need=asked.need,
        service=asked.service,
        kind=asked.kind,
        target_group=asked.target_group,
        municipality=asked.municipality,
        regional_unit=asked.regional_unit,
        language=asked.language,
        open_now=asked.open_now,
        without=frozenset(asked.without),
        near=near,
        page=asked.page,
    )


def _unknown(asked: Asked, region: Area, words: Words) -> list[tuple[str, str]]:
    reasons: list[tuple[str, str]] = []
    for name, vocabulary in KEYS.items():
        key: str = getattr(asked, name)
        if key and words.label(vocabulary, key) is None:
            reasons.append((name, _("There is no such entry: “%(key)s”.") % {"key": key}))
    for level in ("municipality", "regional_unit"):
        code: str = getattr(asked, level)
        area = words.areas.get(code)
        if code and (area is None or (area.level, area.region) != (level, region.code)):
            reasons.append((level, _("The region has no area with the code “%(code)s”.") % {"code": code}))
    if asked.language and asked.language not in Language.values:
        sentence = _("There is no such language in the list: “%(code)s”.") % {"code": asked.language}
        reasons.append(("language", sentence))
    return reasons


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` of a form or an address, empty ones left out, as ``Asked`` takes them."""
    return {name: value for name, value in values.items() if value not in ("", None, [], False)}
