"""Counts that the sources hold, as unsuppressed candidates: the only caller of `sources.aggregates` here.

A version of the catalogue says what counts it: ``source:gmi`` and ``source:fead`` persons of a benefit's
files, with ``:households``, ``:amount_eur``, ``:entries``, ``:exits`` or ``:paid_ratio`` behind it those
(`OF_BENEFITS`), ``source:table:KEY`` a measure of tables of statistics, ``source:subgroups:KEY`` one of the
counts by sub-group, ``source:phenomena:KEY`` households in the validated reports of municipalities. A
benefit is told for every month as a whole; by sex, age, sub-group and duration for the last month of a file
and each December, so that one month's tables are protected together; by all of the first three at once for
the last month, of the region and its units alone: in a municipality too few would be left.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from entaxis.geography.models import Area, Level
from entaxis.indicators.models import Candidate, IndicatorVersion, Observation
from entaxis.indicators.models.catalogue import REPORTED
from entaxis.indicators.periods import after
from entaxis.sources import aggregates, guaranteed
from entaxis.sources.models import BenefitParameters, Measure, Source, SourceEdition, TableValue

PREFIX: Final = "source:"
KEYS: Final = {
    "sex": {"f": "sex=female", "m": "sex=male"},
    "age_group": {
        key: f"age={key.replace('+', 'plus')}"
        for key in (aggregates.age_group_key(*group) for group in aggregates.AGE_GROUPS)
    },
}
CROSSED: Final = (
    ("age_group", "sex"),
    ("subgroup", "age_group"),
    ("subgroup", "sex"),
    ("subgroup", "age_group", "sex"),
)
"""Breakdowns of breakdowns, in the order of the conditions of their keys."""
DECEMBER: Final = 12
PAID_RATIO: Final = "paid_ratio"
"""Euros paid for each euro guaranteed, of the region alone. With euros, persons and households it tells how
many are paid as minors: below the region that may be few, also in months whose ages are not told."""
OF_BENEFITS: Final = ("", "households", "amount_eur", "entries", "exits", PAID_RATIO)
"""What the files of a benefit tell beside its persons: households and euros paid in a month; those who have
it in a month and had not the month before; those who had it the month before and have it no more."""
FLOWS: Final = ("entries", "exits")
DURATION: Final = "duration"
"""A breakdown: for up to a year, or for longer."""

Place = tuple[str, str, str]
"""Period, code of area and breakdown."""
Counts = dict[Place, int]


class Parts(NamedTuple):
    """Months of which figures by sex, age or sub-group are public already, and by several at once."""

    once: frozenset[date]
    crossed: frozenset[date]


NO_PARTS: Final = Parts(frozenset(), frozenset())


def counted_by(edition: SourceEdition, versions: Iterable[IndicatorVersion]) -> dict[str, IndicatorVersion]:
    """The indicators that a file can give, by what is left of their computation behind the prefix."""
    wanted = {one.computation.removeprefix(PREFIX): one for one in versions if is_counted(one)}
    source = edition.source
    if source.kind in Source.OF_PERSONS:
        return {name: version for name, version in wanted.items() if _of_benefit(name)[0] == source.kind}
    head = "subgroups:" if source.kind == Source.Kind.SUBGROUP_COUNTS else "table:"
    return {name.removeprefix(head): version for name, version in wanted.items() if name.startswith(head)}


def is_understood(computation: str, measures: Collection[str]) -> bool:
    """Whether a source's counts give what a version asks; ``measures`` are the keys that tables know."""
    name = computation.removeprefix(PREFIX)
    if name == computation:
        return False
    head, _colon, key = name.partition(":")
    if _of_benefit(name)[0]:
        return True
    return head in ("table", "subgroups") and key in measures


def _of_benefit(name: str) -> tuple[str, str]:
    """``gmi:exits`` → the benefit and what is counted of it; empty words of anything else."""
    kind, colon, measure = name.partition(":")
    is_one = kind in Source.OF_PERSONS and measure in OF_BENEFITS and bool(colon) == bool(measure)
    return (kind, measure) if is_one else ("", "")


