"""Places and comparisons: nothing is claimed that the intervals do not support."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from entaxis.geography.models import Area, Level
from entaxis.indicators import queries
from entaxis.indicators.models import Indicator
from entaxis.maps import indicator_map as maps
from entaxis.maps.changes import change, change_over
from entaxis.maps.classification import ranked
from entaxis.maps.comparison import comparison
from entaxis.maps.modes import Mode
from entaxis.maps.ranking import Ranking
from tests.maps.conftest import Facts, Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
YEARS = ("2021", "2022", "2023")


def shown(arop: Indicator, region: Area) -> maps.IndicatorMap:
    entry = next(one for one in queries.catalogue(region) if one.indicator == arop)
    known = queries.periods(arop, region)
    return maps.indicator_map(
        entry,
        region,
        known=known,
        period=known[-1].key,
        breakdown="total",
        level=Level.MUNICIPALITY,
        mode=Mode.HATCHED,
    )


def test_places_that_cannot_be_told_apart_are_shared(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(60.0, 1.0), "2401": figure(30.0), "2301": figure(30.5), "2202": figure(None)})
    places = {row.figure.area.code: (row.low, row.high) for row in Ranking(shown(arop, thessaly)).rows}
    assert places == {"2201": (1, 1), "2401": (2, 3), "2301": (2, 3)}
    with translation.override("en"):
        said = " ".join(Ranking(shown(arop, thessaly)).sentences)
    assert said == "The highest value is in Larissa. Only these have a place of their own: Larissa."


def test_no_highest_is_named_where_several_may_be(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(30.0), "2401": figure(29.0), "2301": figure(5.0, 1.0)})
    with translation.override("en"):
        said = " ".join(Ranking(shown(arop, thessaly)).sentences)
    assert "Which area is highest cannot be said: 2 of 3 may be (Larissa, Volos)." in said


def test_a_share_of_nought_has_an_interval_and_so_no_certain_place(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    """Its linearised error is nought; its interval is not."""
    nought = figure(0.0, standard_error=0.0, ci_low=0.0, ci_high=33.0)
    publish({"2201": figure(20.0), "2401": figure(22.0), "2202": nought})
    places = {row.figure.area.code: (row.low, row.high) for row in Ranking(shown(arop, thessaly)).rows}
    assert places["2202"] == (1, 3)


def test_withheld_figures_and_a_single_one_have_no_place(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    publish({"2201": figure(30.0), "2401": figure(None)})
    assert ranked([row.figure for row in shown(arop, thessaly).rows]) == []


def test_a_figure_that_is_at_least_has_no_place_and_is_listed_below(
    arop: Indicator, thessaly: Area, publish: Publish, client: Client
) -> None:
    partial = figure(60.0, reported=3, reported_of=4)
    publish({"2201": partial, "2401": figure(30.0), "2301": figure(10.0, 1.0)})
    held = Ranking(shown(arop, thessaly))
    assert {row.figure.area.code: row.low for row in held.rows} == {"2401": 1, "2301": 2}
    with translation.override("en"):
        assert held.sentences[0] == "The highest value is in Volos."
        why = held.sentences[-1]
    assert why.startswith("A figure that is only “at least” has no place: not all municipalities reported")
    page = client.get("/en/maps/ranking/?indicator=arop", **THESSALY).content.decode()
    assert why in page
    below = page[page.index('id="without"') :]
    assert re.search(r"<li>Larissa: <a [^>]+>60\.0\s%[^<]+at least: 3 of 4 municipalities reported<", below)
    table = client.get("/en/maps/ranking.csv?indicator=arop", **THESSALY).content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(table), delimiter=";")
    larissa = next(row for row in rows if row["Code"] == "2201")
    assert larissa["Place in the ranking"] == larissa["Best place"] == larissa["Worst place"] == ""
    assert larissa["Why there is no place"] == why
    assert larissa["Value"] == "60,0"


def test_where_every_figure_is_at_least_that_is_why_there_is_no_ranking(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    partial = {"reported": 3, "reported_of": 4}
    publish({"2201": figure(60.0, **partial), "2401": figure(30.0, **partial)})
    held = Ranking(shown(arop, thessaly))
    assert held.rows == []
    with translation.override("en"):
        assert [said[:36] for said in held.sentences] == ["A figure that is only “at least” has"]


BARE = {"standard_error": None, "ci_low": None, "ci_high": None}
ALONE = "Only one area has a figure with an error ({}): alone it has no place."


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, ["No area has a figure, so there is no ranking."]),
        ({"2201": figure(None)}, ["No area has a figure, so there is no ranking."]),
        ({"2201": figure(30.0), "2401": figure(None)}, [ALONE.format("Larissa")]),
        (
            {"2201": figure(30.0), "2401": figure(20.0, **BARE)},
            [ALONE.format("Larissa"), "Without an error, and so without a place: Volos."],
        ),
        (
            {"2201": figure(30.0, **BARE), "2401": figure(20.0, **BARE), "2202": figure(None)},
            ["The areas of this indicator cannot be ranked: its figures come without an error."],
        ),
        (
            {"2201": figure(30.0), "2401": figure(10.0), "2301": figure(20.0, **BARE)},
            [
                "The highest value is in Larissa.",
                "Only these have a place of their own: Larissa, Volos.",
                "Without an error, and so without a place: Karditsa.",
            ],
        ),
    ],
)
def test_it_is_said_of_which_areas_there_is_no_error(
    arop: Indicator, thessaly: Area, publish: Publish, told: dict[str, Facts], said: list[str]
) -> None:
    publish(told)
    with translation.override("en"):
        held = Ranking(shown(arop, thessaly))
        assert held.sentences == said
        reasons = {figure.area.code: held.why(figure) for figure in held.without if figure.is_shown}
    assert all(reasons.values())


def test_numbers_of_persons_are_not_ranked_and_that_is_why(publish: Publish, client: Client) -> None:
    publish({"2201": figure(300.0), "2401": figure(200.0)}, code="gmi_beneficiaries", period="2023-12")
    why = "Areas are not ranked by numbers: they are larger where more people live."
    page = client.get("/en/maps/ranking/?indicator=gmi_beneficiaries", **THESSALY).content.decode()
    assert why in page
    assert "without an error" not in page
    file = client.get("/en/maps/ranking.csv?indicator=gmi_beneficiaries", **THESSALY)
    assert file.content.decode("utf-8-sig").count(why) == 2


def test_a_change_leaves_out_nought_exactly_where_the_intervals_do_not_meet(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    for period, value in zip(YEARS, (20.0, 23.9, 28.0), strict=True):
        publish({"2201": figure(value)}, period=period)
    larissa = [year.by_area["2201"] for year in shown(arop, thessaly).years]
    near, far = change(larissa[0], larissa[1]), change(larissa[0], larissa[2])
    assert near
    assert far
    assert not near.is_certain
    assert near.low < 0 < near.high
    assert far.has_risen
    assert (far.difference, far.low, far.high) == pytest.approx((8.0, 4.0, 12.0))
    assert far.written(arop) == "+8,0"


def test_a_change_does_not_cross_a_break_of_the_series(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    for period, value in zip(YEARS, (20.0, 40.0, 41.0), strict=True):
        publish({"2201": figure(value)}, period=period)
    points = [queries.Point(year.period, year.by_area["2201"]) for year in shown(arop, thessaly).years]
    whole = change_over(points)
    assert whole
    assert whole.first.period == "2021"
    points[1].period.version.breaks = [{"period": "2022", "note_el": "x"}]
    after = change_over(points)
    assert after
    assert after.first.period == "2022"
    points[2].period.version.breaks = [{"period": "2022", "note_el": "x"}]
    assert change_over(points[::2]) is None, "nothing is told of the period in which it breaks"


def test_a_pair_is_called_different_only_where_it_is(
    arop: Indicator, thessaly: Area, publish: Publish
) -> None:
    for period in YEARS:
        publish({"2201": figure(30.0), "2401": figure(21.0), "2202": figure(None)}, period=period)
    with translation.override("en"):
        said = comparison(shown(arop, thessaly).years, ["2201", "2401", "2202"]).sentences
    assert "2023: higher in Larissa than in Volos." in said
    assert "Volos and Thessaly, 2023: we cannot say that they differ." in said
    assert "Larissa and Agia, 2023: a figure is missing, so they are not compared." in said
    assert "Larissa since 2021: no change can be claimed." in said


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "ranking/?indicator=arop",
        "comparison/?indicator=arop",
        "comparison/?indicator=arop&area=2201&area=2202",
    ],
)
def test_the_pages_stand_in_both_languages(client: Client, language: str, path: str) -> None:
    answer = client.get(f"/{language}/maps/{path}", **THESSALY)
    assert answer.status_code == 200
    assert ("συνθετικά" if language == "el" else "synthetic") in answer.content.decode()


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize(
    "query", ["area=4201", "area=9999", "area=2201&area=2202&area=2203&area=2204&area=2205", "area=EL61"]
)
def test_areas_from_elsewhere_and_too_many_are_not_found(client: Client, query: str) -> None:
    for path in ("comparison/", "comparison.csv"):
        assert client.get(f"/el/maps/{path}?indicator=arop&{query}", **THESSALY).status_code == 404


@pytest.mark.usefixtures("three_years")
def test_a_municipality_stands_beside_its_regional_unit(client: Client) -> None:
    page = client.get(
        "/en/maps/comparison/?indicator=arop&area=2201&area=2401", **THESSALY
    ).content.decode()
    foot = page[page.index("<tfoot>") : page.index("</tfoot>")]
    assert re.findall(r'<th scope="row">([^<]+)</th>', foot) == [
        "Larissa (regional unit)",
        "Magnesia (regional unit)",
        "Thessaly",
    ]
    assert "2023: higher in Larissa than in Larissa (regional unit)." in page
    assert "Volos and Larissa (regional unit)" not in page, "no area beside the unit of another"


@pytest.mark.usefixtures("three_years")
def test_the_name_of_a_unit_has_room_in_the_drawing(client: Client) -> None:
    """In Greek it is as long as two lines; to the left of the drawing there is nothing."""
    page = client.get("/el/maps/comparison/?indicator=arop&area=2201", **THESSALY).content.decode()
    drawing = page[page.index('class="intervals"') :]
    lines = re.findall(r'<text x="218" y="(\d+)" text-anchor="end">([^<]+)</text>', drawing)
    assert [text for _y, text in lines[:3]] == ["Λάρισα", "Λάρισα", "(περιφερειακή ενότητα)"]
    assert int(lines[2][0]) - int(lines[1][0]) == 14
    heights = [int(y) for y, _text in lines[:3]]
    assert heights == sorted(heights)
    assert max(len(text) for _y, text in lines) <= 24


@pytest.mark.usefixtures("three_years")
def test_the_names_of_two_units_do_not_run_into_each_other(client: Client) -> None:
    page = client.get(
        "/el/maps/comparison/?indicator=arop&area=2201&area=2401", **THESSALY
    ).content.decode()
    drawing = page[page.index('class="intervals"') :]
    drawing = drawing[: drawing.index("</svg>")]
    lines = [int(y) for y in re.findall(r'<text x="218" y="(\d+)" text-anchor="end">', drawing)]
    assert len(lines) == 6, "two towns, two units on two lines each"
    assert min(lines[4] - lines[3], lines[2] - lines[1]) >= 24


@pytest.mark.usefixtures("three_years")
def test_whoever_changes_the_level_keeps_the_page(client: Client) -> None:
    page = "/el/maps/comparison/?indicator=arop&level=regional_unit&area=2201&area=2401"
    answer = client.get(page, **THESSALY)
    assert answer.status_code == 200
    chosen = re.findall(r'<option value="(\d+)" selected', answer.content.decode())
    assert chosen == ["22", "24"], "areas of the new level stand in the place of the old ones"
    assert client.get(page.replace("comparison/", "comparison.csv"), **THESSALY).status_code == 404


@pytest.mark.usefixtures("three_years")
def test_a_table_of_places_and_one_of_periods(client: Client) -> None:
    def rows(address: str) -> list[dict[str, str]]:
        content = client.get(address, **THESSALY).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content), delimiter=";"))

    places = rows("/el/maps/ranking.csv?indicator=arop")
    with_a_place = [row["Κωδικός"] for row in places if row["Καλύτερη πιθανή θέση"]]
    assert with_a_place == ["2201", "2204", "2401", "2203"]
    assert [row["Κωδικός"] for row in places[:4]] == with_a_place
    assert {row["Τιμή"] for row in places[4:]} == {""}
    assert places[0]["Καλύτερη πιθανή θέση"] == "1"
    periods = rows("/el/maps/comparison.csv?indicator=arop&area=2201&area=2202")
    assert len(periods) == 12  # two areas, their unit and the region in three periods
    assert {row["Τιμή"] for row in periods if row["Κωδικός"] == "2202"} == {""}


@pytest.mark.parametrize(
    "path", ["ranking/?indicator=arop", "comparison/?indicator=arop&area=2201&area=2401"]
)
def test_periods_cost_no_queries(
    client: Client, publish: Publish, queries_stay: Callable[..., int], path: str
) -> None:
    years = iter(range(1990, 2030))

    def grow(number: int) -> None:
        for _ in range(number):
            publish({"2201": figure(30.0), "2401": figure(21.0)}, period=str(next(years)))

    assert queries_stay(grow=grow, read=lambda: client.get(f"/el/maps/{path}", **THESSALY)) < 25


BARE_COUNT: Facts = {"value": 5740.0}


def of_months(publish: Publish, number: int) -> None:
    for month in range(number):
        publish(
            {"2201": BARE_COUNT, "2401": figure(None, reason="small_count")},
            code="gmi_beneficiaries",
            period=f"{2021 + month // 12}-{month % 12 + 1:02}",
            region={"value": 40882.0},
        )


COUNTS = "maps/comparison/?indicator=gmi_beneficiaries&area=2201&area=2401"


def test_numbers_are_told_and_not_compared(publish: Publish, client: Client) -> None:
    of_months(publish, 2)
    page = client.get(f"/en/{COUNTS}", **THESSALY).content.decode()
    assert "Larissa, 2021-02: 5,740\N{NO-BREAK SPACE}persons." in page
    assert "Thessaly, 2021-02: 40,882\N{NO-BREAK SPACE}persons." in page
    assert "places are not compared with each other or with the region" in page
    for claim in (
        "we cannot say that they differ",
        "a figure is missing",
        "grey band",
        "intervals do not meet",
    ):
        assert claim not in page
    assert page.count('class="intervals"') == 1
    assert "40,882" not in page[page.index('class="intervals"') :], "the region would make all others small"


def test_of_many_months_the_newest_are_shown_and_all_on_demand(publish: Publish, client: Client) -> None:
    of_months(publish, 14)

    def months(path: str) -> list[str]:
        page = client.get(path, **THESSALY).content.decode()
        head = page[page.index("<thead>") : page.index("</thead>")]
        return re.findall(r">(\d{4}-\d\d)<", head)

    newest = months(f"/el/{COUNTS}")
    assert (len(newest), newest[0], newest[-1]) == (12, "2021-03", "2022-02")
    assert len(months(f"/el/{COUNTS}&periods=all")) == 14
    page = client.get(f"/el/{COUNTS}&periods=all", **THESSALY).content.decode()
    assert "comparison.csv" in page
    links = [link for link in re.findall(r'href="([^"]+comparison[^"]*)"', page) if "area=2201" in link]
    assert links
    assert all("periods=all" in link for link in links)
    assert client.get(f"/el/{COUNTS}&periods=some", **THESSALY).status_code == 404
    file = client.get(f"/el/{COUNTS}&periods=all".replace("comparison/", "comparison.csv"), **THESSALY)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 42
