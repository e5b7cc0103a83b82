"""Synthetic files and tables, made by seed: nobody in them lives, and they say so wherever they appear.

The one exception is the table of residents: it holds the census's own numbers, as the platform has them.

They are written as a ministry's file might be – municipalities in the genitive, in capitals, in Latin
letters; months as numbers or as words – into a temporary folder, and brought in by the same importer.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core import greek
from entaxis.core.review import State, Step
from entaxis.geography import queries as geography
from entaxis.geography.models import Area, Population
from entaxis.sources import phenomena
from entaxis.sources.importing import actions
from entaxis.sources.models import BenefitParameters, Measure, PhenomenonReport, Source, SourceEdition
from entaxis.sources.phenomena import Count

HEADINGS: Final = ("ΑΜΚΑ", "Αρ. αίτησης", "Φύλο", "Έτος γέννησης", "Δήμος", "Μήνας", "Ποσό", "Υποομάδες")
MONTHS: Final = tuple(date(year, month, 1) for year in (2022, 2023) for month in range(1, 13))
MONTH_WORDS: Final = (
    *("Ιανουάριος", "Φεβρουάριος", "Μάρτιος", "Απρίλιος", "Μάιος", "Ιούνιος"),
    *("Ιούλιος", "Αύγουστος", "Σεπτέμβριος", "Οκτώβριος", "Νοέμβριος", "Δεκέμβριος"),
)
REPORTING: Final = 8  # municipalities of the demonstration whose services reported
GROUPS: Final = {  # sub-group → share of persons who say it of themselves
    "long_term_unemployed": 0.22,
    "lone_parents": 0.14,
    "large_families": 0.08,
    "physical_disability": 0.06,
    "mental_disability": 0.04,
    "roma": 0.07,
    "migrants": 0.05,
    "refugees": 0.02,
    "homeless": 0.01,
    "over_indebted": 0.05,
}


HELPED: Final = {  # sub-group → share of the residents whom a municipal service helped in a year
    "long_term_unemployed": 0.0152,
    "lone_parents": 0.0091,
    "physical_disability": 0.0124,
}
AGES: Final = {"0-17": 0.24, "18-64": 0.6, "65+": 0.16}
WORKING_AGE: Final = {"18-64": 1.0}
COUNTS_YEAR: Final = 2023
UNEMPLOYED: Final = {"15-29": 0.012, "30-44": 0.02, "45-64": 0.024}  # of the residents, by age
UNEMPLOYED_MONTHS: Final = ("2022-12", "2023-06", "2023-12")
UNEMPLOYED_HEADINGS: Final = ("Περιοχή", "Μήνας", "Φύλο", "Ηλικία", "Άνεργοι")
RESIDENTS: Final = "residents-census"
"""Key of the source of the table of residents."""
RESIDENTS_HEADINGS: Final = ("Περιοχή", "Έτος", "Κάτοικοι")
COUNT_HEADINGS: Final = ("Δήμος", "Έτος", "Υποομάδα", "Φύλο", "Ηλικία", "Άτομα")


SYNTHETIC: Final = {
    "publisher": "Επίδειξη – συνθετικά δεδομένα",
    "licence": "Συνθετικά δεδομένα· κανένα πραγματικό άτομο",
    "is_synthetic": True,
}
"""What every source of the demonstration says of itself."""


@dataclass(frozen=True, slots=True)
class _Benefit:
    """How a demonstration's file differs from the other."""

    kind: str
    name_el: str
    name_en: str
    share: float  # of the residents who ever appear
    has_amounts: bool


BENEFITS: Final = (
    _Benefit(
        "gmi",
        "Ελάχιστο Εγγυημένο Εισόδημα (επίδειξη)",
        "Guaranteed Minimum Income (demonstration)",
        0.007,
        has_amounts=True,
    ),
    _Benefit(
        "fead",
        "ΤΕΒΑ – διανομές (επίδειξη)",
        "FEAD – distributions (demonstration)",
        0.005,
        has_amounts=False,
    ),
)


def load(*, region: Area, by: User) -> None:
    """Bring one synthetic file of each benefit in; what is there already stays."""
    _parameters()
    for benefit in BENEFITS:
        source, _is_new = Source.objects.get_or_create(
            region=region,
            key=f"{benefit.kind}-demonstration",
            defaults={
                "kind": benefit.kind,
                "name_el": benefit.name_el,
                "name_en": benefit.name_en,
                "frequency": Source.Frequency.YEARLY,
            }
            | SYNTHETIC,
        )
        if source.editions.filter(state=SourceEdition.State.CURRENT).exists():
            continue
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{source.key}-{region.code}.csv"
            _write(path, region, benefit)
            edition = actions.bring_in(source=source, path=path, by=by)
        actions.make_current(edition=edition, by=by)
    _counts(region, by)
    _unemployed(region, by)
    _census(region, by)
    _reports(region)


