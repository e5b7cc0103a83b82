"""Subscriptions by mail: asked for, confirmed, ended, told."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from entaxis.notifications import addresses, letters, links, subscribing
from entaxis.notifications.choices import Channel, Pace, State
from entaxis.notifications.models import Delivery, Message, Preference, Subscription
from entaxis.vocabularies.models import Vocabulary
from tests import factories

SUBSCRIBE = "/el/subscribe/"
ADDRESS = "reader@example.org"


@pytest.fixture
def visitor(db) -> Client:
    factories.municipality()
    cache.clear()
    return Client(headers={"host": "thessaly.localhost"})


def _link(sent) -> str:
    found = re.search(r"http://thessaly\.localhost(/\S+)", sent.body)
    assert found
    return found.group(1)


def test_somebody_subscribes_confirms_is_told_and_leaves(visitor: Client, kind, post) -> None:
    volos = factories.municipality()
    answer = visitor.post(
        SUBSCRIBE, {"follow": f"municipality:{volos.code}", "address": "Reader@Example.org"}
    )
    assert answer["Location"] == "/el/subscribe/sent/"
    assert "στο ηλεκτρονικό" not in visitor.get(answer["Location"]).content.decode()
    [asked] = post()
    assert asked.to == [ADDRESS]
    assert "Βόλος" in asked.body

    said = {
        "kind": kind(),
        "region": volos.region,
        "about": "Νέα δράση",
        "url": "/el/news/",
        "municipality": volos,
    }
    assert subscribing.tell_subscribers(**said, occasion="before") == 0, "not confirmed yet"
    page = visitor.get(_link(asked))
    assert page.status_code == 200
    assert "Βόλος" in page.content.decode()
    assert Subscription.objects.get().confirmed_at is None, "a scanner of mail follows links"
    assert visitor.post(_link(asked)).status_code == 200
    row = Subscription.objects.get()
    assert row.confirmed_at

    assert subscribing.tell_subscribers(**said, occasion="one") == 1
    assert subscribing.tell_subscribers(**said, occasion="one") == 0, "told already"
    [told] = post()
    message = told.message()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = message["List-Unsubscribe"].strip("<>").removeprefix("http://thessaly.localhost")
    assert leave in told.body
    assert visitor.get(leave).status_code == 200
    assert Subscription.objects.exists(), "a scanner of mail follows links"
    strict = Client(headers={"host": "thessaly.localhost"}, enforce_csrf_checks=True)
    assert strict.post(leave).status_code == 403, "the page's own button is protected"
    assert Subscription.objects.exists()
    assert strict.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert not Message.objects.filter(subscription__isnull=False).exists()
    assert strict.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200, "twice is no error"
    assert visitor.get(leave).status_code == 404


def test_the_page_of_leaving_has_a_button(visitor: Client) -> None:
    row = factories.subscription()
    leave = f"/el/subscribe/leave/{links.token(letters.LEAVE, str(row.pk))}/"
    assert visitor.post(leave).status_code == 200
    assert not Subscription.objects.exists()


def test_the_answer_is_the_same_for_a_known_address(visitor: Client, post) -> None:
    factories.subscription(address=ADDRESS)
    answers = [
        visitor.post(SUBSCRIBE, {"follow": "all", "address": address})
        for address in (ADDRESS, "new@example.org")
    ]
    assert len({(answer.status_code, answer["Location"], answer.content) for answer in answers}) == 1
    assert [sent.to for sent in post()] == [["new@example.org"]]


def test_nobodys_mailbox_is_flooded(visitor: Client, post) -> None:
    for _turn in range(8):
        visitor.post(SUBSCRIBE, {"follow": "all", "address": ADDRESS})
    assert len(post()) == subscribing.MOST_A_DAY


def test_one_place_asks_only_so_often(visitor: Client) -> None:
    answers = [
        visitor.post(SUBSCRIBE, {"follow": "all", "address": f"a{number}@example.org"}).status_code
        for number in range(12)
    ]
    assert answers == [302] * 10 + [422] * 2


@pytest.mark.parametrize(
    "data",
    [
        {"follow": "all", "address": "nobody"},
        {"follow": "all", "address": "a@example.org\r\nBcc: b@example.org"},
        {"follow": "all", "address": "a" * 300 + "@example.org"},
        {"follow": "municipality:9999", "address": ADDRESS},
        {"follow": "needs:'; DROP TABLE", "address": ADDRESS},
        {"follow": "", "address": ADDRESS},
        {},
    ],
)
def test_bad_input_gets_a_sentence(visitor: Client, data) -> None:
    answer = visitor.post(SUBSCRIBE, data)
    assert answer.status_code == 422
    assert "errors__list" in answer.content.decode()
    assert not Subscription.objects.exists()


def test_a_sensitive_need_is_not_offered(visitor: Client) -> None:
    factories.term("food", inside=Vocabulary.Name.NEEDS)
    factories.term("violence", inside=Vocabulary.Name.NEEDS, is_sensitive=True)
    page = visitor.get(SUBSCRIBE).content.decode()
    assert "needs:food" in page
    assert "needs:violence" not in page
    assert visitor.post(SUBSCRIBE, {"follow": "needs:violence", "address": ADDRESS}).status_code == 422


@pytest.mark.parametrize("purpose", ["confirm", "leave"])
@pytest.mark.parametrize("forged", ["x", "a:b:c", "Im4i:1abc:" + "x" * 43])
def test_a_forged_link_says_so_kindly(visitor: Client, purpose, forged) -> None:
    for method in (visitor.get, visitor.post):
        answer = method(f"/el/subscribe/{purpose}/{forged}/")
        assert answer.status_code == 404
        assert "<h1>" in answer.content.decode()


def test_a_link_serves_one_purpose_and_grows_old(visitor: Client, monkeypatch) -> None:
    row = factories.subscription(confirmed=False)
    leave = links.token(letters.LEAVE, str(row.pk))
    assert visitor.post(f"/el/subscribe/confirm/{leave}/").status_code == 404
    token = links.token(subscribing.CONFIRM, str(row.pk))
    eight_days = 8 * 24 * 3600
    import time

    later = time.time() + eight_days
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert visitor.post(f"/el/subscribe/confirm/{token}/").status_code == 404
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert visitor.get(f"/el/subscribe/leave/{leave}/").status_code == 200, "leaving is always open"


def test_another_regions_link_does_not_exist_here(visitor: Client) -> None:
    row = factories.subscription(factories.region("EL65", name_el="Πελοπόννησος"))
    token = links.token(letters.LEAVE, str(row.pk))
    assert visitor.get(f"/el/subscribe/leave/{token}/").status_code == 404


def test_a_signed_in_person_subscribes_at_once(visitor: Client, kind, post) -> None:
    person, home = factories.user(), factories.region()
    visitor.force_login(person)
    assert 'name="address"' not in visitor.get(SUBSCRIBE).content.decode()
    assert visitor.post(SUBSCRIBE, {"follow": "all"})["Location"] == "/el/messages/preferences/"
    assert Subscription.objects.get(user=person).confirmed_at
    page = visitor.get("/el/messages/preferences/").content.decode()
    assert "Όλα στην περιφέρεια" in page
    Preference.objects.create(user=person, kind=kind().key, pace=Pace.DAILY)
    subscribing.tell_subscribers(kind=kind(), region=home, about="Νέα", url="/el/news/", occasion="one")
    states = set(Delivery.objects.values_list("channel", "state"))
    assert states == {(Channel.PORTAL, State.SENT), (Channel.MAIL, State.HELD)}


def test_who_follows_what_is_told_once_in_their_language(db, kind, post) -> None:
    home = factories.region()
    volos, body = factories.municipality(), factories.body(home)
    food = factories.term("food", inside=Vocabulary.Name.NEEDS)
    factories.subscription(home, address="all@example.org", language="en")
    factories.subscription(home, address="volos@example.org", scope="municipality", municipality=volos)
    factories.subscription(home, address="volos@example.org", scope="body", body=body)
    factories.subscription(
        home, address="food@example.org", scope="theme", theme_list="needs", theme="food"
    )
    factories.subscription(home, address="other@example.org", scope="body", body=factories.body(home))
    factories.subscription(home, address="waits@example.org", confirmed=False)
    factories.subscription(factories.region("EL65", name_el="Π"), address="away@example.org")
    told = subscribing.tell_subscribers(
        kind=kind(),
        region=home,
        about="Νέα",
        url="/el/news/",
        municipality=volos,
        body=body,
        themes=[food],
        occasion="one",
    )
    assert told == 3
    sent = {m.to[0]: m for m in post()}
    assert sorted(sent) == ["all@example.org", "food@example.org", "volos@example.org"]
    assert "You receive this" in sent["all@example.org"].body
    assert "Το λαμβάνετε" in sent["food@example.org"].body


def test_telling_costs_the_same_for_thirty(db, kind, queries_stay) -> None:
    home, said = factories.region(), kind()
    turns = iter(range(1000))

    def tell() -> None:
        subscribing.tell_subscribers(
            kind=said, region=home, about="Α", url="/el/", occasion=f"turn {next(turns)}"
        )

    queries_stay(grow=lambda number: [factories.subscription(home) for _turn in range(number)], read=tell)


def test_what_waits_goes_with_the_subscription(db, kind, post) -> None:
    home = factories.region()
    row = factories.subscription(home)
    subscribing.tell_subscribers(kind=kind(), region=home, about="Α", url="/el/", occasion="one")
    subscribing.leave(subscription=row)
    assert post() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "municipality"},
        {"scope": "all", "theme": "food", "theme_list": "needs"},
        {"scope": "theme", "theme_list": "needs"},
        {"address": ""},
        {"address": "Upper@example.org"},
    ],
)
def test_the_database_refuses_nonsense(db, fields) -> None:
    home = factories.region()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.subscription(home, **fields)


def test_a_subscription_stands_once(db) -> None:
    factories.subscription(address=ADDRESS)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.subscription(address=ADDRESS)


def test_the_address_may_be_chosen_beforehand(visitor: Client) -> None:
    volos = factories.municipality()
    page = visitor.get(f"{SUBSCRIBE}?follow=municipality:{volos.code}").content.decode()
    assert re.search(rf'value="municipality:{volos.code}" selected', page)


def test_no_address_stands_in_a_log(visitor: Client, caplog, post) -> None:
    with caplog.at_level("DEBUG"):
        visitor.post(SUBSCRIBE, {"follow": "all", "address": ADDRESS})
        addresses.suppress(ADDRESS, "bounce")
        post()
    assert ADDRESS not in caplog.text
    assert mail.outbox == []
    with translation.override("el"):
        assert Delivery.objects.get().get_state_display() == "επέστρεψε"


def test_a_dissolved_body_is_not_offered(visitor: Client) -> None:
    standing = factories.body()
    gone = factories.body(dissolved_on=timezone.localdate())
    page = visitor.get(SUBSCRIBE).content.decode()
    assert str(standing.pk) in page
    assert str(gone.pk) not in page
