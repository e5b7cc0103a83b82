"""What an import would do: every row checked, compared with the directory and with the other rows."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID, uuid4

from rapidfuzz import fuzz, process

from entaxis.core import greek, tabular
from entaxis.directory.choices import Status
from entaxis.directory.duplicates.finding import numbered_apart
from entaxis.directory.importing import columns, overlay, store, vault
from entaxis.directory.importing.checking import Checker, Draft
from entaxis.directory.importing.content import Content, Point, SealedPlace
from entaxis.directory.importing.problems import ImportRefusedError, RowProblem
from entaxis.directory.models import Structure
from entaxis.geography.models import Area

LIKENESS = 90  # of 100: above it a name of the same kind and municipality is asked about
MARK_OF_OURS = "~"  # before a code that the import made for a row without one

Progress = Callable[[str, int, int | None], None]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """No progress is shown."""


@dataclass
class Plan:
    """What an import would do. Rows with problems are in ``rejected`` and in nothing else."""

    headings: tuple[str, ...]
    mapping: dict[str, str]
    notes: list[RowProblem]
    drafts: list[Draft] = field(default_factory=list)
    created: dict[UUID, Draft] = field(default_factory=dict)
    changed: dict[UUID, Draft] = field(default_factory=dict)
    unchanged: dict[UUID, Draft] = field(default_factory=dict)
    former: dict[UUID, Content] = field(default_factory=dict)
    rejected: list[Draft] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each sort."""
        return {
            "created": len(self.created),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "rejected": len(self.rejected),
        }

    @property
    def digest(self) -> str:
        """The same for the same plan: what was shown is what is done."""
        text = hashlib.sha256()
        for act in ("created", "changed", "unchanged"):
            for pk, draft in getattr(self, act).items():
                known = "" if act == "created" else str(pk)
                text.update(
                    f"{act} {known} {draft.code} {draft.line} {_bare(draft).fingerprint}\n".encode()
                )
        return text.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Request:
    """What is imported, whence and how."""

    path: Path
    region: Area
    source: str
    may_seal: bool = False
    encoding: str | None = None
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    picks: Mapping[int, Point] = field(default_factory=dict)


def plan(request: Request, progress: Progress = silent) -> Plan:
    """Read and check the whole file; nothing is changed.

    Raises `tabular.TableRefusedError` or `ImportRefusedError` where the file as a whole is no use.
    """
    checker = Checker(request.region, may_seal=request.may_seal)
    if not checker.kinds.terms:
        raise ImportRefusedError("no_vocabularies")
    found = _read(request, checker, progress)
    if not found.drafts:
        raise ImportRefusedError("nothing")
    _refuse_twins(found.drafts)
    _compare(found, request, progress)
    return found


# --- reading ----------------------------------------------------------------------------------------


def _read(request: Request, checker: Checker, progress: Progress) -> Plan:
    with tabular.opened(request.path, encoding=request.encoding, sheet=request.sheet) as table:
        mapping = columns.mapping(table.headings, request.mapping)
        keys = [mapping.get(heading, "") for heading in table.headings]
        found = Plan(table.headings, mapping, _remembered(table.headings, request.mapping))
        telling = columns.places_read_as_words(mapping)
        for row in table:
            cells = {key: cell for key, cell in zip(keys, row.cells, strict=True) if key}
            checked = checker.check(row.line, cells, request.picks.get(row.line))
            found.drafts.append(checked)
            if checked.is_confidential:
                _refuse_places(checked, telling)
            if len(found.drafts) % 250 == 0:
                progress("reading", len(found.drafts), None)
        notes = [RowProblem(n.key, n.facts, n.line, n.column, n.value) for n in table.notes]
    unknown = [heading for heading in table.headings if heading and heading not in mapping]
    if unknown:
        found.notes.append(RowProblem("columns_unknown", {"columns": ", ".join(unknown)[:300]}))
    by_line = {draft.line: draft for draft in found.drafts}
    for note in notes:
        draft = by_line.get(note.line or 0)
        if note.key == "surplus" and draft is not None:
            draft.refuse("", "surplus_cells")
        elif note.key == "formula" and (draft is None or draft.is_confidential):
            found.notes.append(replace(note, key="formula_taken", facts={"cell": note.facts["cell"]}))
        else:
            found.notes.append(note)
    progress("reading", len(found.drafts), len(found.drafts))
    return found