def together(versions: Iterable[IndicatorVersion]) -> dict[int, str]:
    """Versions whose cells are withheld together, each with a word for its family.

    Persons, households and what they were paid give each other away.
    """
    kinds = {version.pk: _counted_of(version) for version in versions}
    return {
        pk: kind for pk, (kind, measure) in kinds.items() if kind and measure not in (*FLOWS, PAID_RATIO)
    }


def following(versions: Iterable[IndicatorVersion]) -> dict[int, str]:
    """Versions that are told only where all of a family's whole and ages is, with the word for it."""
    kinds = {version.pk: _counted_of(version) for version in versions}
    return {pk: kind for pk, (kind, measure) in kinds.items() if measure == PAID_RATIO}


def stands_on_amounts(version: IndicatorVersion) -> bool:
    """Whether its figures are computed with the amounts that a benefit guarantees."""
    return _counted_of(version)[1] == PAID_RATIO


def bound_to(version: IndicatorVersion, others: Iterable[IndicatorVersion]) -> list[IndicatorVersion]:
    """A version and those of the others without which it cannot be protected as it was."""
    kind, measure = _counted_of(version)
    return [
        one
        for one in others
        if one.pk == version.pk
        or (kind and _counted_of(one)[0] == kind and (measure in FLOWS or _counted_of(one)[1] not in FLOWS))
    ]


def moving(versions: Iterable[IndicatorVersion]) -> dict[int, tuple[int, str]]:
    """Versions that count who came or who went, each with the version of the persons and which it is."""
    kinds = {version.pk: _counted_of(version) for version in versions}
    persons = {kind: pk for pk, (kind, measure) in kinds.items() if kind and not measure}
    return {
        pk: (persons[kind], measure)
        for pk, (kind, measure) in kinds.items()
        if measure in FLOWS and kind in persons
    }


def is_of_benefit(version: IndicatorVersion) -> bool:
    """Whether it counts the files of a benefit."""
    return bool(_counted_of(version)[0])


def _counted_of(version: IndicatorVersion) -> tuple[str, str]:
    """Which benefit's files a version counts, and what of them; empty words of any other."""
    return _of_benefit(version.computation.removeprefix(PREFIX)) if is_counted(version) else ("", "")


def month_before(
    edition: SourceEdition, versions: Iterable[IndicatorVersion]
) -> dict[tuple[int, str], dict[tuple[int, str], int]]:
    """Persons of the month before a file's first, by version and month, then by area and breakdown.

    Empty of files that are not of persons, and where no file in force tells that month.
    """
    source = edition.source
    persons = [version.pk for version in versions if _counted_of(version) == (source.kind, "")]
    if not persons or not edition.since:
        return {}
    month = (edition.since.replace(day=1) - timedelta(days=1)).replace(day=1)
    told = _stock_of(source, month, month)
    areas = _areas(source.region)
    counts = {(areas[area], "total"): number for area, number in told.select("area", "persons").iter_rows()}
    return {(pk, _period(month)): counts for pk in persons} if counts else {}


def is_counted(version: IndicatorVersion) -> bool:
    """Whether it comes from counts of the sources and not from a survey."""
    return version.computation.startswith(PREFIX)


def candidates(
    edition: SourceEdition, versions: dict[str, IndicatorVersion], *, before: datetime | None = None
) -> list[Candidate]:
    """Every figure that a file in force gives, for `counted_by`'s indicators.

    ``before``: beside what was public before that hour, and not beside what is public now.
    """
    source = edition.source
    if source.kind in Source.OF_PERSONS:
        return _of_file(edition, versions, before)
    if source.kind == Source.Kind.SUBGROUP_COUNTS:
        return [
            row
            for key, version in versions.items()
            for row in _rows(version, _of_subgroups(source.region, key), source.region)
        ]
    return [
        row for key, version in versions.items() for row in _of_table(edition, version, key, source.region)
    ]


