import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.geography.queries import active_boundaries
from entaxis.geography.shapes import neighbours
from entaxis.indicators import source as catalogue
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation import pocket_map, pockets, tasks
from entaxis.indicators.harmonisation.models import PocketComment, PocketStudy
from entaxis.indicators.models import Candidate, IndicatorVersion, ReleasedSeries
from entaxis.notifications.models import Message
from tests import factories
from tests.indicators.conftest import Publish
from tests.indicators.test_pages import HOST, _client

pytestmark = pytest.mark.django_db
HIGH = {"2201": 40.0, "2202": 38.0, "2203": 39.0, "2204": 37.0, "2205": 41.0, "2206": 36.0}
"""The municipalities of one regional unit of the real region, beside each other."""


@pytest.fixture
def region(db: None) -> Area:
    factories.geography()
    catalogue.load()
    return Area.objects.regions().get(code="EL61")


def candidates(region: Area) -> list[Candidate]:
    """One a municipality."""
    version = IndicatorVersion.objects.get(indicator__code="arop", number=1)
    rows = []
    for at, area in enumerate(Area.objects.municipalities().of(region).order_by("code")):
        value = HIGH.get(area.code, 10.0 + at % 5)
        rows.append(
            Candidate(
                version=version, period="2023", area_id=area.pk, breakdown="total", kind=Candidate.DIRECT,
                value=value, standard_error=0.5, ci_low=value - 1, ci_high=value + 1, n=100, n_effective=50,
                members=100, flag="", note="",
            )
        )  # fmt: skip
    return rows


@pytest.fixture
def series(region: Area, publish: Publish) -> ReleasedSeries:
    publish(candidates(region))
    return ReleasedSeries.objects.get()


@pytest.fixture
def study(series: ReleasedSeries, maker: User) -> PocketStudy:
    made = pockets.begin(series=series, by=maker)
    # it is the key of the series, which depends on the tests that ran before
    PocketStudy.objects.filter(pk=made.pk).update(seed=1)
    tasks.find_pockets(study=made.pk)
    made.refresh_from_db()
    return made


@pytest.fixture
def neighbour(region: Area) -> User:
    """Writes for one municipality."""
    place = Area.objects.municipalities().of(region).get(code="2201")
    return factories.municipal_editor(place)


def shown(study: PocketStudy, by: User, *, days: float = 14) -> PocketStudy:
    pockets.show(study=study, until=timezone.now() + timedelta(days=days), by=by)
    study.refresh_from_db()
    return study


def over(study: PocketStudy) -> PocketStudy:
    PocketStudy.objects.filter(pk=study.pk).update(comments_until=timezone.now() - timedelta(seconds=1))
    study.refresh_from_db()
    return study


def test_the_municipalities_that_it_speaks_of_are_told(
    study: PocketStudy, region: Area, maker: User, neighbour: User
) -> None:
    left_out = Area.objects.municipalities().of(region).get(code="2202")
    rows = [area for area in study.result["areas"] if area["code"] != "2202"]
    PocketStudy.objects.filter(pk=study.pk).update(result=study.result | {"areas": rows})
    elsewhere = factories.municipal_editor(left_out)
    member = factories.body_member(region)
    assert not Message.objects.exists(), "nobody knows of it before it is shown"
    shown(study, maker)
    (told,) = Message.objects.all()
    assert (told.user, told.kind) == (neighbour, "indicators.pockets_shown")
    assert told.url.endswith(f"/office/pockets/{study.pk}/")
    assert not any(sign.isdigit() for sign in told.title), "no figure of it"
    assert [pockets.waiting(who, region) for who in (neighbour, elsewhere, member, maker)] == [1, 0, 0, 0]
    over(study)
    assert pockets.waiting(neighbour, region) == 0


def test_neighbours_share_a_border_and_islands_have_none(region: Area) -> None:
    boundaries = active_boundaries(region)
    assert boundaries is not None
    pairs = neighbours(boundaries)
    linked = {code for pair in pairs for code in pair}
    inside = {area.code: area.name_en for area in Area.objects.municipalities().of(region)}
    assert sorted(inside[code] for code in inside.keys() - linked) == ["Alonnisos", "Skiathos", "Skopelos"]


