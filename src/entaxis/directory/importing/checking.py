"""One row of a table becomes the content of one structure, or sentences on why it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from django.db.models import Model

from entaxis.accounts.models import Body
from entaxis.core import greek
from entaxis.directory import confidential
from entaxis.directory.choices import (
    RULE_VALUES,
    AccessFeature,
    Answer,
    Aspect,
    Cost,
    Language,
    PointQuality,
    Status,
    Strength,
)
from entaxis.directory.importing import hours, values
from entaxis.directory.importing.columns import BY_KEY, PLACES
from entaxis.directory.importing.content import (
    ContactWay,
    Content,
    Interval,
    Offer,
    Point,
    Rule,
    SealedPlace,
)
from entaxis.directory.importing.places import Placed, Places
from entaxis.directory.importing.problems import RowProblem
from entaxis.directory.importing.terms import Choices, Terms
from entaxis.directory.importing.values import ValueFault
from entaxis.directory.models import ServiceOffer, Structure
from entaxis.geography.models import Area, Level
from entaxis.vocabularies.models import Vocabulary

Value = TypeVar("Value")
HIDDEN = PLACES | {"telephone", "served_areas", "parent", "body"}  # of a confidential row: not repeated
HARMLESS = {"kind", "status", "hours", "services", "needs", "target_groups", "languages", "cost", "age"}
# Cells whose meaning depends on nothing else and that many rows share: read once.
REPEATED = {*HARMLESS, "documents", "documents_en", "how_to_apply", "how_to_apply_en", "step_free"} | {
    *(
        "accessible_toilet",
        "access_features",
        "household",
        "income_source",
        "residence_status",
        "residence",
    ),
    *("condition", "description", "description_en", "assured_date", "capacity_date"),
}
MOST_REMEMBERED = 20_000
# Words that everybody reads: of a confidential row they may name no place of the region at all.
TELLING = {
    *("name", "name_en", "description", "description_en", "eligibility_note", "eligibility_note_en"),
    *("documents", "documents_en", "how_to_apply", "how_to_apply_en", "email", "website", "body"),
}
WAYS = frozenset({"telephone", "email", "website"})
OFFERED = {
    *("services", "needs", "target_groups", "cost", "capacity_persons", "free_places", "capacity_date"),
    *("age", "household", "income_source", "residence_status", "residence", "condition"),
    *("eligibility_note", "eligibility_note_en", "documents", "documents_en"),
    *("how_to_apply", "how_to_apply_en"),
}
NO_KEYS: tuple[str, ...] = ()
NO_HOURS: tuple[Interval, ...] = ()
NO_AGES: tuple[int | None, int | None] = (None, None)
ASPECTS = {
    "household": Aspect.HOUSEHOLD,
    "income_source": Aspect.INCOME_SOURCE,
    "residence_status": Aspect.STATUS,
    "residence": Aspect.RESIDENCE,
    "condition": Aspect.CONDITION,
}
TEXTS: Mapping[str, tuple[type[Model], str]] = {
    "name": (Structure, "name_el"),
    "name_en": (Structure, "name_en"),
    "description": (Structure, "description_el"),
    "description_en": (Structure, "description_en"),
    "locality": (Structure, "locality"),
    "street": (Structure, "street"),
    "street_number": (Structure, "street_number"),
    "directions": (Structure, "directions_el"),
    "directions_en": (Structure, "directions_en"),
    "access_note": (Structure, "access_note_el"),
    "eligibility_note": (ServiceOffer, "eligibility_note_el"),
    "eligibility_note_en": (ServiceOffer, "eligibility_note_en"),
    "documents": (ServiceOffer, "documents_el"),
    "documents_en": (ServiceOffer, "documents_en"),
    "how_to_apply": (ServiceOffer, "how_to_apply_el"),
    "how_to_apply_en": (ServiceOffer, "how_to_apply_en"),
}
LIMITS: dict[str, int] = {
    column: getattr(model._meta.get_field(name), "max_length", None) or 0
    for column, (model, name) in TEXTS.items()
}


@dataclass
class Draft:
    """A row that was checked. Without problems it has content; warnings are for a person to look at."""

    line: int
    cells: dict[str, str]
    code: str = ""
    content: Content | None = None
    place: SealedPlace | None = None
    parent: str = ""  # as written: code or name
    is_confidential: bool = True  # until the kind is known
    is_kind_known: bool = False
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether the row can be written."""
        return not self.problems and self.content is not None

    def refuse(self, column: str, key: str, **facts: Any) -> None:
        """Note a problem. What a confidential row says of its place is not repeated."""
        self.problems.append(self._problem(column, key, facts))

    def withhold(self, column: str, key: str) -> None:
        """Refuse the row as one of a confidential structure, whatever its kind; repeat nothing of it."""
        self.is_confidential, self.content = True, None
        self.problems.clear()
        self.warnings.clear()
        self.refuse(column, key)

    def warn(self, column: str, key: str, **facts: Any) -> None:
        """Note something a person should look at."""
        self.warnings.append(self._problem(column, key, facts))

    def _problem(self, column: str, key: str, facts: dict[str, Any]) -> RowProblem:
        heading = BY_KEY[column].key if column in BY_KEY else ""
        if self.is_confidential and column in HIDDEN:
            if facts:
                key, facts = "withheld", {}
            return RowProblem(key, facts, self.line, heading)
        is_shown = not self.is_confidential or column in HARMLESS
        return RowProblem(
            key, facts, self.line, heading, self.cells.get(column, "")[:120] if is_shown else ""
        )


