"""Published figures taken back: by another release, by two persons, with the reason; nothing is removed."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, withdrawing
from entaxis.indicators.models import Observation, Reason, Release, ReleasedSeries
from tests import factories
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
WHY = "Τα βάρη ήταν λάθος."


def _client(user: User | None = None, host: str = HOST) -> Client:
    client = Client(headers={"host": host})
    if user:
        client.force_login(user)
    return client


@pytest.fixture
def withdraw(maker: User, approver: User) -> Callable[[Release], Release]:
    def run(release: Release) -> Release:
        made = withdrawing.begin(release=release, note_el=WHY, note_en="The weights were wrong.", by=maker)
        actions.approve(release=made, by=approver)
        made.refresh_from_db()
        return made

    return run


def test_every_figure_is_taken_back_and_what_was_published_stays(
    publish: Publish, withdraw: Callable[[Release], Release], region: Area
) -> None:
    first = publish()
    before = Observation.objects.get(series__release=first, area=region, breakdown="total")
    made = withdraw(first)
    first.refresh_from_db()
    assert (first.state, made.state) == (Release.State.SUPERSEDED, Release.State.PUBLISHED)
    now = Observation.objects.filter(series__is_current=True)
    assert now.count() == Observation.objects.filter(series__release=first).count()
    assert set(now.values_list("reason", "value")) == {(Reason.WITHDRAWN, None)}
    before.refresh_from_db()
    assert before.value is not None


def test_who_asked_for_it_cannot_approve_it(publish: Publish, maker: User) -> None:
    made = withdrawing.begin(release=publish(), note_el=WHY, note_en="", by=maker)
    assert made.state == Release.State.CHECKED
    with pytest.raises(actions.NotNowError):
        actions.approve(release=made, by=maker)
    assert not Observation.objects.filter(reason=Reason.WITHDRAWN).exists()


def test_it_is_begun_once_and_never_of_what_is_not_in_force(
    publish: Publish, withdraw: Callable[[Release], Release], maker: User
) -> None:
    first = publish()
    withdrawing.begin(release=first, note_el=WHY, note_en="", by=maker)
    with pytest.raises(actions.NotNowError, match="ήδη"):
        withdrawing.begin(release=first, note_el=WHY, note_en="", by=maker)
    second = publish(supersedes=first, notes={"el": "Διόρθωση"})
    with pytest.raises(actions.NotNowError):
        withdrawing.begin(release=first, note_el=WHY, note_en="", by=maker)
    made = withdraw(second)
    with pytest.raises(actions.NotNowError):
        withdrawing.begin(release=made, note_el=WHY, note_en="", by=maker)


def test_it_says_why(publish: Publish, maker: User) -> None:
    with pytest.raises(IntegrityError, match="release_correction_says_why"):
        withdrawing.begin(release=publish(), note_el=" ", note_en="", by=maker)


def test_a_release_in_between_asks_for_another_check(publish: Publish, maker: User, approver: User) -> None:
    first = publish(_of("arop") + _of("arope"))
    made = withdrawing.begin(release=first, note_el=WHY, note_en="", by=maker)
    publish(_of("arope"), supersedes=first, notes={"el": "Διόρθωση"})
    with pytest.raises(actions.NotNowError):
        actions.approve(release=made, by=approver)
    made.refresh_from_db()
    if made.state == Release.State.APPROVED:
        actions.send_back(release=made)
    actions.check(release=made)
    actions.approve(release=made, by=approver)
    current = ReleasedSeries.objects.filter(is_current=True)
    assert current.get(indicator__code="arop").release == made
    assert current.get(indicator__code="arope").release != made, "what was corrected since stays"


def _of(code: str) -> list[object]:
    return cells(Area.objects.get(code="EL61"), code=code)


def test_figures_may_be_published_again(
    publish: Publish, withdraw: Callable[[Release], Release], region: Area
) -> None:
    made = withdraw(publish())
    publish(supersedes=made, notes={"el": "Με τα σωστά βάρη."})
    assert Observation.objects.filter(
        series__is_current=True, area=region, breakdown="total", value__isnull=False
    ).exists()


@pytest.mark.parametrize("which", ["former", "present"])
def test_the_passport_says_why_and_since_when(
    publish: Publish, withdraw: Callable[[Release], Release], region: Area, which: str
) -> None:
    first = publish()
    made = withdraw(first)
    release = first if which == "former" else made
    row = Observation.objects.get(series__release=release, area=region, breakdown="total")
    page = _client().get(f"/el/figures/{row.public_id}/").content.decode()
    assert WHY in page
    assert "Αποσύρθηκε στις" in page
    assert str(made.published_at.year) in page
    english = _client().get(f"/en/figures/{row.public_id}/").content.decode()
    assert "The weights were wrong." in english


def test_pages_files_and_the_interface_follow(
    publish: Publish, withdraw: Callable[[Release], Release], region: Area
) -> None:
    rows = cells(region)
    whole = next(row for row in rows if row.area_id == region.pk and row.breakdown == "total")
    whole.value, whole.ci_low, whole.ci_high = 34.567, 30.123, 39.876
    first = publish(rows)
    made = withdraw(first)
    reader = _client()
    found = reader.get("/api/v1/observations?indicator=arop").json()["results"]
    assert found
    assert all(row["value"] is None and row["reason"] == "withdrawn" for row in found)
    for address in (
        "/el/indicators/",
        "/el/indicators/arop/",
        "/el/indicators/tables/?indicator=arop",
        "/el/indicators/tables/figures.csv?indicator=arop",
        "/el/indicators/tables/figures.json?indicator=arop",
        f"/el/indicators/releases/{made.pk}/",
    ):
        text = reader.get(address).content.decode()
        assert "34,6" not in text, address
        assert "34.567" not in text, address
    assert "αποσύρθηκε" in reader.get("/el/indicators/arop/").content.decode()
    page = reader.get(f"/el/indicators/releases/{first.pk}/").content.decode()
    assert WHY in page
    assert reverse("indicators:release", args=[made.pk]) in page


def test_the_page_of_the_office(publish: Publish, maker: User, approver: User) -> None:
    first = publish()
    address = reverse("indicators:office-withdraw", args=[first.pk])
    client = _client(maker)
    assert address in client.get(reverse("indicators:office-release", args=[first.pk])).content.decode()
    assert "Κίνδυνος φτώχειας" in client.get(address).content.decode()
    answer = client.post(address, {"note_el": "", "note_en": "x"})
    assert answer.status_code == 422
    answer = client.post(address, {"note_el": WHY, "note_en": ""})
    made = Release.objects.get(is_withdrawal=True)
    assert answer["Location"] == reverse("indicators:office-release", args=[made.pk])
    _client(approver).post(
        reverse("indicators:office-step", args=[made.pk]), {"step": "approve", "publish_at": ""}
    )
    made.refresh_from_db()
    assert made.state == Release.State.PUBLISHED
    assert client.get(address).status_code == 404, "nothing of it is in force any more"


def test_releases_of_another_region_cannot_be_taken_back(publish: Publish) -> None:
    first = publish()
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    client = _client(factories.editor(other), "peloponnese.localhost")
    address = reverse("indicators:office-withdraw", args=[first.pk])
    assert client.get(address).status_code == client.post(address, {"note_el": WHY}).status_code == 404
    assert not Release.objects.filter(is_withdrawal=True).exists()