def tells(edition: SourceEdition, versions: dict[str, IndicatorVersion]) -> set[tuple[int, str]]:
    """Indicator and period of every series that a file may give, without counting it.

    A figure stands under the period that its file tells: nothing of an earlier one is counted anew. Who
    came in the first month of a file is told beside the month before it, which stays as it is.
    """
    source = edition.source
    if source.kind in Source.OF_PERSONS:
        months = _months(edition)
        return {(version.indicator_id, month) for version in versions.values() for month in months}
    if source.kind == Source.Kind.SUBGROUP_COUNTS:
        told: Iterable[tuple[str, str]] = aggregates.subgroup_periods(edition)
    else:
        told = TableValue.objects.filter(edition=edition).values_list("measure__key", "period").distinct()
    return {(versions[key].indicator_id, period) for key, period in told if key in versions}


def _months(edition: SourceEdition) -> list[str]:
    """Every month of a file, earliest first."""
    if not edition.since or not edition.until:
        return []
    found = [_period(edition.since)]
    while found[-1] < _period(edition.until):
        found.append(after(found[-1]))
    return found


# --- benefits -------------------------------------------------------------------------------------


def _of_file(
    edition: SourceEdition, versions: dict[str, IndicatorVersion], before: datetime | None
) -> list[Candidate]:
    """What each version asks of a benefit's file. Amounts stand on the households behind them."""
    region = edition.source.region
    stock = _stock(edition)
    flows = _flows(edition, stock)
    found: list[Candidate] = []
    for name, version in versions.items():
        _kind, measure = _of_benefit(name)
        amounts = None
        if measure == PAID_RATIO:
            found += _paid_ratio(edition, version)
            continue
        if measure == "amount_eur":
            counts, amounts = _column(stock, "households"), _column(stock, "amount_euro")
            if not any(amounts.values()):
                continue  # a benefit in kind tells no amounts, which is not nothing
        elif measure in FLOWS:
            counts = _column(flows, measure)
        elif measure:
            counts = _column(stock, measure)
        else:
            parts = public_parts(version, region, before)
            counts = _of_persons(edition, version, _column(stock, "persons"), parts)
        found += _rows(version, counts, region, is_summed=True, amounts=amounts)
    return found


def _paid_ratio(edition: SourceEdition, version: IndicatorVersion) -> list[Candidate]:
    """Of each month with amounts in force; it stands on the fewest of those whose number it tells."""
    source = edition.source
    paid = aggregates.payments(source.region, source.kind, since=edition.since, until=edition.until)
    if paid.filter(pl.col("adults") + pl.col("minors") > 1).is_empty():
        return []  # a file of recipients alone tells no composition
    held = guaranteed.guaranteed(paid, _amounts(edition)).drop_nulls("guaranteed")
    households = pl.col("households")
    months = held.group_by("month").agg(
        (pl.col("cents").sum() / (pl.col("guaranteed") * households).sum()).alias("ratio"),
        households.sum(),
        (pl.col("raised") * households).sum().alias("raised"),
        ((pl.col("minors") - pl.col("raised")) * households).sum().alias("minors"),
    )
    return [
        _candidate(
            version, (_period(month), source.region_id, "total"), ratio,
            members=min(number for number in told if number),
        )
        for month, ratio, *told in months.sort("month").iter_rows()
    ]  # fmt: skip


def _amounts(edition: SourceEdition) -> list[BenefitParameters]:
    return guaranteed.amounts(edition.source.kind, is_synthetic=edition.is_synthetic)


def _stock(edition: SourceEdition) -> pl.DataFrame:
    """What `_stock_of` says of the months of a file."""
    return _stock_of(edition.source, edition.since, edition.until)


def _stock_of(source: Source, since: date | None, until: date | None) -> pl.DataFrame:
    """Columns ``month``, ``area``, ``persons``, ``households``, ``amount_euro``, of every level and month.

    An area that the files tell of at all has nobody in a month of which they tell nobody.
    """
    region, kind = source.region, source.kind
    towns = aggregates.beneficiaries(region, kind, since=since, until=until).rename(
        {"municipality": "area"}
    )
    above = aggregates.totals(region, kind, since=since, until=until)
    told = pl.concat([towns, above.select(towns.columns)])
    return _filled(told, told["month"], told["area"])