class Checker:
    """Everything that checking the rows of one region needs, read once."""

    def __init__(self, region: Area, *, may_seal: bool) -> None:
        self.region = region
        self.places = Places(region)
        self.kinds = Terms(Vocabulary.Name.STRUCTURE_KINDS)
        self.services = Terms(Vocabulary.Name.SERVICES)
        self.needs = Terms(Vocabulary.Name.NEEDS)
        self.groups = Terms(Vocabulary.Name.TARGET_GROUPS)
        self._may_seal = may_seal
        self.read_before: dict[tuple[str, str], object] = {}
        self._statuses = _choices(Status, but=Status.MERGED)
        self._answers = _choices(Answer)
        self._features = _choices(AccessFeature)
        self._languages = _choices(Language)
        self._costs = _choices(Cost)
        self._rules = {aspect: Choices(dict(RULE_VALUES[aspect])) for aspect in RULE_VALUES}  # type: ignore[arg-type]
        self.bodies = {greek.fold(body.name_el): body for body in Body.objects.filter(region=region)}

    def check(self, line: int, cells: dict[str, str], picked: Point | None = None) -> Draft:
        """The row, checked. ``cells`` by key of column; columns that the table lacks are not in it."""
        return _Row(self, Draft(line, cells)).checked(picked)

    def kind_of(self, cells: Mapping[str, str]) -> str:
        """The kind of a row, empty where it is not understood."""
        try:
            return self.kinds.one(cells.get("kind", ""))
        except ValueFault:
            return ""


def _choices(of: Any, *, but: str = "") -> Choices:
    return Choices({value: label for value, label in of.choices if value != but})


