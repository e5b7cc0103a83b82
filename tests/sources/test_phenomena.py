"""Reports of phenomena: from a municipality's page over the Observatory's decision to the sums."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from entaxis.accounts.models import Membership, User
from entaxis.core import review
from entaxis.core.review import State, Step
from entaxis.geography.models import Area
from entaxis.notifications.models import Message
from entaxis.sources import aggregates, phenomena
from entaxis.sources.models import PhenomenonReport, Source
from entaxis.sources.phenomena import Count
from tests import factories
from tests.sources import files

pytestmark = pytest.mark.django_db
HOST = {"host": "thessaly.localhost"}
START = "/el/office/phenomena/"


@pytest.fixture
def volos(gmi: Source) -> Area:
    return Area.objects.municipalities().get(code="2401")


@pytest.fixture
def writer(volos: Area) -> User:
    return factories.member(Membership.Role.MUNICIPAL_EDITOR, volos)


@pytest.fixture
def service(writer: User) -> Client:
    return signed_in(writer)


@pytest.fixture
def observatory(gmi: Source) -> Client:
    return signed_in(factories.editor(gmi.region))


def signed_in(user: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(user)
    return client


def facts(**more: Any) -> dict[str, Any]:
    return {
        "municipality": Area.objects.municipalities().get(code="2401").pk,
        "phenomenon": "extreme_poverty",
        "period": phenomena.quarters(timezone.localdate())[1],
        "households": "3",
        "persons": "8",
        "basis": "visits",
        "observed": "Στον καταυλισμό λείπει το ρεύμα.",
        "seen": "0",
    } | more


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_report_is_written_validated_and_counts(
    service: Client, observatory: Client, volos: Area
) -> None:
    assert "Seen" not in text_of(service.get(f"{START}new/"))
    made = service.post(f"{START}new/", facts())
    assert made.status_code == 302
    row = PhenomenonReport.objects.get()
    assert (row.state, row.municipality, row.created_by is not None) == (State.DRAFT, volos, True)
    assert aggregates.phenomena(volos.region).is_empty()
    service.post(made.url, {"step": "submit", "seen": row.version})
    assert "περιμένει το Παρατηρητήριο" in text_of(observatory.get(START))
    refused = observatory.post(made.url, {"step": "ask_back", "seen": 2})
    assert refused.status_code == 422  # it must say why
    observatory.post(made.url, {"step": "ask_back", "seen": 2, "reason": "Πόσα παιδιά;"})
    assert "Πόσα παιδιά;" in text_of(service.get(made.url))
    assert (
        service.post(f"{made.url}write/", facts(households="4", persons="9", seen="3")).status_code == 302
    )
    service.post(made.url, {"step": "submit", "seen": 4})
    observatory.post(made.url, {"step": "publish", "seen": 5})
    told = aggregates.phenomena(volos.region).to_dicts()
    assert told == [
        {
            "municipality": "2401",
            "period": row.period,
            "phenomenon": "extreme_poverty",
            "households": 4,
            "persons": 9,
        }
    ]
    page = text_of(observatory.get(f"{START}?period={row.period}"))
    assert "Άτομα σε ακραία φτώχεια" in page
    assert re.search(r'data-label="Νοικοκυριά">4<', page)
    # without a choice the last quarter of which something is known
    assert f'<option value="{row.period}" selected>' in text_of(observatory.get(START))


def test_whom_a_step_concerns_is_told_once(service: Client, writer: User, volos: Area) -> None:
    editors = [factories.editor(volos.region), factories.editor(volos.region)]
    made = service.post(f"{START}new/", facts())
    service.post(made.url, {"step": "submit", "seen": 1})
    told = Message.objects.filter(kind="sources.phenomenon_submitted")
    assert {row.user for row in told} == set(editors)
    assert not Message.objects.filter(user=writer).exists()
    observatory = signed_in(editors[0])
    observatory.post(made.url, {"step": "ask_back", "seen": 2, "reason": "Πόσα παιδιά;"})
    answer = Message.objects.get(kind="sources.phenomenon_decided")
    assert answer.user == writer
    assert str(PhenomenonReport.objects.get().pk) in answer.url
    assert "Πόσα" not in f"{answer.title} {answer.context}", "what was asked stands behind the door"
    assert not Message.objects.filter(user=editors[0], kind="sources.phenomenon_decided").exists()


def test_the_web_cannot_read_the_numbers(service: Client) -> None:
    service.post(f"{START}new/", facts())
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sources_sealed.phenomenon")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"persons": "2"}, "Λιγότερα άτομα από νοικοκυριά."),
        ({"households": "-1"}, "0"),
        ({"households": ""}, "Νοικοκυριά"),
        ({"period": "2019-Q1"}, "επιλογή"),
        ({"phenomenon": "witchcraft"}, "επιλογή"),
        ({"observed": f"Η κυρία με ΑΜΚΑ {files.amka(7)} ζει εκεί"}, "ΑΜΚΑ"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    service: Client, wrong: dict[str, str], said: str
) -> None:
    refused = service.post(f"{START}new/", facts(**wrong))
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert wrong.get("observed", "Στον καταυλισμό λείπει το ρεύμα.") in text_of(refused)
    assert not PhenomenonReport.objects.exists()


def test_a_phenomenon_is_reported_once_a_quarter_until_withdrawn(service: Client, writer: User) -> None:
    service.post(f"{START}new/", facts())
    again = service.post(f"{START}new/", facts())
    assert again.status_code == 422
    row = PhenomenonReport.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PhenomenonReport.objects.create(
            region=row.region,
            municipality=row.municipality,
            phenomenon=row.phenomenon,
            period=row.period,
            basis=row.basis,
        )
    row.state = State.WITHDRAWN
    row.save()
    assert service.post(f"{START}new/", facts()).status_code == 302


def test_others_see_neither_the_report_nor_its_numbers(service: Client, volos: Area) -> None:
    made = service.post(f"{START}new/", facts())
    larisa = Area.objects.municipalities().of(volos.region).exclude(pk=volos.pk).first()
    assert larisa is not None
    stranger = signed_in(factories.member(Membership.Role.MUNICIPAL_EDITOR, larisa))
    assert stranger.get(made.url).status_code == 404
    assert stranger.get(f"{made.url}write/").status_code == 404
    assert "Άτομα σε ακραία φτώχεια" not in text_of(stranger.get(START))
    assert "Αθροίσματα" not in text_of(service.get(START))
    refused = stranger.post(f"{START}new/", facts())
    assert refused.status_code == 422
    assert PhenomenonReport.objects.count() == 1


def test_a_municipality_does_not_validate_its_own(service: Client, writer: User) -> None:
    made = service.post(f"{START}new/", facts())
    row = PhenomenonReport.objects.get()
    service.post(made.url, {"step": "submit", "seen": 1})
    with pytest.raises(review.NotAllowedError):
        phenomena.take(report=row, step=Step.PUBLISH, by=writer, version=2)
    assert service.post(made.url, {"step": "publish", "seen": 2}).status_code == 422


def test_the_second_of_two_writers_is_told(service: Client, writer: User) -> None:
    service.post(f"{START}new/", facts())
    row = PhenomenonReport.objects.get()
    phenomena.save(report=row, count=Count(5, None), seen=1, by=writer)
    late = service.post(f"{START}{row.pk}/write/", facts(households="7", persons="", seen="1"))
    assert late.status_code == 422
    assert phenomena.counts([row.pk])[row.pk] == Count(5, None)
    again = service.post(f"{START}{row.pk}/write/", facts(households="7", persons="", seen="2"))
    assert again.status_code == 302


def test_the_service_of_a_municipality_reports_too(volos: Area) -> None:
    body = factories.body(volos.region, kind="municipal_social_service", municipality=volos)
    member = factories.member(Membership.Role.BODY_MEMBER, body)
    assert signed_in(member).post(f"{START}new/", facts()).status_code == 302
    ngo = factories.member(Membership.Role.BODY_MEMBER, factories.body(volos.region))
    assert signed_in(ngo).get(f"{START}new/").status_code == 404
    assert "Δεν ανήκετε" in text_of(signed_in(ngo).get(START))


def test_the_pages_ask_as_much_for_thirty(observatory: Client, volos: Area, queries_stay: Any) -> None:
    keys = [term.key for term in phenomena.phenomena()]

    period = phenomena.quarters(timezone.localdate())[0]
    places = Area.objects.municipalities().of(volos.region)
    pairs = iter([(key, place) for key in keys for place in places])

    def grow(more: int) -> None:
        for number in range(more):
            key, place = next(pairs)
            row = PhenomenonReport.objects.create(
                region=volos.region,
                municipality=place,
                phenomenon=key,
                period=period,
                basis="visits",
                state=State.PUBLISHED,
            )
            phenomena.write(row.pk, Count(number, None))

    assert queries_stay(grow=grow, read=lambda: observatory.get(START)) < 30
