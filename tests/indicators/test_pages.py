import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import methods, queries, wording
from entaxis.indicators.models import Candidate, Indicator, IndicatorVersion, Observation, Release
from tests import factories
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": HOST})


def _client(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def test_the_catalogue_shows_the_last_figure_and_says_synthetic(publish: Publish, reader: Client) -> None:
    publish()
    page = reader.get("/el/indicators/").content.decode()
    assert "Κίνδυνος φτώχειας" in page
    assert "συνθετικά" in page
    assert "δεν έχει δημοσιευτεί ακόμη" in page


def test_an_indicator_is_shown_with_every_area_and_no_withheld_number(
    publish: Publish, reader: Client, region: Area
) -> None:
    rows = cells(region)
    hidden = next(row for row in rows if row.area_id == Area.objects.get(code="2203").pk)
    hidden.value = 77.7
    publish(rows)
    for address in (
        "/el/indicators/arop/",
        "/en/indicators/arop/",
        "/el/indicators/arop/?level=regional_unit",
    ):
        page = reader.get(address)
        assert page.status_code == 200
        assert "77,7" not in page.content.decode()
        assert "77.7" not in page.content.decode()
    page = reader.get("/en/indicators/arop/").content.decode()
    assert "too few people were asked" in page


def test_an_indicator_says_of_which_areas_by_what_how_and_how_to_cite_it(
    publish: Publish, reader: Client
) -> None:
    publish()
    page = reader.get("/en/indicators/arop/").content.decode()
    facts = page.split('id="meaning"')[1]
    assert "Region, Regional unit, Municipality" in facts
    assert "sex, age" in facts
    assert 'href="/en/methods/arop/"' in facts
    assert "How to cite" in facts
    link = "http://thessaly.localhost/en/indicators/arop/?period=2023&level=municipality&breakdown=total"
    assert f"At risk of poverty (everybody), Thessaly, 2023. Survey. {link}" in unescape(facts)
    row = Observation.objects.filter(value__isnull=False, n_effective__isnull=False).first()
    assert row
    passport = reader.get(f"/en/figures/{row.public_id}/").content.decode()
    assert 'href="/en/methods/arop/"' in passport
    assert "in a simple sample" in passport
    found = reader.get("/api/v1/observations?indicator=arop").json()["results"]
    assert {one["passport"]: one["n_effective"] for one in found}[str(row.public_id)] == row.n_effective
    lines = reader.get("/en/indicators/tables/figures.csv?indicator=arop").content.decode("utf-8-sig")
    assert "Effective number" in lines.splitlines()[0]


def test_the_permanent_link_of_an_indicator_opens_what_is_cited(
    publish: Publish, reader: Client, region: Area
) -> None:
    for period in ("2021", "2023"):
        publish(cells(region, period=period))
    asked = "period=2021&level=regional_unit&breakdown=sex%3Dfemale"
    page = unescape(reader.get(f"/en/indicators/arop/?{asked}").content.decode())
    link = f"http://thessaly.localhost/en/indicators/arop/?{asked}"
    assert f"At risk of poverty (women), Thessaly, 2021. Survey. {link}" in page
    assert f'<a href="{link}">' in page


def test_a_method_is_a_page_and_its_links_lead_to_pages(region: Area, reader: Client) -> None:
    page = reader.get("/el/methods/arop/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "At risk of poverty" in text
    assert 'lang="en"' in text
    assert 'href="/el/methods/poverty/"' in text
    for name in sorted(path.stem for path in methods.PAGES.glob("*.md") if path.stem != "README"):
        told = reader.get(f"/el/methods/{name}/")
        assert told.status_code == 200, name
        for address in re.findall(r'href="(/el/methods/[^"#]+)', told.content.decode()):
            assert methods.has_page(address.split("/")[3]), address
        inside = told.content.decode().split('<div class="prose" lang="en"')[1].split("</main>")[0]
        assert not re.search(r'href="(?!https?://|/)', inside), name
    for name in ("nothing", "README", "..", "a-b"):
        assert reader.get(f"/el/methods/{name}/").status_code == 404
    named = IndicatorVersion.objects.exclude(method_page="").values_list("method_page", flat=True)
    assert [name for name in named if not methods.has_page(name)] == []


def test_who_answers_is_always_said(region: Area, reader: Client) -> None:
    page = reader.get("/el/indicators/arop/").content.decode()
    assert f"έχει: το Περιφερειακό Παρατηρητήριο Κοινωνικής Ένταξης ({region.name_el})" in page
    Indicator.objects.filter(code="arop").update(responsible="Διεύθυνση Μελετών")
    assert "έχει: Διεύθυνση Μελετών" in reader.get("/el/indicators/arop/").content.decode()


@pytest.mark.usefixtures("lists")
def test_what_is_told_by_sub_group_alone_has_its_pages(
    publish: Publish, reader: Client, region: Area
) -> None:
    rows = [row for row in cells(region, code="municipal_beneficiaries") if row.breakdown == "total"]
    for row in rows:
        row.breakdown = "subgroup=roma"
    publish(rows)
    row = reader.get("/en/indicators/").content.decode().split("/municipal_beneficiaries/")[1]
    row = row.split("</tr>")[0]
    assert "not published yet" not in row
    assert "by area or group alone" in row
    assert "2023" in row
    page = reader.get("/en/indicators/municipal_beneficiaries/").content.decode()
    assert "Over the years, Roma" in page
    assert "no figure here yet" not in page, "every area has its figure or its reason"
    assert "One person may belong to several sub-groups" in page
    assert reader.get("/el/indicators/tables/?indicator=municipal_beneficiaries").status_code == 200
    lines = reader.get("/en/indicators/tables/figures.csv?indicator=municipal_beneficiaries")
    assert len(lines.content.decode().splitlines()) == len(rows) + 1
    found = {one["code"]: one["periods"] for one in reader.get("/api/v1/indicators").json()}
    assert found["municipal_beneficiaries"] == ["2023"]
    assert found["arop"] == []


@pytest.mark.parametrize("query", ["period=1999", "level=community", "breakdown=sex=other"])
def test_what_does_not_exist_is_not_found(publish: Publish, reader: Client, query: str) -> None:
    publish()
    assert reader.get(f"/el/indicators/arop/?{query}").status_code == 404
    assert reader.get("/el/indicators/nothing/").status_code == 404


def test_an_indicator_without_figures_has_its_definition(region: Area, reader: Client) -> None:
    page = reader.get("/el/indicators/population/")
    assert page.status_code == 200
    assert "ΕΛΣΤΑΤ" in page.content.decode()


def test_a_passport_is_found_for_ever_and_in_its_region_alone(
    publish: Publish, reader: Client, region: Area
) -> None:
    first = publish()
    row = Observation.objects.get(area=region, breakdown="total")
    address = f"/en/figures/{row.public_id}/"
    publish(supersedes=first, notes={"el": "Διορθώθηκαν τα βάρη.", "en": "Weights were put right."})
    page = reader.get(address).content.decode()
    assert "A later release replaced this figure" in page
    assert "Weights were put right." in page
    assert first.digest in page
    factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    assert Client(headers={"host": "peloponnese.localhost"}).get(address).status_code == 404


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("arop", "moved so that together they give the region&#x27;s figure"),
        ("gini", "on a logit scale; the region&#x27;s figure is not their mean"),
        ("poverty_gap", "on a logit scale; the region&#x27;s figure is not their mean"),
        ("s80s20", "on a logarithmic scale; the region&#x27;s figure is not their mean"),
        ("median_income", "on a logarithmic scale; the region&#x27;s figure is not their mean"),
    ],
)
def test_a_passport_names_the_model_of_its_figure(
    publish: Publish, reader: Client, region: Area, code: str, said: str
) -> None:
    rows = cells(region, code=code)
    place = Area.objects.get(code="2203")
    thin = next(row for row in rows if row.area_id == place.pk)
    model = Candidate(
        version=thin.version, period=thin.period, area_id=place.pk, breakdown="total",
        kind=Candidate.MODELLED, value=27.0, standard_error=2.0, ci_low=23.0, ci_high=31.0,
        n=12, members=12, flag="",
    )  # fmt: skip
    publish([*rows, model])
    row = Observation.objects.get(area__code="2203", breakdown="total")
    assert row.is_modelled
    page = reader.get(f"/en/figures/{row.public_id}/").content.decode()
    assert said in page.replace("'", "&#x27;")
    assert reader.get("/en/methods/fay_herriot/").status_code == 200