class _Row:
    """One row while it is checked."""

    def __init__(self, checker: Checker, draft: Draft) -> None:
        self.checker, self.draft, self.cells = checker, draft, draft.cells

    def checked(self, picked: Point | None) -> Draft:
        draft, checker = self.draft, self.checker
        kind = self._try("kind", checker.kinds.one, "")
        if not self.cells.get("kind"):
            draft.refuse("kind", "required")
        draft.is_kind_known = bool(kind)
        draft.is_confidential = not kind or checker.kinds.terms[kind].is_confidential
        draft.code = self._text("code", 120)
        draft.parent = self._text("parent", 200)
        content = self._plain(kind)
        if kind:
            content = self._sealed(content) if draft.is_confidential else self._placed(content, picked)
        content = replace(
            content,
            contacts=self._contacts(),
            hours=self._hours(),
            offers=self._offers(),
            body=self._body(content),
        )
        if kind and checker.kinds.terms[kind].parent_id and not draft.parent:
            draft.warn("parent", "parent_missing")
        draft.content = None if draft.problems else content
        return draft

    @property
    def _is_secret(self) -> bool:
        """Its kind is known to be confidential; one that is not understood is only kept quiet about."""
        return self.draft.is_kind_known and self.draft.is_confidential

    # --- one cell -----------------------------------------------------------------------------------

    def _try(self, column: str, read: Callable[[str], Value], empty: Value) -> Value:
        raw = self.cells.get(column, "").strip()
        if not raw:
            return empty
        known = self.checker.read_before.get((column, raw))
        if known is not None:
            return cast("Value", known)
        try:
            value = read(raw)
            if column in REPEATED and len(self.checker.read_before) < MOST_REMEMBERED:
                self.checker.read_before[column, raw] = value
            return value
        except ValueFault as fault:
            facts = dict(fault.facts)
            self.draft.refuse(str(facts.pop("column", column)), fault.key, **facts)
            return empty

    def _text(self, column: str, limit: int | None = None) -> str:
        most = limit or LIMITS[column]
        return self._try(column, lambda raw: values.text(raw, most), "")

    # --- what a row says ----------------------------------------------------------------------------

    def _plain(self, kind: str) -> Content:
        name = self._text("name")
        if not name and not any(problem.column == "name" for problem in self.draft.problems):
            self.draft.refuse("name", "required")
        checker = self.checker
        return Content(
            kind=kind,
            body="",
            name_el=name,
            name_en=self._text("name_en"),
            description_el=self._text("description"),
            description_en=self._text("description_en"),
            status=self._try("status", checker._statuses.one, Status.PUBLISHED.value),
            served_areas=self._served(),
            languages=self._try("languages", self._several(checker._languages), NO_KEYS),
            step_free=self._try("step_free", checker._answers.one, Answer.UNKNOWN.value),
            accessible_toilet=self._try("accessible_toilet", checker._answers.one, Answer.UNKNOWN.value),
            access_features=self._try("access_features", self._several(checker._features), NO_KEYS),
            closed_on_public_holidays=self._try("closed_on_public_holidays", values.yes_no, True),
            is_confidential=self.draft.is_confidential,
            assured_date=self._try("assured_date", values.past_date, ""),
        )

    @staticmethod
    def _several(choices: Choices) -> Callable[[str], tuple[str, ...]]:
        return lambda raw: choices.several(values.pieces(raw))

    def _served(self) -> tuple[str, ...]:
        def read(raw: str) -> tuple[str, ...]:
            areas = [self.checker.places.served(word) for word in values.pieces(raw)]
            if self._is_secret and any(area.level != Level.REGION for area in areas):
                raise ValueFault("confidential_area")
            return tuple(sorted({f"{area.level}:{area.code}" for area in areas}))

        return self._try("served_areas", read, NO_KEYS)

    def _placed(self, content: Content, picked: Point | None) -> Content:
        address: dict[str, Any] = {
            column: self._text(column) for column in ("locality", "street", "street_number")
        }
        texts: dict[str, Any] = {
            f"{column}_el": self._text(column) for column in ("directions", "access_note")
        }
        content = replace(
            content,
            **address,
            **texts,
            directions_en=self._text("directions_en"),
            postal_code=self._postal_code(),
        )
        try:
            placed = self.checker.places.find(self.cells, picked)
        except ValueFault as fault:
            facts = dict(fault.facts)
            self.draft.refuse(str(facts.pop("column", "municipality")), fault.key, **facts)
            return content
        for column, key, facts_of_doubt in placed.doubts:
            self.draft.warn(column, key, **facts_of_doubt)
        return replace(
            content,
            municipality=placed.municipality.code,
            point=placed.point,
            point_quality=placed.quality if placed.point else "",
        )

    def _sealed(self, content: Content) -> Content:
        """What a confidential row says of its place goes to the sealed place alone."""
        draft = self.draft
        for column in TELLING & self.cells.keys():
            if confidential.names_a_place([self.cells[column]], self.checker.region):
                draft.refuse(column, "confidential_text")
        for column in ("directions", "directions_en", "access_note"):
            if self.cells.get(column):
                draft.refuse(column, "confidential_access")
        if draft.parent:
            draft.refuse("parent", "confidential_relation")
        if not any(self.cells.get(column) for column in PLACES):
            return content
        if not self.checker._may_seal:
            draft.refuse("municipality", "confidential_rights")
            return content
        try:
            placed = self.checker.places.find(self.cells)
        except ValueFault as fault:
            draft.refuse(str(fault.facts.get("column", "municipality")), "withheld")
            return content
        point = placed.point if placed.quality == PointQuality.EXACT else None
        draft.place = SealedPlace(
            municipality=placed.municipality.code,
            point=point,
            street=self._text("street"),
            street_number=self._text("street_number"),
            postal_code=self._postal_code(),
            locality=self._text("locality"),
        )
        self._refuse_betrayal(placed)
        return content

    def _refuse_betrayal(self, placed: Placed) -> None:
        """Texts that everybody reads may not name the place."""
        area = placed.municipality
        secrets = {area.name_el_genitive, self.cells.get("street", ""), self.cells.get("locality", "")}
        stems = {greek.stem(secret) for secret in secrets if len(secret) > 3}
        for column, raw in self.cells.items():
            if column in PLACES or column in {"kind", "code"} or not raw:
                continue
            said = f" {greek.stem(raw)} "
            if any(f" {stem} " in said for stem in stems if stem):
                self.draft.refuse(column, "confidential_text")

    def _postal_code(self) -> str:
        def read(raw: str) -> str:
            digits = raw.replace(" ", "")
            if len(digits) != 5 or not digits.isascii() or not digits.isdigit():
                raise ValueFault("postal_code")
            return digits

        return self._try("postal_code", read, "")

    def _body(self, content: Content) -> str:
        name = self._text("body", 200)
        if not name:
            area = self.checker.places.by_code.get(content.municipality)
            name = (area or self.checker.region).name_official_el or (area or self.checker.region).name_el
        known = self.checker.bodies.get(greek.fold(name))
        if self._is_secret and (known.municipality_id if known else municipality_of(name)):
            self.draft.refuse("body", "confidential_body")
        return known.name_el if known else name

    def _contacts(self) -> tuple[ContactWay, ...]:
        numbers = self._try("telephone", lambda raw: tuple(values.telephones(raw)), NO_KEYS)
        if self._is_secret and any(number.startswith("+302") for number in numbers):
            self.draft.refuse("telephone", "confidential_telephone")
        mails = self._try("email", lambda raw: tuple(map(values.email, values.pieces(raw))), NO_KEYS)
        sites = self._try("website", lambda raw: tuple(map(values.website, values.pieces(raw))), NO_KEYS)
        count = max(len(numbers), len(mails), len(sites))
        columns = [(*found, *("",) * (count - len(found))) for found in (numbers, mails, sites)]
        return tuple(ContactWay(*ways) for ways in zip(*columns, strict=True))

    def _hours(self) -> tuple[Interval, ...]:
        def read(raw: str) -> tuple[Interval, ...]:
            try:
                return hours.parse(raw)
            except hours.HoursError as fault:
                raise ValueFault(fault.key, **fault.facts) from None

        return self._try("hours", read, NO_HOURS)

    def _offers(self) -> tuple[Offer, ...]:
        checker = self.checker
        services = self._try("services", checker.services.several, NO_KEYS)
        if not services and "services" in self.cells and not self.cells["services"].strip():
            self.draft.warn("services", "services_missing")
        offer = Offer(
            service="",
            needs=tuple(sorted(self._try("needs", checker.needs.several, NO_KEYS))),
            target_groups=tuple(sorted(self._try("target_groups", checker.groups.several, NO_KEYS))),
            rules=self._rules(),
            cost=self._try("cost", checker._costs.one, Cost.UNKNOWN.value),
            eligibility_note_el=self._text("eligibility_note"),
            eligibility_note_en=self._text("eligibility_note_en"),
            documents_el=self._lines("documents"),
            documents_en=self._lines("documents_en"),
            how_to_apply_el=self._text("how_to_apply"),
            how_to_apply_en=self._text("how_to_apply_en"),
            capacity_date=self._try("capacity_date", values.past_date, ""),
        )
        first = replace(offer, **self._capacity(offer.capacity_date))
        return tuple(
            replace(first if number == 0 else replace(offer, capacity_date=""), service=key, order=number)
            for number, key in enumerate(services)
        )

    def _capacity(self, as_of: str) -> dict[str, Any]:
        """Places are those of the first service: a table has one column for them."""
        persons = self._count("capacity_persons")
        free = self._count("free_places")
        if persons is not None and free is not None and free > persons:
            self.draft.refuse("free_places", "places_order")
        if (persons is not None or free is not None) and not as_of and not self.cells.get("capacity_date"):
            self.draft.refuse("capacity_date", "capacity_date")
        return {"capacity_persons": persons, "free_places": free}

    def _count(self, column: str) -> int | None:
        def read(raw: str) -> int | None:
            return values.whole_number(raw, 0, 100_000)

        return self._try(column, read, None)

    def _lines(self, column: str) -> str:
        return "\n".join(
            part.strip() for part in self._text(column).replace(";", "\n").split("\n") if part.strip()
        )

    def _rules(self) -> tuple[Rule, ...]:
        found: list[Rule] = []
        low, high = self._try("age", values.ages, NO_AGES)
        if low is not None or high is not None:
            found.append(Rule(Aspect.AGE.value, Strength.REQUIRED.value, low, high))
        for column, aspect in ASPECTS.items():
            keys = self._try(column, self._several(self.checker._rules[aspect]), NO_KEYS)
            if keys:
                found.append(Rule(aspect.value, Strength.REQUIRED.value, values=tuple(sorted(keys))))
        return tuple(sorted(found, key=lambda rule: rule.aspect))


def municipality_of(name: str) -> bool:
    """Whether a body's name says that it is a municipality."""
    return greek.fold(name).startswith(("δημοσ ", "δ. "))
