from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import recomputing, tasks
from entaxis.indicators.models import Edition, Observation, Reason, Recomputation, Release
from tests.indicators.conftest import Publish, cells

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


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch, region: Area, maker: User) -> Callable[..., Recomputation]:
    """Compute a figure again where the file now gives something else of it."""

    def ask(row: Observation, **moved: object) -> Recomputation:
        given = cells(region)
        one = next(one for one in given if (one.area_id, one.breakdown) == (row.area_id, row.breakdown))
        for name, value in moved.items():
            setattr(one, name, value)
        monkeypatch.setattr(recomputing.actions, "computed", lambda *_a, **_k: (given, {}))
        asked, is_new = recomputing.ask(observation=row, by=maker)
        assert is_new
        tasks.recompute_figure(recomputation=asked.pk)
        asked.refresh_from_db()
        assert asked.finished_at
        return asked

    return ask


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({}, State.SAME),
        ({"value": 22.0 + 1e-12}, State.DIFFERS),
        ({"ci_low": 16.5}, State.DIFFERS),
        ({"ci_high": 31 + 1e-12}, State.DIFFERS),
        ({"flag": "u"}, State.DIFFERS),
    ],
)
def test_a_worker_compares_to_the_last_digit(
    figure: Observation, again: Callable[..., Recomputation], moved: dict[str, object], said: str
) -> None:
    done = again(figure, **moved)
    assert done.state == said
    assert done.value == moved.get("value", figure.value)
    assert again(figure) != done, "one may ask another time"


@pytest.mark.parametrize(("code", "reason"), [("2203", Reason.SMALL_SAMPLE), ("2202", Reason.PROTECTS)])
def test_a_withheld_figure_comes_out_withheld_for_the_same_reason(
    figure: Observation, again: Callable[..., Recomputation], code: str, reason: str
) -> None:
    held = Observation.objects.get(area__code=code, breakdown="total")
    assert (held.value, held.reason) == (None, reason)
    done = again(held)
    assert (done.state, done.value) == (State.SAME, None)
    done = again(held, members=0, value=None, note=Reason.NO_INPUT)
    assert (done.state, done.value) == (State.DIFFERS, None), "withheld, but for another reason"
    done = again(held, members=70, n=70, flag="")
    assert done.value is None, "what is withheld is told to nobody, whatever comes out"


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
