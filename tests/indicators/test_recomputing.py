from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import recomputing, tasks
from entaxis.indicators.models import Edition, Observation, Recomputation, Release
from tests.indicators.conftest import Publish

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
State = Recomputation.State


@pytest.fixture
def figure(publish: Publish, region: Area, maker: User) -> Observation:
    """A published figure of a release that says to come from an edition."""
    release = publish()
    edition = Edition.objects.create(
        region=region, year=2023, income_year=2022, title_el="Έρευνα", title_en="Survey", line_eur=5900,
        line_note="test", checksum="0" * 64, specification="", persons=700, imported_by=maker,
    )  # fmt: skip
    Release.objects.filter(pk=release.pk).update(edition=edition)
    return Observation.objects.get(area=region, breakdown="total")


def _client(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


@pytest.mark.parametrize(("moved", "said"), [(0.0, State.SAME), (1e-12, State.DIFFERS)])
def test_a_worker_compares_to_the_last_digit(
    figure: Observation, maker: User, monkeypatch: pytest.MonkeyPatch, moved: float, said: str
) -> None:
    asked, is_new = recomputing.ask(observation=figure, by=maker)
    assert is_new
    monkeypatch.setattr(
        recomputing.actions, "computed", lambda *_a, **_k: ([_candidate(figure, moved)], {})
    )
    tasks.recompute_figure(recomputation=asked.pk)
    asked.refresh_from_db()
    assert asked.state == said
    assert asked.finished_at
    again, is_new = recomputing.ask(observation=figure, by=maker)
    assert is_new
    assert again != asked


def _candidate(figure: Observation, moved: float) -> Observation:
    twin = Observation(
        area_id=figure.area_id,
        breakdown=figure.breakdown,
        value=(figure.value or 0) + moved,
        standard_error=figure.standard_error,
    )
    twin.kind = "direct"  # type: ignore[attr-defined]
    return twin


def test_asking_answers_at_once_and_one_computation_is_under_way(
    figure: Observation, maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heavy(*_args: object, **_named: object) -> None:
        raise AssertionError("the web computes nothing")

    monkeypatch.setattr(recomputing.actions, "computed", heavy)
    client = _client(maker)
    address = reverse("indicators:recompute", args=[figure.public_id])
    page = client.post(address, follow=True)
    client.post(address)
    assert Recomputation.objects.get().state == State.WAITING
    assert "περιμένει τη σειρά" in page.content.decode()
    assert f'data-poll="{address}"' in client.get(address).content.decode()


def test_the_passport_tells_everybody_what_came_out(figure: Observation, maker: User) -> None:
    done = Recomputation.objects.create(
        observation=figure, asked_by=maker, state=State.SAME, value=figure.value, finished_at=timezone.now()
    )
    address = reverse("indicators:figure", args=[figure.public_id])
    page = Client(headers={"host": HOST}).get(address).content.decode()
    assert "μέχρι το τελευταίο ψηφίο" in page
    assert "data-poll" not in page
    Recomputation.objects.filter(pk=done.pk).update(state=State.DIFFERS)
    assert "άλλος αριθμός" in _client(maker).get(address).content.decode()


def test_a_worker_that_died_blocks_nobody_for_ever(figure: Observation, maker: User) -> None:
    lost, _ = recomputing.ask(observation=figure, by=maker)
    Recomputation.objects.filter(pk=lost.pk).update(
        state=State.RUNNING, asked_at=timezone.now() - timedelta(hours=1)
    )
    _again, is_new = recomputing.ask(observation=figure, by=maker)
    assert is_new
    lost.refresh_from_db()
    assert lost.state == State.FAILED


def test_what_goes_wrong_is_written_down(
    figure: Observation, maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ValueError("another checksum")

    monkeypatch.setattr(recomputing.actions, "computed", broken)
    asked, _ = recomputing.ask(observation=figure, by=maker)
    with pytest.raises(ValueError, match="checksum"):
        tasks.recompute_figure(recomputation=asked.pk)
    asked.refresh_from_db()
    assert asked.state == State.FAILED