def _counts(region: Area, by: User) -> None:
    """What the questionnaires of municipal services might tell of their beneficiaries by sub-group."""
    Measure.objects.get_or_create(
        key="beneficiaries",
        defaults={"name_el": "Ωφελούμενοι", "name_en": "Beneficiaries", "unit": Measure.Unit.PERSONS},
    )
    source, _is_new = Source.objects.get_or_create(
        region=region,
        key="subgroups-demonstration",
        defaults={
            "kind": Source.Kind.SUBGROUP_COUNTS,
            "name_el": "Ερωτηματολόγια κοινωνικών υπηρεσιών (επίδειξη)",
            "name_en": "Questionnaires of social services (demonstration)",
            "frequency": Source.Frequency.YEARLY,
        }
        | SYNTHETIC,
    )
    _table(source, COUNT_HEADINGS, count_rows(region), "beneficiaries", by)


def _table(
    source: Source, headings: Sequence[str], rows: Iterable[list[str]], measure: str, by: User
) -> None:
    """Bring a table in, whose last column tells a measure; one that is in force stays."""
    if source.editions.filter(state=SourceEdition.State.CURRENT).exists():
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{source.key}-{source.region.code}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(headings)
            writer.writerows(rows)
        edition = actions.bring_in(
            source=source,
            path=path,
            by=by,
            columns={headings[-1]: f"measure:{measure}"},
        )
    actions.make_current(edition=edition, by=by)


def _unemployed(region: Area, by: User) -> None:
    """What a table of the public employment service might tell."""
    Measure.objects.get_or_create(
        key="registered_unemployed",
        defaults={
            "name_el": "Εγγεγραμμένοι άνεργοι",
            "name_en": "Registered unemployed",
            "unit": Measure.Unit.PERSONS,
        },
    )
    source, _is_new = Source.objects.get_or_create(
        region=region,
        key="unemployed-demonstration",
        defaults={
            "kind": Source.Kind.NATIONAL_TABLE,
            "name_el": "Πίνακας εγγεγραμμένων ανέργων (επίδειξη)",
            "name_en": "Table of registered unemployed (demonstration)",
            "frequency": Source.Frequency.MONTHLY,
        }
        | SYNTHETIC,
    )
    _table(source, UNEMPLOYED_HEADINGS, unemployed_rows(region), "registered_unemployed", by)


def unemployed_rows(region: Area) -> Iterator[list[str]]:
    """Municipalities, their units and the region by month, sex and age, with the sums of all."""
    chance = random.Random(f"{region.code} unemployed")  # noqa: S311 – a demonstration
    told: Counter[tuple[str, str, str, str]] = Counter()
    for area, residents in _residents(region):
        level = chance.uniform(0.7, 1.4)
        for month in UNEMPLOYED_MONTHS:
            for age, share in UNEMPLOYED.items():
                for sex, part in (("Γυναίκες", 0.58), ("Άνδρες", 0.42)):
                    persons = round(residents * share * part * level * chance.uniform(0.85, 1.15))
                    for place in _places(area, region):
                        for key in ((sex, age), (sex, ""), ("", age), ("", "")):
                            told[place, month, *key] += persons
    for cell, number in told.items():
        yield [*cell, str(number)]


def _places(area: Area, region: Area) -> tuple[str, str, str]:
    """As a table names a municipality, its unit and the region."""
    return area.code, area.parent.code if area.parent else "", region.code


def _census(region: Area, by: User) -> None:
    """The residents that the platform knows: real numbers, so neither source nor edition is synthetic."""
    Measure.objects.get_or_create(
        key="population",
        defaults={"name_el": "Μόνιμος πληθυσμός", "name_en": "Usual residents", "unit": "persons"},
    )
    census = geography.residents(region)
    if census is None:
        return
    source, _is_new = Source.objects.get_or_create(
        region=region,
        key=RESIDENTS,
        defaults={
            "kind": Source.Kind.NATIONAL_TABLE,
            "name_el": f"Απογραφή {census.year}, προσωρινά αποτελέσματα",
            "name_en": f"Census of {census.year}, provisional results",
            "publisher": census.source,
            "licence": "Όπως ορίζει η ΕΛΣΤΑΤ",
            "frequency": Source.Frequency.IRREGULAR,
        },
    )
    told: Counter[str] = Counter()
    for area, persons in _residents(region):
        for place in _places(area, region):
            told[place] += persons
    rows = ([place, str(census.year), str(persons)] for place, persons in told.items())
    _table(source, RESIDENTS_HEADINGS, rows, "population", by)


def count_rows(region: Area) -> Iterator[list[str]]:
    """Each sub-group of each municipality by sex and age, with the sums of both."""
    chance = random.Random(f"{region.code} subgroups")  # noqa: S311 – a demonstration
    for area, residents in _residents(region):
        for group, share in HELPED.items():
            persons = round(residents * share * chance.uniform(0.4, 1.7))
            of_age = WORKING_AGE if group == "long_term_unemployed" else AGES
            ages = chance.choices(list(of_age), list(of_age.values()), k=persons)
            told = Counter((chance.choice(("Γυναίκες", "Άνδρες")), age) for age in ages)
            for sex in ("", "Γυναίκες", "Άνδρες"):
                for age in ("", *AGES):
                    number = sum(told[key] for key in told if sex in ("", key[0]) and age in ("", key[1]))
                    yield [area.name_el, str(COUNTS_YEAR), group, sex, age, str(number)]


