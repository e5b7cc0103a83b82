"""Profiles on paper: tagged, in both languages, the page's own figures, made once for a state."""

import re
import subprocess
from datetime import date

import pytest
from django.test import Client
from django.utils import formats, translation
from django.utils.timezone import localtime

from entaxis.geography.models import Area
from entaxis.indicators.models import CountryFigure, Indicator, Release
from entaxis.maps import actions, printing
from entaxis.maps.models import Printing
from entaxis.maps.profile import ground, profile
from tests import factories
from tests.maps.conftest import Publish, figure

THESSALY = {"HTTP_HOST": "thessaly.localhost"}
PDF_STRUCTURE = ["/usr/bin/pdfinfo", "-struct", "-"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made, by name; the files are small."""
    names: list[str] = []

    def make(html: str) -> bytes:
        names.append(printing.state(html))
        return b"%PDF-1.7"

    monkeypatch.setattr(printing, "_made", make)
    return names


def text_of(paper: bytes) -> str:
    told = subprocess.run(
        ["/usr/bin/pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", told.stdout.decode())


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize(("language", "words"), [("el", "Κοινωνικό προφίλ"), ("en", "Social profile")])
def test_the_paper_says_what_the_page_says_and_is_tagged(client: Client, language: str, words: str) -> None:
    answer = client.get(f"/{language}/profiles/2201.pdf", **THESSALY)
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="profile-2201-{language}.pdf"' in answer["Content-Disposition"]
    facts = subprocess.run(
        ["/usr/bin/pdfinfo", "-"], input=answer.content, capture_output=True, check=True
    ).stdout.decode()
    assert re.search(r"Tagged: +yes", facts)
    said = text_of(answer.content)
    assert words in said
    with translation.override(language):
        one = profile(
            Area.objects.current().get(code="2201"), ground(Area.objects.get(code="EL61"))
        ).figures[0]
        assert f"{one.value} {one.interval}".replace("\xa0", " ") in said
        assert one.last.period.release.title in said


@pytest.mark.usefixtures("three_years")
def test_the_paper_sets_the_country_beside_it_with_its_source(client: Client) -> None:
    is_synthetic = Release.objects.filter(series__indicator__code="arop")[0].is_synthetic
    for value, kind in ((18.9, is_synthetic), (44.4, not is_synthetic)):
        CountryFigure.objects.create(
            indicator=Indicator.objects.get(code="arop"), period="2023", value=value, source_el="Πηγή",
            source_en=f"Source of {value}", address="https://example.org/figures",
            published_on=date(2024, 4, 2), is_synthetic=kind,
        )  # fmt: skip
    for area in ("2201", "EL61"):
        said = text_of(client.get(f"/en/profiles/{area}.pdf", **THESSALY).content)
        assert "Greece (synthetic data): 18.9" in said
        assert "Source of 18.9" in said
        assert "https://example.org/figures" in said
        assert "44.4" not in said


@pytest.mark.usefixtures("three_years")
def test_whoever_does_not_see_it_has_headings_tables_and_words_for_drawings(client: Client) -> None:
    paper = client.get("/en/profiles/2201.pdf", **THESSALY).content
    told = subprocess.run(
        ["/usr/bin/pdfinfo", "-struct", "-"], input=paper, capture_output=True, check=True
    )
    structure = told.stdout.decode()
    assert {"H1", "H2", "Table", "TH", "TD", "Figure"} <= set(
        re.findall(r"^\s*(\w+)", structure, re.MULTILINE)
    )
    assert structure.count("Figure") == 2  # where it lies, and its one indicator over the years
    with translation.override("en"):
        shown = profile(Area.objects.current().get(code="2201"), ground(Area.objects.get(code="EL61")))
        html = printing.written(shown)
    assert re.findall(r'alt="([^"]*)"', html) == [
        f"{shown.area.name} in {shown.region.name}",
        "2021: 40.0\xa0% (38.0 – 42.0); 2022: 39.0\xa0% (37.0 – 41.0); 2023: 38.0\xa0% (36.0 – 40.0)",
    ]


def test_a_name_that_attacks_brings_nothing_in(thessaly: Area, publish: Publish) -> None:
    publish({"2201": figure(40.0)})
    area = Area.objects.current().get(code="2201")
    area.name_el = '<img src="file:///etc/passwd"><script>'
    with translation.override("el"):
        html = printing.written(profile(area, ground(thessaly)))
    assert '<img src="file' not in html
    paper = printing.pdf(html)
    assert "root:" not in text_of(paper)


@pytest.mark.usefixtures("three_years")
def test_a_paper_is_made_once_and_anew_when_something_changed(client: Client, made: list[str]) -> None:
    first = client.get("/el/profiles/2201.pdf", **THESSALY)
    assert client.get("/el/profiles/2201.pdf", **THESSALY)["ETag"] == first["ETag"]
    assert len(made) == 1
    known = client.get("/el/profiles/2201.pdf", HTTP_IF_NONE_MATCH=first["ETag"], **THESSALY)
    assert known.status_code == 304
    factories.structure(
        factories.term("community_centre"),
        municipality=Area.objects.municipalities().get(code="2201"),
        point=None,
    )
    assert client.get("/el/profiles/2201.pdf", **THESSALY)["ETag"] != first["ETag"]
    assert len(made) == 2


def test_all_of_a_region_are_made_and_the_second_time_only_what_is_stale(
    thessaly: Area, publish: Publish, made: list[str]
) -> None:
    publish({"2201": figure(40.0)})
    assert actions.is_due(thessaly)
    first = actions.print_profiles(region=thessaly)
    assert (first.done, first.total, first.made) == (62, 62, 62)  # 25 + 5 + 1 in two languages
    assert not actions.is_due(thessaly)
    assert actions.print_profiles(region=thessaly).made == 0
    publish({"2401": figure(10.0)}, period="2024")
    assert actions.is_due(thessaly)
    assert actions.print_profiles(region=thessaly).made == 6  # region, Larissa, Volos; two languages
    assert len(made) == 68


def test_progress_can_be_watched_and_a_failure_is_said(
    thessaly: Area, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish({"2201": figure(40.0)})
    seen: list[int] = []

    def make(html: str) -> bytes:
        seen.append(Printing.objects.get(region=thessaly).done)
        if len(seen) == 4:
            raise OSError("no room on the disk")
        return b"%PDF"

    monkeypatch.setattr(printing, "_made", make)
    with pytest.raises(OSError, match="no room"):
        actions.print_profiles(region=thessaly)
    assert seen == [0, 1, 2, 3]
    actions.fail(region=thessaly, reason="no room on the disk")
    client = Client()
    client.force_login(factories.editor(thessaly))
    page = client.get("/en/profiles/office/", **THESSALY).content.decode()
    assert "no room on the disk" in page
    assert "3 of 62 files" in page


def test_a_second_press_of_the_button_queues_nothing(thessaly: Area) -> None:
    client = Client()
    client.force_login(factories.editor(thessaly))
    first = client.post("/en/profiles/office/", follow=True, **THESSALY).content.decode()
    second = client.post("/en/profiles/office/", follow=True, **THESSALY).content.decode()
    assert "The profiles are being made." in first
    assert "wait to be made already" in second


@pytest.mark.parametrize("code", ["4201", "EL65", "9999"])
def test_papers_of_elsewhere_are_not_found(client: Client, thessaly: Area, code: str) -> None:
    assert client.get(f"/el/profiles/{code}.pdf", **THESSALY).status_code == 404


@pytest.mark.usefixtures("three_years")
def test_page_and_paper_say_how_they_are_cited_with_the_same_address(client: Client) -> None:
    page = client.get("/en/profiles/2201/", **THESSALY).content.decode()
    cited = re.search(r'<dt>How to cite</dt><dd class="breaks">(.*?)</dd>', page)
    assert cited
    address = "http://thessaly.localhost/en/profiles/2201/"
    with translation.override("en"):
        day = formats.date_format(localtime(Release.objects.latest("published_at").published_at))
        region = Area.objects.get(code="EL61")
        html = printing.written(profile(Area.objects.current().get(code="2201"), ground(region)))
    publisher = "Regional Observatory of Social Inclusion, Thessaly"
    assert cited[1] == f"Social profile, Larissa, {day}. {publisher}. {address}"
    for text in (page, html):
        assert cited[0] in text
        assert f'<dt>Permanent link</dt><dd class="breaks"><a href="{address}">{address}</a>' in text
