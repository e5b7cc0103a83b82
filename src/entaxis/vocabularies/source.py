"""The project's own code lists, as files: terms in CSV, crosswalks and phrases in TOML.

They stand in ``data/`` beside this module. A file that contradicts itself is refused whole.
"""

import csv
import hashlib
import json
import tomllib
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from entaxis.vocabularies.models import Synonym, TermCrosswalk, Vocabulary

DATA: Final = Path(__file__).parent / "data"


class SourceError(ValueError):
    """A file of code lists contradicts itself; the message says where."""


@dataclass(frozen=True)
class Label:
    """What a term is called in a language other than Greek and English."""

    language: str
    text: str
    is_checked: bool


@dataclass(frozen=True)
class TermRow:
    """One line of a list's CSV file; ``parent`` is a key or empty."""

    key: str
    parent: str
    label_el: str
    label_en: str
    definition_el: str
    definition_en: str
    plural_el: str = ""
    plural_en: str = ""
    abbreviation_el: str = ""
    is_confidential: bool = False
    is_sensitive: bool = False
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """How people say it, in one language."""

    key: str
    language: str
    phrase: str
    status: str


@dataclass(frozen=True)
class Link:
    """A term of this list to a term of the list ``target_list``."""

    key: str
    target_list: str
    target_key: str
    relation: str


@dataclass(frozen=True)
class CodeList:
    """All that the files say of one list."""

    name: str
    terms: tuple[TermRow, ...]
    phrases: tuple[Phrase, ...]
    links: tuple[Link, ...]
    source_el: str = ""
    source_en: str = ""

    @property
    def checksum(self) -> str:
        """Changes when anything of the list does, and only then."""
        content = asdict(self)
        if not self.source_el:  # as before a list could say it: no new version for nothing
            del content["source_el"], content["source_en"]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def read(folder: Path = DATA) -> list[CodeList]:
    """Return the lists of ``folder``, checked against each other.

    Raises:
        SourceError: a key is unknown or stands twice, or a value is none of those allowed.
    """
    terms = {name: _terms(folder / f"{name}.csv") for name in Vocabulary.Name.values}
    keys = {name: {row.key for row in rows} for name, rows in terms.items()}
    links = _links(folder / "crosswalks.toml", keys)
    labels = _labels(folder / "labels", keys)
    sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
    _refuse(folder / "sources.toml", "is no list", [name for name in sources if name not in keys])
    phrases = [_phrases(path, keys) for path in sorted((folder / "phrases").glob("*.toml"))]
    return [
        CodeList(
            name=name,
            terms=tuple(replace(row, labels=tuple(labels[name, row.key])) for row in terms[name]),
            phrases=tuple(phrase for lists in phrases for phrase in lists.get(name, ())),
            links=tuple(links.get(name, ())),
            source_el=sources.get(name, {}).get("el", ""),
            source_en=sources.get(name, {}).get("en", ""),
        )
        for name in Vocabulary.Name.values
    ]


def _terms(path: Path) -> tuple[TermRow, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = tuple(_term(row) for row in csv.DictReader(file))
    keys = [row.key for row in rows]
    _refuse(path, "stands twice", [key for key, times in Counter(keys).items() if times > 1])
    for number, row in enumerate(rows):
        if row.parent and row.parent not in keys[:number]:
            raise SourceError(f"{path.name}: the parent of {row.key!r} does not stand above it")
    return rows


def _term(row: dict[str, str]) -> TermRow:
    return TermRow(
        key=row["key"],
        parent=row["parent"],
        label_el=row["label_el"],
        label_en=row["label_en"],
        definition_el=row["definition_el"],
        definition_en=row["definition_en"],
        plural_el=row.get("plural_el", ""),
        plural_en=row.get("plural_en", ""),
        abbreviation_el=row.get("abbreviation_el", ""),
        is_confidential=row.get("is_confidential") == "yes",
        is_sensitive=row.get("is_sensitive") == "yes",
    )


def _links(path: Path, keys: dict[str, set[str]]) -> dict[str, list[Link]]:
    """Tables are headed ``source list -> target list: relation``."""
    links: dict[str, list[Link]] = {name: [] for name in keys}
    for heading, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        source, _, rest = heading.partition(" -> ")
        target, _, relation = rest.partition(": ")
        if source not in keys or target not in keys or relation not in TermCrosswalk.Relation.values:
            raise SourceError(f"{path.name}: {heading!r} is no heading of a crosswalk")
        _refuse(path, f"is not in {source}", [key for key in table if key not in keys[source]])
        for key, targets in table.items():
            _refuse(path, f"is not in {target}", [one for one in targets if one not in keys[target]])
            links[source] += [Link(key, target, one, relation) for one in targets]
    return links


def _phrases(path: Path, keys: dict[str, set[str]]) -> dict[str, list[Phrase]]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    language, status = content["language"], content["status"]
    if status not in (Synonym.Status.DRAFT, Synonym.Status.CHECKED):
        raise SourceError(f"{path.name}: {status!r} is no status of a list")
    phrases: dict[str, list[Phrase]] = {}
    for name, known in keys.items():
        table: dict[str, list[str]] = content.get(name, {})
        _refuse(path, f"is not in {name}", [key for key in table if key not in known])
        phrases[name] = [
            Phrase(key, language, phrase, status) for key, texts in table.items() for phrase in texts
        ]
    return phrases


def _labels(folder: Path, keys: dict[str, set[str]]) -> dict[tuple[str, str], list[Label]]:
    """What terms are called in other languages: a file a language, a table a list."""
    labels: dict[tuple[str, str], list[Label]] = defaultdict(list)
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        language, status = content["language"], content["status"]
        if status not in (Synonym.Status.DRAFT, Synonym.Status.CHECKED):
            raise SourceError(f"{path.name}: {status!r} is no status of a list")
        for name, known in keys.items():
            table: dict[str, str] = content.get(name, {})
            _refuse(path, f"is not in {name}", [key for key in table if key not in known])
            for key, text in table.items():
                labels[name, key].append(Label(language, text, status == Synonym.Status.CHECKED))
    return labels


def _refuse(path: Path, what: str, keys: list[str]) -> None:
    if keys:
        raise SourceError(f"{path.name}: {', '.join(keys)} {what}")