def _reports(region: Area) -> None:
    """What services would report of last quarter: most of it validated, one waiting, one asked back."""
    if PhenomenonReport.objects.filter(region=region).exists():
        return
    chance = random.Random(f"{region.code} phenomena")  # noqa: S311 – a demonstration
    period = phenomena.quarters(timezone.localdate())[1]
    places = list(Area.objects.municipalities().of(region).order_by("code"))[:REPORTING]
    for number, place in enumerate(places):
        state = {0: State.SUBMITTED, 1: State.ASKED_BACK}.get(number, State.PUBLISHED)
        for phenomenon in ("extreme_poverty", "over_indebted"):
            report = PhenomenonReport.objects.create(
                region=region,
                municipality=place,
                phenomenon=phenomenon,
                period=period,
                basis=chance.choice(PhenomenonReport.Basis.values),
                observed="Κείμενο επίδειξης· κανένας πραγματικός τόπος ή άνθρωπος.",
                state=state,
                is_synthetic=True,
            )
            households = chance.randint(4, 60)
            phenomena.write(report.pk, Count(households, households * 2 + chance.randint(0, 40)))
            if state == State.ASKED_BACK:
                report.passings.create(step=Step.ASK_BACK, reason="Πόσα από αυτά έχουν παιδιά; (επίδειξη)")


def _parameters() -> None:
    """Amounts for trying things out; an office writes its own, with the text they stand in."""
    BenefitParameters.objects.get_or_create(
        kind=Source.Kind.GMI,
        valid_from=date(2022, 1, 1),
        defaults={
            "first_adult_euro": 200,
            "further_adult_euro": 100,
            "minor_euro": 50,
            "income_limit_months": 6,
            "citation": "Επίδειξη· η υπηρεσία γράφει τα ποσά με το επίσημο κείμενο που τα ορίζει.",
            "is_synthetic": True,
        },
    )


def _write(path: Path, region: Area, benefit: _Benefit) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(rows(region, benefit))


def rows(region: Area, benefit: _Benefit) -> Iterator[list[str]]:
    """Households of one to five, each with the benefit for some months in a row."""
    chance = random.Random(f"{region.code}{benefit.kind}")  # noqa: S311 – a demonstration
    people = random.Random(region.code)  # noqa: S311 – some are in both files
    number = household = 0
    for area, residents in _residents(region):
        written = _ways_of_writing(area)
        most = round(residents * benefit.share) + number
        while number < most:
            household += 1
            size = people.choices((1, 2, 3, 4, 5), (42, 20, 16, 14, 8))[0]
            first = chance.randrange(-10, len(MONTHS))
            stay = MONTHS[max(first, 0) : first + chance.randint(3, 18)]
            amount = f"{80 + 55 * size + chance.randint(-30, 60)},00"
            place = chance.choices(written, (6, 2, 1, 1))[0]
            for member in range(size):
                number += 1
                who = _person(people, number, is_adult=member == 0 or (size > 1 and member == 1))
                groups = "; ".join(group for group, share in GROUPS.items() if chance.random() < share)
                for month in stay:
                    paid = amount if member == 0 and benefit.has_amounts else ""
                    yield [
                        who[0],
                        f"{benefit.kind}-{household}",
                        who[1],
                        who[2],
                        place,
                        _month(month, benefit),
                        paid,
                        groups,
                    ]


def _residents(region: Area) -> list[tuple[Area, int]]:
    told = Population.objects.filter(
        area__in=Area.objects.municipalities().filter(region=region),
        vintage=Population.Vintage.PROVISIONAL,
    ).select_related("area__parent")
    return [(each.area, each.persons) for each in told.order_by("area__code")]


def _ways_of_writing(area: Area) -> tuple[str, str, str, str]:
    genitive = area.name_el_genitive or area.name_el
    return genitive, greek.upper_el(f"Δήμος {genitive}"), area.code, area.name_elot743 or area.name_el


def _month(month: date, benefit: _Benefit) -> str:
    if benefit.has_amounts:
        return f"{month:%m/%Y}"
    return f"{MONTH_WORDS[month.month - 1]} {month.year}"


def _person(chance: random.Random, number: int, *, is_adult: bool) -> tuple[str, str, str]:
    """AMKA, sex and year of birth of somebody who never was."""
    sex = chance.choice("fm")
    year = chance.randint(1942, 2003) if is_adult else chance.randint(2004, 2020)
    born = f"{number % 28 + 1:02}{number // 28 % 12 + 1:02}{year % 100:02}"
    digits = f"{born}{number // 336 % 1000:03}{chance.randrange(5) * 2 + (sex == 'm')}"
    total = 0
    for place, digit in enumerate(map(int, digits)):
        twice = digit * 2 if place % 2 else digit
        total += twice - 9 if twice > 9 else twice
    return digits + str(-total % 10), {"f": "Γυναίκα", "m": "Άνδρας"}[sex], str(year)