def test_a_candidate_is_on_no_page_of_the_public(propose: Publish, reader: Client) -> None:
    release = propose()
    assert reader.get(f"/el/indicators/releases/{release.pk}/").status_code == 404
    assert "Έκδοση" not in reader.get("/el/indicators/releases/").content.decode().split("<main")[
        1
    ].replace("Εκδόσεις", "")


def test_pages_cost_the_same_with_more_figures(
    publish: Publish, region: Area, reader: Client, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _ in range(min(count, 4)):
            year = 2000 + Release.objects.count()
            publish(cells(region, period=str(year)) + cells(region, code="arope", period=str(year)))

    for address in ("/el/indicators/", "/el/indicators/arop/", "/el/indicators/releases/"):
        assert queries_stay(grow=grow, read=lambda address=address: reader.get(address)) < 25


def test_sentences_claim_no_difference_that_intervals_do_not_bear(publish: Publish, region: Area) -> None:
    publish(cells(region, period="2022"))
    later = cells(region, period="2023")
    indicator = queries.indicator("arop")
    assert indicator
    publish(later)
    said = list(wording.of_region(queries.series(indicator, region), indicator, "Θεσσαλία"))
    assert "δεν μπορούμε να πούμε ότι κάτι άλλαξε" in said[1]
    later = cells(region, period="2023")
    whole = next(row for row in later if row.area_id == region.pk and row.breakdown == "total")
    whole.value, whole.ci_low, whole.ci_high = 60.0, 55.0, 65.0
    publish(later, supersedes=Release.objects.filter(state="published").first(), notes={"el": "Διόρθωση"})
    said = list(wording.of_region(queries.series(indicator, region), indicator, "Θεσσαλία"))
    assert "περισσότερο" in said[1]


def test_the_interface_gives_figures_with_flags_and_never_a_withheld_one(
    publish: Publish, reader: Client
) -> None:
    publish()
    found = reader.get("/api/v1/observations?indicator=arop&breakdown=total").json()
    rows = {row["area"]: row for row in found["results"]}
    assert rows["2203"]["value"] is None
    assert rows["2203"]["n"] is None
    assert rows["2203"]["reason"] == "small_sample"
    assert rows["2201"]["ci_low"] is not None
    assert rows["2201"]["is_synthetic"]
    assert found["next"] is None
    text = reader.get("/api/v1/observations?area=2201&format=csv").content.decode()
    assert text.startswith("indicator,area,")
    assert "2203" not in text
    assert reader.get("/api/v1/observations?format=xml").status_code == 422


@pytest.mark.parametrize(
    "asked", ["age=65plus;sex=female", "sex=female;age=65plus", "sex%3Dfemale%3Bage%3D65plus"]
)
def test_the_interface_takes_crossed_breakdowns_however_they_are_written(
    publish: Publish, region: Area, reader: Client, asked: str
) -> None:
    rows = cells(region)
    crossed = [row for row in rows if row.breakdown == "sex=female"]
    for row in crossed:
        row.breakdown = "age=65plus;sex=female"
    publish(crossed)
    found = reader.get(f"/api/v1/observations?breakdown={asked}").json()["results"]
    assert {row["breakdown"] for row in found} == {"age=65plus;sex=female"}
    text = reader.get(f"/api/v1/observations?format=csv&breakdown={asked}").content.decode()
    assert text.count("age=65plus;sex=female") == len(found) == len(crossed)
    assert reader.get("/api/v1/observations?breakdown=sex=female;").status_code == 422


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("indicator=nothing", "indicator", "No indicator has this code."),
        ("indicator=arop&area=9999", "area", "No area of this region has this code."),
        ("indicator=arop&breakdown=sex=none", "breakdown", "No figure here is told of such a group."),
        ("level=street", "level", "This value is not of the kind that the field takes."),
        ("period=!", "period", "This value is not of the kind that the field takes."),
    ],
)
def test_the_interface_names_the_field_that_asks_for_what_does_not_exist(
    publish: Publish, reader: Client, query: str, field: str, sentence: str
) -> None:
    publish()
    for form in ("json", "csv"):
        answer = reader.get(
            f"/api/v1/observations?{query}&format={form}", headers={"accept-language": "en"}
        )
        assert answer.status_code == 422
        assert answer.json() == {"detail": [{"field": field, "message": sentence}]}