def _flows(edition: SourceEdition, stock: pl.DataFrame) -> pl.DataFrame:
    """Columns ``month``, ``area``, ``entries``, ``exits``; only of months before which another is told.

    An area that the file tells of at all, and where nobody moved, has noughts.
    """
    source = edition.source
    towns = aggregates.flows(source.region, source.kind, since=edition.since, until=edition.until)
    towns = towns.with_columns(entries=pl.col("entries") + pl.col("returns")).drop("returns")
    inside = Area.objects.municipalities().of(source.region).values_list("code", "parent__code")
    chain = [(code, above) for code, unit in inside for above in (code, unit, source.region.code)]
    above = pl.DataFrame(chain, schema={"municipality": pl.String, "area": pl.String}, orient="row")
    told = towns.join(above, on="municipality").group_by("month", "area").agg(pl.col(FLOWS).sum())
    return _filled(told, told["month"], stock["area"])


def _filled(told: pl.DataFrame, months: pl.Series, areas: pl.Series) -> pl.DataFrame:
    """With noughts for every month and area of which nothing is told."""
    grid = months.unique().to_frame("month").join(areas.drop_nulls().unique().to_frame("area"), how="cross")
    return grid.join(told, on=("month", "area"), how="left").fill_null(0)


def _column(told: pl.DataFrame, name: str) -> dict[Place, Any]:
    """One measure of everybody, by period, area and breakdown."""
    rows = told.select("month", "area", name).iter_rows()
    return {(_period(month), area, "total"): value for month, area, value in rows}


def _of_persons(edition: SourceEdition, version: IndicatorVersion, counts: Counts, parts: Parts) -> Counts:
    """With sexes, ages and sub-groups of the months of reference; by duration where the version says so."""
    region, kind = edition.source.region, edition.source.kind
    months = {date.fromisoformat(f"{period}-01") for period, _, _ in counts}
    broken_down, crossed = reference_months(months, parts)
    for month in broken_down:
        for name in aggregates.BREAKDOWNS:
            told = aggregates.beneficiaries(region, kind, by=(name,), since=month, until=month)
            counts |= _with_above(_broken_down(told, name), region)
        if DURATION in version.breakdowns:
            counts |= _with_above(_by_duration(aggregates.by_duration(region, kind, month)), region)
    counts = _with_zeros(counts, {code for _, code, _ in counts})
    for month in crossed:
        counts |= _crossed(edition, month)
    return counts


def _crossed(edition: SourceEdition, month: date) -> Counts:
    """Sub-groups by sex and age, of the region and its units."""
    region, kind = edition.source.region, edition.source.kind
    counts: Counts = {}
    for names in CROSSED:
        told = aggregates.beneficiaries(region, kind, by=names, since=month, until=month)
        counts |= _with_above(_broken_down(told, *names), region)
    above = set(_inside(region))
    return _with_zeros({place: number for place, number in counts.items() if place[1] in above}, above)


def reference_months(months: Iterable[date], parts: Parts = NO_PARTS) -> tuple[list[date], list[date]]:
    """The months whose beneficiaries are told by sex, age and sub-group, and those told by all at once.

    A month that was the last of an earlier file was told by parts then, and is so again: told by its whole
    alone, it would say what its public parts were withheld for.
    """
    told = sorted(months)
    last = told[-1:]
    broken_down = [month for month in told if month.month == DECEMBER or month in {*last, *parts.once}]
    return broken_down, [month for month in told if month in {*last, *parts.crossed}]


def public_parts(version: IndicatorVersion, region: Area, before: datetime | None = None) -> Parts:
    """The months of an indicator of which figures by parts are public; ``before``: were, at that hour."""
    told = Observation.objects.filter(
        series__region=region, series__indicator=version.indicator_id, value__isnull=False
    ).exclude(breakdown="total")
    if before:
        told = told.filter(series__release__published_at__lt=before)
    once, crossed = set(), set()
    for period, breakdown in told.values_list("series__period", "breakdown").distinct():
        month = date.fromisoformat(f"{period}-01")
        once.add(month)
        if ";" in breakdown:
            crossed.add(month)
    return Parts(frozenset(once), frozenset(crossed))