def _remembered(headings: Sequence[str], remembered: Mapping[str, str]) -> list[RowProblem]:
    """What the memory of a source says otherwise than its table: nobody should be led by it unawares."""
    understood = columns.recognised(headings)
    otherwise = [
        f"“{heading}” → {columns.BY_KEY[key].heading if key in columns.BY_KEY else '–'}"
        for heading, key in remembered.items()
        if heading in headings and heading in understood and key != understood[heading]
    ]
    gone = [f"“{heading}”" for heading in remembered if heading not in headings]
    notes = {"headings_otherwise": otherwise, "headings_gone": gone}
    return [RowProblem(key, {"headings": ", ".join(some)[:300]}) for key, some in notes.items() if some]


def _refuse_places(draft: Draft, telling: Collection[str]) -> None:
    """A street that is read as a name would be published, whoever told us to read it so."""
    for key in telling:
        if draft.cells.get(key):
            draft.refuse(key, "confidential_text")


def _refuse_twins(drafts: list[Draft]) -> None:
    codes: dict[str, int] = {}
    looks: dict[tuple[str, str, str], int] = {}
    for draft in drafts:
        if draft.code and draft.code in codes:
            draft.refuse("code", "code_twice", other=codes[draft.code])
        elif draft.code:
            codes[draft.code] = draft.line
        if draft.content is None:
            continue
        look = _look(draft.content)
        if look in looks:
            draft.refuse("name", "row_twice", other=looks[look])
        else:
            looks[look] = draft.line


def _look(content: Content) -> tuple[str, str, str]:
    return greek.fold(content.name_el), content.kind, content.municipality


# --- comparing --------------------------------------------------------------------------------------


class _Known:
    """What the directory of the region has."""

    def __init__(self, request: Request) -> None:
        structures = Structure.objects.of(request.region).entries()
        rows = structures.select_related(None).values_list(
            "pk",
            "external_source",
            "external_id",
            "name_el",
            "kind__key",
            "municipality__code",
            "is_confidential",
            "status",
        )
        self.merged: set[UUID] = set()
        self.own: dict[str, UUID] = {}
        self.looks: dict[tuple[str, str, str], UUID] = {}
        self.names: dict[tuple[str, str], dict[UUID, str]] = defaultdict(dict)
        self.by_name: dict[str, list[UUID]] = defaultdict(list)
        self.shown: dict[UUID, str] = {}
        self.confidential: set[UUID] = set()
        for pk, source, code, name, kind, municipality, *state in rows.iterator(chunk_size=2000):
            is_confidential, status = state
            folded = greek.fold(name)
            if source == request.source and code:
                self.own[code] = pk
            if status == Status.MERGED:  # known by its code alone: another entry speaks for it
                self.merged.add(pk)
                continue
            if is_confidential:
                self.confidential.add(pk)
            self.looks.setdefault((folded, kind, municipality or ""), pk)
            self.names[kind, municipality or ""][pk] = folded
            self.by_name[folded].append(pk)
            self.shown[pk] = name
        codes = list(self.own.values())
        self.places: dict[UUID, SealedPlace] = {}
        self.contents = store.contents(structures.filter(pk__in=codes)) if codes else {}


def _compare(found: Plan, request: Request, progress: Progress) -> None:
    known = _Known(request)
    ids: dict[int, UUID] = {}
    for number, draft in enumerate(found.drafts, 1):
        code = draft.code or _code_of(draft)
        ids[draft.line] = known.own.get(code) or uuid4()
        _flag_likeness(draft, known, ids[draft.line])
        if number % 1000 == 0:
            progress("comparing", number, len(found.drafts))
    _link_parents(found.drafts, ids, known)
    present = set(found.mapping.values())
    known.places = vault.places([ids[draft.line] for draft in found.drafts if draft.place is not None])
    for draft in found.drafts:
        if ids[draft.line] in known.merged and draft.is_good and draft.content is not None:
            draft.warn("code", "merged")
            draft.content = known.contents[ids[draft.line]]
            found.unchanged[ids[draft.line]] = draft
        else:
            _sort(found, draft, ids[draft.line], known, present)
    progress("comparing", len(found.drafts), len(found.drafts))


