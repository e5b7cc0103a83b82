"""The code lists in force, for other software."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from entaxis.core.refusals import Refusal
from entaxis.vocabularies import queries
from entaxis.vocabularies.models import Vocabulary

router = Router(tags=["vocabularies"])


class LabelOut(Schema):
    """A label in a language other than Greek and English."""

    text: str
    is_checked: bool = Field(description="whether a speaker of the language has checked it")


class TermOut(Schema):
    """One entry; its key stays the same through versions."""

    key: str
    parent: str | None
    label_el: str
    label_en: str
    labels: dict[str, LabelOut] = Field(description="by language: sq, ar, ru, uk where written")
    plural_el: str
    plural_en: str
    abbreviation_el: str
    definition_el: str
    definition_en: str


class VocabularyOut(Schema):
    """A code list in force."""

    name: str
    version: int
    source_el: str = Field(description="where the list comes from; empty: the platform's own")
    source_en: str
    terms: list[TermOut]


@router.get(
    "/{name}", url_name="vocabulary", response={200: VocabularyOut, 422: Refusal}, summary="A code list"
)
def vocabulary(request: HttpRequest, response: HttpResponse, name: Vocabulary.Name) -> dict[str, Any]:
    """Needs, services, kinds of structure, target groups, vulnerable groups; with their parents."""
    terms = list(queries.terms(name))
    current = Vocabulary.objects.filter(name=name, is_current=True).first()
    response["Cache-Control"] = "public, max-age=300"
    return {
        "name": name.value,
        "version": current.version if current else 0,
        "source_el": current.source_el if current else "",
        "source_en": current.source_en if current else "",
        "terms": [
            {field: getattr(term, field) for field in TermOut.model_fields if field != "parent"}
            | {"parent": term.parent.key if term.parent else None}
            for term in terms
        ],
    }