def _broken_down(told: pl.DataFrame, *names: str) -> Counts:
    """Without those of whom it is not known; a sub-group keeps the key of its code list."""
    key = pl.concat_str([_condition(name) for name in names], separator=";")
    rows = told.select("month", "municipality", key.alias("key"), "persons").drop_nulls("key")
    return {(_period(month), code, label): persons for month, code, label, persons in rows.iter_rows()}


def _condition(name: str) -> pl.Expr:
    """A column of the sources as a condition of a breakdown's key; null where it is not known."""
    if name == "subgroup":
        return pl.when(pl.col(name) != aggregates.NO_GROUP).then(pl.format("subgroup={}", name))
    return pl.col(name).replace_strict(KEYS[name], default=None, return_dtype=pl.String)


def _by_duration(told: pl.DataFrame) -> Counts:
    """Who has had it for up to a year, and who for longer."""
    return {
        (_period(month), code, f"{DURATION}={key}"): number
        for month, code, persons, longer in told.iter_rows()
        for key, number in (("upto12", persons - longer), ("longer12", longer))
    }


def _with_above(counts: Counts, region: Area) -> Counts:
    """With the sums of regional units and of the region."""
    units = dict(Area.objects.municipalities().of(region).values_list("code", "parent__code"))
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for (period, code, key), persons in counts.items():
        for area in (code, units[code], region.code):
            found[period, area, key] += persons
    return dict(found)


def _with_zeros(counts: Counts, areas: set[str]) -> Counts:
    """An area that a file tells of at all has nobody where it tells nobody."""
    kinds = {(period, key) for period, _, key in counts}
    return {(period, area, key): 0 for period, key in kinds for area in areas} | counts


def _period(month: date) -> str:
    return f"{month:%Y-%m}"


# --- counts by sub-group, tables ------------------------------------------------------------------


def _of_subgroups(region: Area, measure: str) -> Counts:
    told = aggregates.subgroup_counts(region).filter(pl.col("measure") == measure)
    columns = ("period", "municipality", "subgroup", "breakdown", "value")
    counts = {
        (period, code, _key(f"subgroup={subgroup};{rest}" if rest else f"subgroup={subgroup}")): int(value)
        for period, code, subgroup, rest, value in told.select(*columns).iter_rows()
    }
    return _with_whole(counts, region)


def _with_whole(counts: Counts, region: Area) -> Counts:
    """With the sums of regional units and of the region that the file does not tell itself.

    Only where every municipality of the area is told: a municipality that sent nothing is unknown.
    """
    inside = _inside(region)
    told: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (period, code, key), persons in counts.items():
        told[period, key][code] = persons
    sums = {
        (period, above, key): sum(here[code] for code in codes)
        for (period, key), here in told.items()
        for above, codes in inside.items()
        if codes <= here.keys()
    }
    return sums | counts


def _of_table(edition: SourceEdition, version: IndicatorVersion, key: str, region: Area) -> list[Candidate]:
    """A table of statistics: counts are protected, shares and amounts stand as they were published."""
    cells = TableValue.objects.filter(edition=edition, measure__key=key).select_related("measure")
    wrong = aggregates.doubted(region)
    return [
        _candidate(
            version,
            (cell.period, cell.area_id, _key(cell.breakdown)),
            float(cell.value),
            members=int(cell.value) if cell.measure.unit in Measure.COUNTS else 0,
        )
        for cell in cells
        if cell.pk not in wrong
    ]


def _key(breakdown: str) -> str:
    """A source's breakdown as figures write it: ``sex=f;age=15-24`` → ``sex=female;age=15-24``."""
    words = {"sex=f": "sex=female", "sex=m": "sex=male"}
    return ";".join(words.get(part, part).replace("+", "plus") for part in breakdown.split(";")) or "total"


# --- reports of phenomena -------------------------------------------------------------------------


def phenomena(versions: Iterable[IndicatorVersion]) -> dict[str, IndicatorVersion]:
    """The indicators that reports of municipalities give, by phenomenon."""
    return {one.computation.removeprefix(REPORTED): one for one in versions if one.is_reported}


