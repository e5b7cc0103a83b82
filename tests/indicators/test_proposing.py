"""From a file of a benefit in force to published figures, held against a plain count of the file."""

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, counting, proposing, tasks
from entaxis.indicators.models import IndicatorVersion, Observation, Reason, Release, ReleasedSeries
from entaxis.sources.importing import actions as importing
from entaxis.sources.models import Measure, Source, SourceEdition
from tests import factories
from tests.indicators.conftest import SIZES
from tests.sources import files

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
MONTHS = ["2023-11", "2023-12", "2024-01"]
Bring = Callable[..., SourceEdition]


@pytest.fixture
def bring(region: Area, tmp_path: Path) -> Bring:
    factories.vulnerable_groups()

    def bring(rows: list[dict[str, str]], **facts: object) -> SourceEdition:
        source = Source.objects.filter(region=region).first() or factories.source("gmi", home=region)
        path = files.write(tmp_path / f"{len(rows)}.csv", rows)
        edition = importing.bring_in(source=source, path=path, by=None, **facts)
        importing.make_current(edition=edition, by=None)
        edition.refresh_from_db()
        return edition

    return bring


def rows_of(count: int = 400) -> list[dict[str, str]]:
    """Most in large towns; in one a handful, of whom two are lone parents."""
    sizes = {"2201": 0.4, "2202": 0.2, "2203": 0.01, "2301": 0.2, "2302": 0.1, "2303": 0.09}
    rows = []
    number = 0
    for code, share in sizes.items():
        for at in range(max(3, round(count * share))):
            number += 1
            groups = "lone_parents" if at < 2 or at % 3 == 0 else ""
            sex = "Άνδρας" if at % 2 else "Γυναίκα"
            amka = files.amka(number, sex="m" if at % 2 else "f")
            rows += [
                files.row(number, municipality=code, month=month, groups=groups, sex=sex, amka=amka)
                for month in MONTHS
            ]
    return rows


@pytest.fixture
def edition(bring: Bring) -> SourceEdition:
    return bring(rows_of())


@pytest.fixture
def release(edition: SourceEdition, maker: User) -> Release:
    made = proposing.begin(edition=edition, by=maker)
    proposing.count(release=made)
    return made