def test_a_group_of_high_neighbours_is_found_and_islands_are_named(study: PocketStudy) -> None:
    assert study.state == PocketStudy.State.COMPUTED
    rows = {row["code"]: row for row in study.rows}
    found = {code for code, row in rows.items() if "high" in {row["kind"], row["star_kind"]}}
    assert found
    assert found <= HIGH.keys()
    assert all(row["stays"] is None or row["stays"] > 0.5 for row in rows.values())
    assert sum(row["kind"] == "island" for row in rows.values()) == 3
    assert len(study.digest) == 64


def test_a_figure_that_is_at_least_takes_no_part_and_is_named(
    region: Area, publish: Publish, maker: User, neighbour: User
) -> None:
    """Beside one without a figure, each with its reason."""
    codes = {area.pk: area.code for area in Area.objects.municipalities().of(region)}
    rows = [row for row in candidates(region) if codes[row.area_id] != "2203"]
    partial = next(row for row in rows if codes[row.area_id] == "2202")
    partial.reported, partial.reported_of = 1, 2
    publish(rows)
    made = pockets.begin(series=ReleasedSeries.objects.get(), by=maker)
    pockets.compute(study=made)
    assert {"2202", "2203"}.isdisjoint(row["code"] for row in made.rows)
    assert made.left_out == {"2202": "at_least", "2203": "missing"}
    without = next(row for row in made.rows if row["code"] == "2201")["neighbours"]
    assert made.boundaries
    beside = {code for pair in neighbours(made.boundaries) if "2201" in pair for code in pair}
    assert without == len(beside & {row["code"] for row in made.rows}) - 1
    shown(made, maker)
    page = _client(neighbour).get(f"/en/office/pockets/{made.pk}/").content.decode()
    assert "Only “at least”, because not all municipalities reported to the figure" in page
    assert re.search(r"reported to the figure, therefore left out: Agia\.", page)
    assert re.search(r"Without a published figure, therefore left out: Elassona\.", page)
    assert 'id="area-2202"' not in page
    assert 'aria-label="Agia: left out: only “at least”"' in page
    legend = page.split('class="legend"')[1].split("</div>")[0]
    assert "left out: only “at least”" in legend
    assert "no published figure" in legend


def test_the_seed_decides(study: PocketStudy, series: ReleasedSeries, maker: User) -> None:
    again = pockets.begin(series=series, by=maker)
    again.seed = study.seed
    pockets.compute(study=again)
    assert again.result == study.result


def test_figures_that_are_no_longer_in_force_are_not_studied(
    series: ReleasedSeries, maker: User, region: Area
) -> None:
    made = pockets.begin(series=series, by=maker)
    made.boundaries = None
    pockets.compute(study=made)
    assert made.state == PocketStudy.State.FAILED
    assert made.failure


def test_the_municipality_sees_and_comments_before_a_second_person_publishes(
    study: PocketStudy, neighbour: User, maker: User, approver: User
) -> None:
    place = Area.objects.get(code="2201", level="municipality", register_year=2019)
    with pytest.raises(NotNowError):
        pockets.comment(study=study, municipality=place, text="Νωρίς.", by=neighbour)
    shown(study, maker)
    with pytest.raises(NotNowError):
        pockets.publish(study=study, by=approver)
    pockets.comment(study=study, municipality=place, text="Το 2023 έκλεισε ένα εργοστάσιο.", by=neighbour)
    other = Area.objects.get(code="2202", level="municipality", register_year=2019)
    with pytest.raises(NotNowError):
        pockets.comment(study=study, municipality=other, text="Όχι δικός μας.", by=neighbour)
    over(study)
    with pytest.raises(NotNowError):
        pockets.comment(study=study, municipality=place, text="Αργά.", by=neighbour)
    with pytest.raises(NotNowError):
        pockets.publish(study=study, by=maker)
    pockets.publish(study=study, by=approver)
    with pytest.raises(NotNowError):
        pockets.withdraw(study=study)


def test_the_database_refuses_to_publish_before_comments(study: PocketStudy, approver: User) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        PocketStudy.objects.filter(pk=study.pk).update(
            state="published",
            approved_by=approver,
            published_at=now,
            comments_until=now + timedelta(days=1),
        )