def _code_of(draft: Draft) -> str:
    """A code for a row that brings none: the same as long as name, kind and municipality are.

    Of a confidential row the municipality does not enter: 51 guesses would find it out.
    """
    if draft.content is None:
        return ""
    name, kind, municipality = _look(draft.content)
    text = f"{name}|{kind}|{municipality}"
    draft.code = MARK_OF_OURS + hashlib.sha256(text.encode()).hexdigest()[:24]
    return draft.code


def _flag_likeness(draft: Draft, known: _Known, own: UUID) -> None:
    if draft.content is None:
        return
    name, kind, municipality = look = _look(draft.content)
    if not draft.is_confidential and known.looks.get((name, kind, "")) in known.confidential:
        # It was made confidential since: the table of its source would bring its address back.
        draft.withhold("name", "in_directory")
        return
    same = known.looks.get(look)
    if same is not None and same != own:
        if own not in known.contents:
            draft.refuse("name", "in_directory")
        return
    if own in known.contents:
        return
    others = {pk: other for pk, other in known.names.get((kind, municipality), {}).items() if pk != own}
    if not others:
        return
    best = process.extractOne(name, others, scorer=fuzz.token_sort_ratio, score_cutoff=LIKENESS)
    if best is not None and not numbered_apart(name, best[0]):
        draft.warn("name", "like_in_directory", name=known.shown[best[2]])


def _link_parents(drafts: list[Draft], ids: Mapping[int, UUID], known: _Known) -> None:
    by_code = {draft.code: draft for draft in drafts if draft.code}
    by_name: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.content is not None:
            by_name[greek.fold(draft.content.name_el)].append(draft)
    linked: list[tuple[Draft, Draft]] = []
    for draft in drafts:
        if draft.content is None or not draft.parent:
            continue
        named = by_name.get(greek.fold(draft.parent), [])
        above = by_code.get(draft.parent) or (named[0] if len(named) == 1 else None)
        if above is draft:
            draft.refuse("parent", "parent_itself")
        elif above is not None and not above.is_confidential:
            draft.content = replace(draft.content, parent=str(ids[above.line]))
            linked.append((draft, above))
        else:
            _link_known_parent(draft, known)
    _refuse_orphans(linked)


def _refuse_orphans(linked: list[tuple[Draft, Draft]]) -> None:
    """A row falls with the row it belongs to, and so on down."""
    while orphans := [pair for pair in linked if pair[0].is_good and not pair[1].is_good]:
        for draft, above in orphans:
            draft.refuse("parent", "parent_rejected", other=above.line)


def _link_known_parent(draft: Draft, known: _Known) -> None:
    named = known.by_name.get(greek.fold(draft.parent), [])
    found = known.own.get(draft.parent) or (named[0] if len(named) == 1 else None)
    if found is None or found in known.confidential:
        draft.refuse("parent", "parent_unknown", word=draft.parent[:80])
    elif draft.content is not None:
        draft.content = replace(draft.content, parent=str(found))


def _sort(found: Plan, draft: Draft, pk: UUID, known: _Known, present: set[str]) -> None:
    former = known.contents.get(pk)
    if former is not None and draft.is_confidential and not former.is_confidential and draft.is_good:
        draft.refuse("kind", "kind_changed")
    if former is not None and former.is_confidential and not draft.is_confidential:
        draft.withhold("kind", "kind_opened")
    if not draft.is_good or draft.content is None:
        found.rejected.append(draft)
    elif former is None:
        found.created[pk] = draft
    else:
        draft.content = overlay.over(former, draft.content, present)
        found.former[pk] = former
        is_same = former == draft.content and (draft.place is None or draft.place == known.places.get(pk))
        (found.unchanged if is_same else found.changed)[pk] = draft


def _bare(draft: Draft) -> Content:
    """The content without the chance ids of parents that are new themselves."""
    if draft.content is None:
        raise ValueError("only rows without problems are planned")
    return replace(draft.content, parent=draft.parent)