@pytest.mark.parametrize("query", ["indicator=smsd", "period=1999", "area=2203&breakdown=sex=female"])
def test_what_exists_without_figures_is_an_empty_list(publish: Publish, reader: Client, query: str) -> None:
    publish()
    answer = reader.get(f"/api/v1/observations?{query}")
    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_the_interface_gives_levels_and_how_each_figure_is_made(publish: Publish, reader: Client) -> None:
    publish()
    for level, codes in (("region", {"EL61"}), ("regional_unit", {"22", "23"})):
        found = reader.get(f"/api/v1/observations?indicator=arop&level={level}").json()["results"]
        assert {row["area"] for row in found} == codes
        assert {row["level"] for row in found} == {level}
    row = found[0]
    held = Observation.objects.get(public_id=row["passport"]).series
    assert (row["unit"], row["source"]) == ("percent", held.release.source_el)
    method = f"/el/methods/{held.version.method_page}/"
    assert row["method"] == f"http://{HOST}{method}"
    assert reader.get(method).status_code == 200
    table = csv.DictReader(
        reader.get("/api/v1/observations?level=region&format=csv").content.decode().splitlines()
    )
    assert {(one["area"], one["unit"], one["method"]) for one in table} == {
        ("EL61", "percent", row["method"])
    }
    assert reader.get("/api/v1/observations?level=street").status_code == 422