def reported(region: Area, period: str, versions: dict[str, IndicatorVersion]) -> list[Candidate]:
    """Households that municipalities reported in a quarter, and their sums over those that did.

    A municipality without a validated report has no row: nothing is known of it.
    """
    told = aggregates.phenomena(region).filter(pl.col("period") == period)
    columns = ("phenomenon", "municipality", "households")
    counts: dict[str, Counts] = defaultdict(dict)
    for phenomenon, code, households in told.select(*columns).iter_rows():
        counts[phenomenon][period, code, "total"] = households
    return [
        row
        for phenomenon, version in versions.items()
        for row in _rows(version, _with_above(counts[phenomenon], region), region, is_summed=True)
    ]


# --- candidates -----------------------------------------------------------------------------------


def _rows(
    version: IndicatorVersion,
    counts: Counts,
    region: Area,
    *,
    is_summed: bool = False,
    amounts: Mapping[Place, float] | None = None,
) -> list[Candidate]:
    """A candidate for each count; ``is_summed``: units and region are sums of the municipalities here.

    Where there are ``amounts``, each stands on what is counted.
    """
    areas = _areas(region)
    partial = _partial(counts, region) if is_summed else {}
    return [
        _candidate(
            version,
            (period, areas[code], key),
            float(amounts[period, code, key] if amounts else persons),
            members=persons,
            reported=partial.get((period, code, key)),
        )
        for (period, code, key), persons in sorted(counts.items())
        if code in areas
    ]


def _partial(counts: Counts, region: Area) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Of sums over municipalities of which some are not told: how many are, and how many there are.

    What is told of none by itself is known of those whose persons are.
    """
    inside = _inside(region)
    of_towns = {(period, key) for period, area, key in counts if area not in inside}
    told = {
        (period, area, key): sum(
            (period, code, key if (period, key) in of_towns else "total") in counts for code in inside[area]
        )
        for period, area, key in counts
        if area in inside
    }
    every = {place: (number, len(inside[place[1]])) for place, number in told.items()}
    return {place: (number, whole) for place, (number, whole) in every.items() if number < whole}


def _inside(region: Area) -> dict[str, set[str]]:
    """The municipalities of the region and of each of its units, by code."""
    inside: dict[str, set[str]] = defaultdict(set)
    for code, unit in Area.objects.municipalities().of(region).values_list("code", "parent__code"):
        inside[unit].add(code)
        inside[region.code].add(code)
    return inside


def _areas(region: Area) -> dict[str, int]:
    levels = (Level.MUNICIPALITY, Level.REGIONAL_UNIT)
    inside = Area.objects.current().of(region).filter(level__in=levels)
    return dict(inside.values_list("code", "pk")) | {region.code: region.pk}


def _candidate(
    version: IndicatorVersion,
    place: tuple[str, int, str],
    value: float,
    *,
    members: int,
    reported: tuple[int, int] | None = None,
) -> Candidate:
    period, area, breakdown = place
    told, every = reported or (None, None)
    return Candidate(
        version=version,
        period=period,
        area_id=area,
        breakdown=breakdown,
        kind=Candidate.COUNT,
        value=value,
        members=members,
        flag="",
        note="",
        reported=told,
        reported_of=every,
    )


def facts(edition: SourceEdition) -> list[dict[str, Any]]:
    """What a passport says of the files behind the figures: every one in force of the same months.

    Those of a benefit's year before, on which who came, who went and for how long stand, are marked.
    """
    source = edition.source
    if not edition.since or not edition.until:
        return []
    since, amounts = edition.since, _amounts(edition)
    if source.kind in Source.OF_PERSONS:
        since = since.replace(day=1, year=since.year - 1)
    return [
        {
            "source": each.source,
            "publisher": each.publisher,
            "licence": each.licence,
            "checksum": each.checksum,
            "mapping": each.mapping_version,
            "since": f"{each.since:%m/%Y}" if each.since else "",
            "until": f"{each.until:%m/%Y}" if each.until else "",
            "rows": each.rows,
            "is_before": each.until < edition.since,
            "guaranteed": guaranteed.facts(amounts, each.since, each.until),
        }
        for each in aggregates.editions(source.region, source.kind)
        if each.id == edition.pk or source.kind != Source.Kind.NATIONAL_TABLE
        if each.since and each.until and each.since <= edition.until and each.until >= since
    ]