def _client(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def test_published_beneficiaries_are_those_of_the_file(
    release: Release, edition: SourceEdition, approver: User
) -> None:
    actions.approve(release=release, by=approver)
    plain: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows_of():
        for code in (row["municipality"], row["municipality"][:2], "EL61"):
            plain[row["month"], code] += 1
    shown = Observation.objects.filter(
        series__indicator__code="gmi_beneficiaries", breakdown="total", value__isnull=False
    )
    found = {(row.series.period, row.area.code): row.value for row in shown}
    assert found
    assert all(plain[key] == value for key, value in found.items())
    assert {period for period, _ in found} == set(MONTHS)
    assert release.files[0]["checksum"] == edition.checksum


def test_small_counts_are_withheld_with_what_gives_them_away(release: Release, approver: User) -> None:
    actions.approve(release=release, by=approver)
    tiny = Observation.objects.filter(area__code="2203", breakdown="total")
    assert {row.reason for row in tiny} == {Reason.SMALL_COUNT}
    groups = Observation.objects.filter(breakdown="subgroup=lone_parents")
    assert groups.filter(value__isnull=False).exists()
    assert not groups.filter(value__lt=5, value__gt=0).exists()
    withheld = Observation.objects.filter(area__code__startswith="22", breakdown="total", value=None)
    assert withheld.count() > tiny.count()
    assert {row.reason for row in withheld} == {Reason.SMALL_COUNT}, "nobody is told which of them is small"


def test_real_and_synthetic_files_are_never_counted_together(
    bring: Bring, edition: SourceEdition, maker: User
) -> None:
    later = [row | {"month": "2024-02"} for row in rows_of()[:300:3]]
    second = bring(later, is_synthetic=True)
    for each in (edition, second):
        with pytest.raises(actions.NotNowError, match="δεν μετρούν ποτέ μαζί"):
            proposing.begin(edition=each, by=maker)
    importing.discard(edition=second)
    assert proposing.begin(edition=edition, by=maker)


def test_a_series_goes_on_with_its_own_nature(
    bring: Bring, release: Release, edition: SourceEdition, maker: User, approver: User
) -> None:
    actions.approve(release=release, by=approver)
    importing.discard(edition=edition)
    made_up = bring([row | {"month": "2024-02"} for row in rows_of()[:300:3]], is_synthetic=True)
    with pytest.raises(actions.NotNowError, match="ποτέ στην ίδια σειρά"):
        proposing.begin(edition=made_up, by=maker)


def test_throwing_a_file_away_names_the_releases_that_stand_on_it(
    release: Release, edition: SourceEdition, region: Area
) -> None:
    url = reverse("sources:office-discard", args=[edition.pk])
    page = _client(factories.region_administrator(region)).get(url).content.decode()
    assert release.title in page
    assert reverse("indicators:office-release", args=[release.pk]) in page


def moving_rows(count: int = 300) -> list[dict[str, str]]:
    """Households of two that come and go by month, each with one amount; in one town hardly any."""
    sizes = {"2201": 0.4, "2202": 0.2, "2203": 0.02, "2301": 0.2, "2302": 0.1, "2303": 0.09}
    stays = (MONTHS, MONTHS[:1], MONTHS[1:], MONTHS[2:], [MONTHS[0], MONTHS[2]])
    rows, number, house = [], 0, 0
    for code, share in sizes.items():
        for at in range(max(2, round(count * share / 2))):
            house += 1
            for member in range(2):
                number += 1
                rows += [
                    files.row(
                        number,
                        municipality=code,
                        month=month,
                        household=f"H{house}",
                        amount=f"{200 + at},50" if not member else "",
                    )
                    for month in stays[at % len(stays)]
                ]
    return rows


def told(code: str) -> dict[tuple[str, str], Observation]:
    rows = Observation.objects.filter(series__indicator__code=code, breakdown="total")
    return {(row.series.period, row.area.code): row for row in rows.select_related("series", "area")}


def _plain(rows: list[dict[str, str]]) -> dict[str, dict[tuple[str, str], float]]:
    """What the file says of each measure, counted without the platform."""
    here: dict[str, dict[str, set[str]]] = {month: defaultdict(set) for month in MONTHS}
    found: dict[str, dict[tuple[str, str], float]] = {
        name: defaultdict(float) for name in ("households", "amount", "entries", "exits")
    }
    houses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for code in (row["municipality"], row["municipality"][:2], "EL61"):
            here[row["month"]][code].add(row["amka"])
            houses[row["month"], code].add(row["household"])
            found["amount"][row["month"], code] += float(row["amount"].replace(",", ".") or 0)
    for key, inside in houses.items():
        found["households"][key] = len(inside)
    for former, month in pairwise(MONTHS):
        for code in here[month].keys() | here[former].keys():
            found["entries"][month, code] = len(here[month][code] - here[former][code])
            found["exits"][month, code] = len(here[former][code] - here[month][code])
    return found


@pytest.mark.parametrize("kind", ["gmi", "fead"])
def test_households_amounts_entries_and_exits_are_those_of_the_file(
    bring: Bring, region: Area, maker: User, approver: User, kind: str
) -> None:
    factories.source(kind, home=region, kind=kind)
    rows = moving_rows()
    if kind == "fead":  # food has no amount
        rows = [row | {"amount": ""} for row in rows]
    made = proposing.begin(edition=bring(rows), by=maker)
    proposing.count(release=made)
    actions.approve(release=made, by=approver)
    plain = _plain(rows)
    for name in ("households", "amount", "entries", "exits"):
        figures = told(f"{kind}_{name}")
        if kind == "fead" and name == "amount":
            assert not figures, "nothing is said of what the file does not tell"
            continue
        shown = {key: row.value for key, row in figures.items() if row.value is not None}
        assert shown == {key: plain[name][key] for key in shown}
        assert len(shown) >= 8
        months = MONTHS if name in ("households", "amount") else MONTHS[1:]
        assert {month for month, _ in figures} == set(months), "who came in the first month is unknown"


def test_what_gives_households_away_is_withheld_with_them(
    bring: Bring, maker: User, approver: User
) -> None:
    made = proposing.begin(edition=bring(moving_rows()), by=maker)
    proposing.count(release=made)
    actions.approve(release=made, by=approver)
    hidden = {
        name: {key for key, row in told(f"gmi_{name}").items() if row.value is None}
        for name in ("beneficiaries", "households", "amount", "entries", "exits")
    }
    assert (MONTHS[0], "2203") in hidden["households"]
    assert hidden["beneficiaries"] == hidden["households"] == hidden["amount"]
    assert len(hidden["amount"]) >= 2 * len(MONTHS), "the rest of its unit would tell it"
    assert hidden["entries"] != set()
    parts = {
        (row.series.period, row.area.code, row.breakdown): row.value
        for row in Observation.objects.filter(series__indicator__code="gmi_beneficiaries").select_related(
            "series", "area"
        )
    }
    for month, code in hidden["households"]:
        sexes = [parts.get((month, code, f"sex={sex}")) for sex in ("female", "male")]
        assert None in sexes, "both sexes would tell the persons, and they how few households there are"
    for month in MONTHS:
        gone = {code for when, code in hidden["amount"] if when == month}
        unit = {code for code in gone if code.startswith("22") and len(code) == 4}
        assert "22" in gone or len(unit) >= 2


def test_distributions_are_told_of_december_and_of_the_last_month(release: Release, approver: User) -> None:
    actions.approve(release=release, by=approver)
    told = Observation.objects.filter(breakdown="sex=female").values_list("series__period", flat=True)
    assert set(told) == {"2023-12", "2024-01"}
    assert counting.reference_months([]) == ([], [])


def test_a_longer_file_tells_a_month_as_it_was_told(
    release: Release, bring: Bring, maker: User, approver: User
) -> None:
    """By its total alone, it would say what the parts that are public were withheld for."""
    actions.approve(release=release, by=approver)
    told_before = cells_of("2024-01")
    assert any(";" in breakdown for _area, breakdown in told_before)
    more = [row | {"month": "2024-02"} for row in rows_of() if row["month"] == "2024-01"]
    edition = bring([*rows_of(), *more])
    again = proposing.begin(edition=edition, by=maker, note="Ένας μήνας ακόμη.")
    proposing.count(release=again)
    actions.approve(release=again, by=approver)
    assert cells_of("2024-01") == told_before
    assert any(";" in breakdown for _area, breakdown in cells_of("2024-02"))
    withheld = Observation.objects.filter(series__period="2024-01", value=None)
    first, second = (
        set(withheld.filter(series__release=one).values_list("area", "breakdown"))
        for one in (release, again)
    )
    assert first == second != set()


def cells_of(period: str) -> set[tuple[int, str]]:
    rows = Observation.objects.filter(
        series__period=period, series__is_current=True, series__indicator__code="gmi_beneficiaries"
    )
    return set(rows.values_list("area", "breakdown"))


def test_who_came_is_told_once_the_month_before_is_public(
    bring: Bring, maker: User, approver: User
) -> None:
    """A month published later than the next one would tell who came in between."""
    rows = moving_rows()
    first = bring([row for row in rows if row["month"] != MONTHS[2]])
    last = bring([row for row in rows if row["month"] == MONTHS[2]])
    early = proposing.begin(edition=last, by=maker)
    proposing.count(release=early)
    actions.approve(release=early, by=approver)
    assert not Observation.objects.filter(series__indicator__code="gmi_entries").exists()
    for edition in (first, last):
        made = proposing.begin(edition=edition, by=maker, note="Με τον προηγούμενο μήνα.")
        proposing.count(release=made)
        actions.approve(release=made, by=approver)
    told = Observation.objects.filter(series__indicator__code="gmi_entries", value__isnull=False)
    assert set(told.values_list("series__period", flat=True)) == {MONTHS[1], MONTHS[2]}


def test_a_town_where_nobody_moved_has_noughts(bring: Bring, maker: User) -> None:
    edition = bring(moving_rows() + [files.row(9000, municipality="2302", month=month) for month in MONTHS])
    cells = counting.candidates(edition, proposing.given_by(edition))
    flows = [row for row in cells if row.version.computation == "source:gmi:entries"]
    assert {row.reported for row in flows} == {None}, "nobody's report is missing"
    quiet = bring(
        [row for row in moving_rows() if row["municipality"] != "2302"]
        + [files.row(9000, municipality="2302", month=month) for month in MONTHS]
    )
    cells = counting.candidates(quiet, proposing.given_by(quiet))
    town = Area.objects.get(code="2302", level="municipality").pk
    values = {
        (row.version.computation, row.value)
        for row in cells
        if row.area_id == town and row.version.computation in ("source:gmi:entries", "source:gmi:exits")
    }
    assert values == {("source:gmi:entries", 0), ("source:gmi:exits", 0)}


def test_sub_groups_by_sex_and_age_are_told_above_the_municipality(
    bring: Bring, maker: User, approver: User
) -> None:
    old = files.row(9999, municipality="2301", month="2024-01", groups="lone_parents", birth="1950")
    release = proposing.begin(edition=bring([*rows_of(), old]), by=maker)
    proposing.count(release=release)
    actions.approve(release=release, by=approver)
    told = Observation.objects.filter(breakdown="subgroup=lone_parents;age=30-44;sex=female")
    assert {row.area.code for row in told.select_related("area")} == {"22", "23", "EL61"}
    assert {row.series.period for row in told} == {"2024-01"}, "of the last month alone"
    assert not told.exclude(reported=None).exists(), "nobody's report is missing"
    values = {row.area.code: row.value for row in told}
    plain = {"22": 0, "23": 0}
    for row in rows_of():
        if row["month"] == "2024-01" and row["groups"] and row["sex"] == "Γυναίκα":
            plain[row["municipality"][:2]] += 1
    shown = {code: value for code, value in values.items() if value is not None}
    assert shown
    assert shown.items() <= (plain | {"EL61": sum(plain.values())}).items()
    older = Observation.objects.filter(breakdown="subgroup=lone_parents;age=65plus;sex=female")
    reasons = dict(older.values_list("area__code", "reason"))
    assert reasons["23"] == Reason.SMALL_COUNT, "one person"
    assert set(reasons) == {"22", "23", "EL61"}, "nobody is known, which is not unknown"
    assert Observation.objects.filter(breakdown="age=30-44;sex=male", area__code="EL61").exists()


def test_a_municipality_that_a_file_does_not_tell_leaves_its_sums_at_least(
    bring: Bring, maker: User, approver: User
) -> None:
    rows = [row for row in rows_of() if row["municipality"] != "2303"]
    edition = bring(rows)
    cells = counting.candidates(edition, proposing.given_by(edition))
    found = {
        (row.area_id, row.breakdown): (row.reported, row.reported_of)
        for row in cells
        if row.period == "2024-01" and row.version.indicator.code == "gmi_beneficiaries"
    }
    unit = Area.objects.get(code="23", level="regional_unit").pk
    for breakdown in ("total", "sex=female", "subgroup=lone_parents;age=30-44;sex=female"):
        assert found[unit, breakdown] == (2, 3)


YEAR = ["2022-12", *(f"2023-{month:02}" for month in range(1, 13))]


def lasting_rows() -> list[dict[str, str]]:
    """Thirteen months: every third person has the benefit in all of them, the others in the last two."""
    sizes = {"2201": 120, "2202": 60, "2203": 9, "2301": 60, "2302": 45, "2303": 30}
    rows, number = [], 0
    for code, size in sizes.items():
        for at in range(size):
            number += 1
            held = YEAR if at % 3 == 0 else YEAR[-2:]
            rows += [files.row(number, municipality=code, month=month) for month in held]
    return rows


def test_who_has_a_benefit_for_over_a_year_is_told_and_protected(
    bring: Bring, maker: User, approver: User
) -> None:
    made = proposing.begin(edition=bring(lasting_rows()), by=maker)
    proposing.count(release=made)
    actions.approve(release=made, by=approver)
    told = {
        (row.area.code, row.breakdown.removeprefix("duration=")): row
        for row in Observation.objects.filter(breakdown__startswith="duration=").select_related("area")
    }
    assert {row.series.period for row in told.values()} == {"2023-12"}, "before it a year is not told"
    values = {key: row.value for key, row in told.items()}
    assert (values["EL61", "longer12"], values["EL61", "upto12"]) == (108, 216)
    assert (values["23", "longer12"], values["2301", "longer12"]) == (45, 20)
    # three of nine: that town and what would give it away
    assert told["2203", "longer12"].reason == Reason.SMALL_COUNT
    for key in ("longer12", "upto12"):
        towns = [code for code in ("2201", "2202", "2203") if values[code, key] is None]
        assert len(towns) + (values["22", key] is None) >= 2


def test_a_version_that_tells_no_durations_has_none(bring: Bring, maker: User) -> None:
    """An installation whose figures are older than this breakdown keeps what its version says."""
    IndicatorVersion.objects.filter(indicator__code="gmi_beneficiaries").update(
        breakdowns=["sex", "age", "subgroup"]
    )
    edition = bring(lasting_rows())
    kinds = {row.breakdown for row in counting.candidates(edition, proposing.given_by(edition))}
    assert "sex=female" in kinds
    assert not {kind for kind in kinds if kind.startswith("duration=")}


def test_a_passport_names_the_files_of_the_year_before(bring: Bring, maker: User) -> None:
    rows = lasting_rows()
    bring([row for row in rows if row["month"] == YEAR[0]])
    edition = bring([row for row in rows if row["month"] != YEAR[0]])
    told = counting.facts(edition)
    assert [one["is_before"] for one in told] == [True, False]
    found = {row.breakdown for row in counting.candidates(edition, proposing.given_by(edition))}
    assert "duration=longer12" in found


def month_of(edition_rows: list[dict[str, str]], *months: str) -> list[dict[str, str]]:
    return [row for row in edition_rows if row["month"] in months]


def test_a_month_that_is_new_corrects_nothing(
    bring: Bring, region: Area, maker: User, approver: User
) -> None:
    """The months before it in the same year are public and stay as they are."""
    quarter = dict(zip(MONTHS, ("2024-01", "2024-02", "2024-03"), strict=True))
    rows = [row | {"month": quarter[row["month"]]} for row in moving_rows()]
    first = proposing.begin(edition=bring(month_of(rows, "2024-01", "2024-02")), by=maker)
    proposing.count(release=first)
    actions.approve(release=first, by=approver)
    held = dict(Observation.objects.values_list("pk", "value"))
    march = bring(month_of(rows, "2024-03"))
    client, address = _client(maker), reverse("indicators:office-propose", args=[march.pk])
    page = client.get(address).content.decode()
    assert "Θα διορθώσει" not in page
    assert 'name="note"' not in page, "nothing is corrected, so nobody is asked why"
    client.post(address, {})
    made = Release.objects.latest("pk")
    assert (made.supersedes, made.note_el) == (None, "")
    proposing.count(release=made)
    actions.approve(release=made, by=approver)
    assert set(made.series.values_list("period", flat=True)) == {"2024-03"}
    assert Observation.objects.filter(
        series__indicator__code="gmi_entries", series__period="2024-03"
    ).exists(), "who came is told beside the month before, which is not told anew"
    assert dict(Observation.objects.filter(pk__in=held).values_list("pk", "value")) == held
    assert not ReleasedSeries.objects.filter(is_current=False).exists()
    public = Client(headers={"host": HOST})
    for release in (first, made):
        page = public.get(reverse("indicators:release", args=[release.pk])).content.decode()
        assert "Διορθώ" not in page


def test_a_longer_file_corrects_exactly_the_months_that_are_public(
    bring: Bring, maker: User, approver: User
) -> None:
    rows = rows_of()
    first = proposing.begin(edition=bring(month_of(rows, *MONTHS[:2])), by=maker)
    proposing.count(release=first)
    actions.approve(release=first, by=approver)
    longer = bring(rows)
    client, address = _client(maker), reverse("indicators:office-propose", args=[longer.pk])
    page = client.get(address).content.decode()
    assert "(Νοέμβριος 2023, Δεκέμβριος 2023)" in page
    assert client.post(address, {"note": ""}).status_code == 422
    client.post(address, {"note": "Με τον Ιανουάριο."})
    made = Release.objects.latest("pk")
    assert made.supersedes == first
    proposing.count(release=made)
    assert made.checks["corrects"] == [[first.pk, MONTHS[:2]]]
    office = client.get(reverse("indicators:office-release", args=[made.pk])).content.decode()
    assert "(Νοέμβριος 2023, Δεκέμβριος 2023)" in office
    actions.approve(release=made, by=approver)
    public = Client(headers={"host": HOST})
    for one, said in ((first, "Διορθώθηκε από:"), (made, "Διορθώνει:")):
        page = public.get(reverse("indicators:release", args=[one.pk])).content.decode()
        assert said in page
        assert "(Νοέμβριος 2023, Δεκέμβριος 2023)" in page


def test_a_release_once_called_a_correction_is_none_where_it_replaced_nothing(
    release: Release, bring: Bring, maker: User, approver: User
) -> None:
    """What the public reads is drawn from the figures, not from what was believed when it was begun."""
    actions.approve(release=release, by=approver)
    later = proposing.begin(
        edition=bring([row | {"month": "2024-02"} for row in month_of(rows_of(), "2024-01")]), by=maker
    )
    Release.objects.filter(pk=later.pk).update(supersedes=release, note_el="Τίποτα.")
    later.refresh_from_db()
    proposing.count(release=later)
    actions.approve(release=later, by=approver)
    for one in (release, later):
        page = Client(headers={"host": HOST}).get(reverse("indicators:release", args=[one.pk]))
        assert "Διορθώ" not in page.content.decode()


def test_another_release_of_the_same_months_says_why(
    release: Release, edition: SourceEdition, maker: User, approver: User
) -> None:
    actions.approve(release=release, by=approver)
    with pytest.raises(actions.NotNowError):
        proposing.begin(edition=edition, by=maker)
    again = proposing.begin(edition=edition, by=maker, note="Διορθώθηκε ένας δήμος.")
    assert again.supersedes == release
    said = {"note": "Διορθώθηκε ένας δήμος.", "note_en": "One municipality was put right."}
    _client(maker).post(reverse("indicators:office-propose", args=[edition.pk]), said)
    last = Release.objects.latest("pk")
    assert (last.note_el, last.note_en) == (said["note"], said["note_en"])


def test_only_a_file_in_force_is_counted(edition: SourceEdition, maker: User) -> None:
    made = proposing.begin(edition=edition, by=maker)
    SourceEdition.objects.filter(pk=edition.pk).update(state=SourceEdition.State.SUPERSEDED)
    with pytest.raises(actions.NotNowError):
        tasks.count_release(release=made.pk)
    made.refresh_from_db()
    assert made.state == Release.State.FAILED
    assert made.failure


def test_the_page_sets_it_going_and_nobody_waits(edition: SourceEdition, maker: User, region: Area) -> None:
    client = _client(maker)
    address = reverse("indicators:office-propose", args=[edition.pk])
    assert address in client.get(reverse("indicators:office-releases")).content.decode()
    page = client.get(address).content.decode()
    assert "<li>Ωφελούμενοι του Ελάχιστου" in page
    assert "; " not in page.partition("<main")[2].partition("<form")[0], "in Greek it asks a question"
    answer = client.post(address, {"note": ""}, follow=True)
    made = Release.objects.get()
    assert made.state == Release.State.PREPARING
    assert "data-poll" in answer.content.decode()
    tasks.count_release(release=made.pk)
    made.refresh_from_db()
    assert made.state == Release.State.CHECKED
    progress = client.get(reverse("indicators:office-progress", args=[made.pk])).content.decode()
    assert "data-poll" not in progress
    client.post(reverse("indicators:office-step", args=[made.pk]), {"step": "check"})
    made.refresh_from_db()
    assert made.state == Release.State.CANDIDATE


def test_the_file_itself_leads_to_it(edition: SourceEdition, approver: User) -> None:
    page = _client(approver).get(reverse("sources:office-edition", args=[edition.pk])).content.decode()
    assert reverse("indicators:office-propose", args=[edition.pk]) in page


def test_a_file_of_another_region_is_not_found(edition: SourceEdition, region: Area) -> None:
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    client = Client(headers={"host": "peloponnese.localhost"})
    client.force_login(factories.editor(other))
    assert client.get(reverse("indicators:office-propose", args=[edition.pk])).status_code == 404


def test_the_indicator_shows_months_and_groups(release: Release, approver: User) -> None:
    actions.approve(release=release, by=approver)
    reader = Client(headers={"host": HOST})
    page = reader.get("/el/indicators/gmi_beneficiaries/?breakdown=subgroup=lone_parents")
    assert page.status_code == 200
    assert "Μονογονεϊκ" in page.content.decode()
    assert (
        reader.get("/el/indicators/gmi_beneficiaries/?period=2023-11&breakdown=sex=male").status_code == 200
    )
    figure = Observation.objects.filter(value__isnull=False).first()
    assert figure
    passport = reader.get(f"/el/figures/{figure.public_id}/").content.decode()
    assert release.files[0]["checksum"] in passport


def test_a_table_of_statistics_becomes_figures(region: Area, maker: User, tmp_path: Path) -> None:
    Measure.objects.create(
        key="registered_unemployed", name_el="Εγγεγραμμένοι άνεργοι", name_en="Registered", unit="persons"
    )
    source = factories.source("unemployment", home=region, kind="national_table")
    path = tmp_path / "table.csv"
    lines = [f"{code};2023-03;{size // 100}" for code, size in SIZES.items()]
    path.write_text("\n".join(["Δήμος;Μήνας;Άνεργοι", *lines]), encoding="utf-8")
    edition = importing.bring_in(
        source=source,
        path=path,
        by=None,
        columns={"Δήμος": "area", "Μήνας": "period", "Άνεργοι": "measure:registered_unemployed"},
    )
    importing.make_current(edition=edition, by=None)
    edition.refresh_from_db()
    made = proposing.begin(edition=edition, by=maker)
    proposing.count(release=made)
    assert made.checks["figures"] == len(SIZES)