def test_the_interface_costs_the_same_with_more_figures(
    publish: Publish, region: Area, reader: Client, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _at in range(min(count, 4)):
            publish(cells(region, period=str(2000 + Release.objects.count())))

    assert queries_stay(grow=grow, read=lambda: reader.get("/api/v1/observations?indicator=arop")) < 10


def test_the_interface_gives_page_after_page(
    publish: Publish, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    monkeypatch.setattr("entaxis.indicators.api.PAGE", 5)
    address, seen = "/api/v1/observations", []
    while address:
        page = reader.get(address).json()
        seen += [row["passport"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == Observation.objects.count()


def test_the_interface_gives_the_catalogue(publish: Publish, reader: Client) -> None:
    publish()
    found = {row["code"]: row for row in reader.get("/api/v1/indicators").json()}
    assert found["arop"]["periods"] == ["2023"]
    assert len(found) == IndicatorVersion.objects.count()


def test_a_second_person_approves_on_the_page(propose: Publish, maker: User, approver: User) -> None:
    release = propose()
    address = reverse("indicators:office-step", args=[release.pk])
    own = _client(maker)
    own.post(address, {"step": "approve"})
    release.refresh_from_db()
    assert release.state == Release.State.CHECKED
    page = _client(approver).get(reverse("indicators:office-release", args=[release.pk]))
    assert page.status_code == 200
    _client(approver).post(address, {"step": "approve", "publish_at": ""})
    release.refresh_from_db()
    assert release.state == Release.State.PUBLISHED


def test_an_hour_that_has_passed_is_refused_and_nothing_is_published(
    propose: Publish, approver: User
) -> None:
    release = propose()
    address, client = reverse("indicators:office-step", args=[release.pk]), _client(approver)
    for hour, said in (
        ("2020-01-01T09:30", "Η ώρα αυτή έχει περάσει"),
        ("χθες", "Αυτό δεν είναι ημερομηνία και ώρα"),
    ):
        answer = client.post(address, {"step": "approve", "publish_at": hour})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert hour in answer.content.decode(), "what was written stays"
        release.refresh_from_db()
        assert (release.state, release.publish_at) == (Release.State.CHECKED, None)
    now = timezone.localtime()
    client.post(address, {"step": "approve", "publish_at": f"{now:%Y-%m-%dT%H:%M}"})
    release.refresh_from_db()
    assert release.state == Release.State.PUBLISHED, "this minute is no hour that has passed"


def test_what_is_announced_for_a_minute_is_published_in_it() -> None:
    known = app.periodic_registry.periodic_tasks.values()
    assert {each.cron for each in known if each.task.name == "indicators.publish_due"} == {"* * * * *"}


def test_the_office_tells_hours_and_months_as_they_are_written_in_greek(
    propose: Publish, region: Area, approver: User
) -> None:
    release = propose()
    Release.objects.filter(pk=release.pk).update(created_at=datetime(2026, 11, 24, 1, 29, tzinfo=UTC))
    page = _client(approver).get(reverse("indicators:office-release", args=[release.pk]))
    assert "24 Νοεμβρίου 2026, 03:29" in page.content.decode()


def test_the_office_says_when_nothing_is_stored_to_compute_from(publish: Publish, approver: User) -> None:
    publish()
    row = Observation.objects.filter(value__isnull=False).first()
    assert row
    client = _client(approver)
    page = client.post(reverse("indicators:recompute", args=[row.public_id]), follow=True)
    assert "Δεν φυλάσσεται τίποτα" in page.content.decode()


def test_tables_and_releases_say_how_they_are_cited_and_where_they_stay(
    publish: Publish, reader: Client
) -> None:
    release = publish()
    asked = "?indicator=arop&level=region&breakdown=sex%3Dfemale"
    for path, name in (
        (f"/en/indicators/tables/{asked}", "(women), Thessaly, 2023. "),
        (f"/en/indicators/releases/{release.pk}/", f"{release.title_en}, Thessaly, "),
    ):
        page = unescape(reader.get(path).content.decode())
        cited = re.search(r'<dt>How to cite</dt><dd class="breaks">(.*?)</dd>', page)
        assert cited
        assert name in cited[1]
        link = re.search(r'<dt>Permanent link</dt><dd class="breaks"><a href="([^"]+)">', page)
        assert link
        assert cited[1].endswith(f". {link[1]}")
        again = reader.get(link[1].removeprefix(f"http://{HOST}"))
        assert again.status_code == 200
        assert re.findall(r"<td.*?</td>", again.content.decode()) == re.findall(
            r"<td.*?</td>", reader.get(path).content.decode()
        )
