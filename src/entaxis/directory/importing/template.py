"""The table to fill in: headings, an example row, and sheets with the allowed keys."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _

from entaxis.core import tabular
from entaxis.directory.choices import RULE_VALUES, AccessFeature, Answer, Aspect, Cost, Language, Status
from entaxis.directory.importing.columns import COLUMNS
from entaxis.geography.models import Area
from entaxis.vocabularies import queries
from entaxis.vocabularies.models import Vocabulary

LISTS = {
    "kind": Vocabulary.Name.STRUCTURE_KINDS,
    "services": Vocabulary.Name.SERVICES,
    "needs": Vocabulary.Name.NEEDS,
    "target_groups": Vocabulary.Name.TARGET_GROUPS,
}
CHOICES = {
    "status": Status,
    "languages": Language,
    "step_free": Answer,
    "accessible_toilet": Answer,
    "access_features": AccessFeature,
    "cost": Cost,
}
ASPECTS = {
    "household": Aspect.HOUSEHOLD,
    "income_source": Aspect.INCOME_SOURCE,
    "residence_status": Aspect.STATUS,
    "residence": Aspect.RESIDENCE,
    "condition": Aspect.CONDITION,
}
WIDTHS = {"code": 12, "name": 44, "kind": 34, "body": 28, "hours": 34, "services": 44, "description": 44}


def headings() -> list[str]:
    """The headings in the reader's language."""
    return [str(column.heading) for column in COLUMNS]


def csv(region: Area) -> bytes:
    """The table as text for the local Excel."""
    return tabular.csv_bytes(headings(), [_example(region)])


def workbook(region: Area) -> bytes:
    """The table as a workbook with lists to choose from."""
    keys = list(_keys(region))
    first: dict[str, tuple[int, int]] = {}
    for number, (column, *_rest) in enumerate(keys, 2):
        start, _end = first.get(column, (number, number))
        first[column] = (start, number)
    by_key = {column.key: (number, str(column.heading)) for number, column in enumerate(COLUMNS)}
    title = str(_("Lists"))
    choices = {
        by_key[name][0]: f"'{title}'!$C${first[by_key[name][1]][0]}:$C${first[by_key[name][1]][1]}"
        for name in ("kind", "municipality", "status", "step_free", "accessible_toilet", "cost")
        if by_key[name][1] in first
    }
    widths = [WIDTHS.get(column.key, 18) for column in COLUMNS]
    help_rows = [(str(c.heading), _("yes") if c.is_required else "", str(c.help)) for c in COLUMNS]
    buffer = BytesIO()
    tabular.write_workbook(
        buffer,
        [
            tabular.Sheet(_("Structures"), headings(), [_example(region)], widths, choices),
            tabular.Sheet(title, [_("Column"), _("Key"), _("Label")], keys, [26, 30, 60]),
            tabular.Sheet(
                _("Help"), [_("Column"), _("Needed"), _("How to fill it in")], help_rows, [30, 10, 70]
            ),
        ],
    )
    return buffer.getvalue()


def _keys(region: Area) -> Iterable[tuple[str, str, str]]:
    """Column, key and label of every allowed value."""
    shown = {column.key: str(column.heading) for column in COLUMNS}
    for column, name in LISTS.items():
        for term in queries.terms(name):
            yield shown[column], term.key, str(term.label)
    for area in Area.objects.municipalities().of(region).order_by("name_el"):
        yield shown["municipality"], area.code, area.name
    for column, choices in CHOICES.items():
        for value, label in choices.choices:
            yield shown[column], str(value), str(label)
    for column, aspect in ASPECTS.items():
        for value, words in RULE_VALUES[aspect].items():
            yield shown[column], value, str(words)


def _example(region: Area) -> list[str]:
    """A row that shows how; its code says that it is an example, and the import refuses none of it."""
    municipality = Area.objects.municipalities().of(region).order_by("code").first()
    terms = {name: queries.by_key(name) for name in Vocabulary.Name}

    def label(name: Vocabulary.Name, key: str) -> str:
        term = terms[name].get(key)
        return str(term.label) if term else key

    values = {
        "code": _("EXAMPLE-1"),
        "name": _("Social Pharmacy (example: please delete this row)"),
        "kind": label(Vocabulary.Name.STRUCTURE_KINDS, "social_pharmacy"),
        "municipality": municipality.name if municipality else "",
        "status": str(Status.DRAFT.label),
        "hours": _("Mon-Fri 08:00-14:00, Wed 16:00-19:00"),
        "services": label(Vocabulary.Name.SERVICES, "medicine_supply"),
        "target_groups": label(Vocabulary.Name.TARGET_GROUPS, "uninsured"),
        "age": "18+",
        "cost": str(Cost.FREE.label),
        "languages": f"{Language.GREEK.label}, {Language.ENGLISH.label}",
        "step_free": str(Answer.YES.label),
        "assured_date": "2026-11-01",
    }
    return [values.get(column.key, "") for column in COLUMNS]