def test_only_a_public_study_has_a_public_page(
    study: PocketStudy, maker: User, approver: User, neighbour: User
) -> None:
    reader, town = Client(headers={"host": HOST}), _client(neighbour)
    address, office = f"/el/indicators/pockets/{study.pk}/", f"/el/office/pockets/{study.pk}/"
    assert reader.get(address).status_code == 404
    assert town.get(office).status_code == 404
    shown(study, maker)
    assert reader.get(address).status_code == 404
    assert "Υψηλές τιμές" in town.get(office).content.decode()
    place = Area.objects.get(code="2201", level="municipality", register_year=2019)
    answer = town.post(office, {"municipality": place.pk, "text": "Ένα σχόλιο."})
    assert answer.status_code == 302
    assert PocketComment.objects.get().municipality == place
    assert town.post(office, {"municipality": place.pk, "text": ""}).status_code == 422
    assert "Ένα σχόλιο." in _client(maker).get(office).content.decode()
    pockets.publish(study=over(study), by=approver)
    page = reader.get(address).content.decode()
    assert "συνθετικά" in page
    assert "Ένα σχόλιο." not in page
    assert reader.get(address, headers={"host": "peloponnese.localhost"}).status_code == 404
    assert address in reader.get("/el/indicators/pockets/").content.decode()


def test_the_map_stands_behind_the_table_with_a_sign_for_every_colour(
    study: PocketStudy, maker: User, neighbour: User
) -> None:
    shown(study, maker)
    page = _client(neighbour).get(f"/en/office/pockets/{study.pk}/").content.decode()
    assert page.index("<table") < page.index('id="map"') < page.index('class="choropleth"')
    drawn = dict(re.findall(r'<path id="pockets-(\d{4})"[^>]*/>((?:<use [^>]*/>)*)', page))
    labels = dict(re.findall(r'href="#area-(\d{4})" fill="[^"]+" aria-label="([^"]+)"', page))
    rows = {row["code"]: row for row in study.rows}
    assert drawn.keys() == labels.keys() == rows.keys()
    high = {code for code, row in rows.items() if "high" in {row["kind"], row["star_kind"]}}
    assert {code for code, patterns in drawn.items() if "#pockets-plus" in patterns} == high
    assert all(labels[code].endswith("%, high values stand together") for code in high)
    islands = {code for code, row in rows.items() if row["kind"] == "island"}
    assert {code for code, patterns in drawn.items() if "#pockets-unknown" in patterns} == islands
    legend = page.split('class="legend"')[1].split("</div>")[0]
    for said in ("high values stand together", "low values stand together", "nothing certain"):
        assert said in legend


@pytest.mark.parametrize(
    ("kind", "star_kind", "drawn"),
    [
        ("none", "high", "high"),
        ("low", "none", "low"),
        ("high_low", "none", "high_low"),
        ("low_high", "high", "high"),
        ("none", "none", "none"),
        ("island", "island", "island"),
    ],
)
def test_a_pocket_is_drawn_where_either_statistic_finds_one(kind: str, star_kind: str, drawn: str) -> None:
    assert pocket_map.place({"kind": kind, "star_kind": star_kind}) == drawn
    assert len(set(pocket_map.COLOURS.values())) == len(pocket_map.COLOURS)
    assert len(set(pocket_map.SIGNS.values())) == len(pocket_map.SIGNS)


def test_the_office_begins_shows_and_gives_up(series: ReleasedSeries, maker: User, neighbour: User) -> None:
    client, town = _client(maker), _client(neighbour)
    assert town.post("/el/office/pockets/", {"series": series.pk}).status_code == 404
    assert client.post("/el/office/pockets/", {"series": 0}).status_code == 422
    assert client.post("/el/office/pockets/", {"series": series.pk}).status_code == 302
    made = PocketStudy.objects.get()
    assert client.get("/el/office/pockets/").status_code == 200
    tasks.find_pockets(study=made.pk)
    step = f"/el/office/pockets/{made.pk}/step/"
    client.post(step, {"step": "show", "days": 1})
    made.refresh_from_db()
    assert made.state == PocketStudy.State.COMPUTED
    client.post(step, {"step": "show", "days": 14})
    made.refresh_from_db()
    assert made.takes_comments
    assert town.post(step, {"step": "withdraw"}).status_code in {403, 404}
    client.post(step, {"step": "withdraw"})
    made.refresh_from_db()
    assert made.state == PocketStudy.State.WITHDRAWN
    assert client.post(step, {"step": "nothing"}).status_code == 404
