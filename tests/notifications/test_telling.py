"""`notify` and `write_to`: who is told what, where, in which words."""

from email.utils import parsedate_to_datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from entaxis.notifications import actions, kinds, writing
from entaxis.notifications.choices import Channel, Pace, State
from entaxis.notifications.models import Delivery, Message, Preference
from tests import factories


def test_a_person_is_told_in_the_portal_and_by_mail(kind, post) -> None:
    person = factories.user(language="el")
    [row] = actions.notify(
        kind=kind(), to=[person], region=factories.region(), about="Μια εγγραφή", url="/el/structures/"
    )
    assert {(d.channel, d.state) for d in row.deliveries.all()} == {
        (Channel.PORTAL, State.SENT),
        (Channel.MAIL, State.QUEUED),
    }
    [mail] = post()
    delivery = row.deliveries.get(channel=Channel.MAIL)
    assert mail.to == [person.email]
    assert mail.subject == "Μια εγγραφή"
    assert "http://thessaly.localhost/el/structures/" in mail.body
    sent = mail.message()
    assert sent["Message-ID"] == delivery.mail_identity
    assert sent["Auto-Submitted"] == "auto-generated"
    assert abs((parsedate_to_datetime(sent["Date"]) - row.created).total_seconds()) <= 1
    assert "this is a test" in mail.body
    assert "Θεσσαλία" in mail.body
    html, kind_of_part = mail.alternatives[0]
    assert kind_of_part == "text/html"
    assert '<a href="http://thessaly.localhost/el/structures/"' in html
    assert delivery.state == State.SENT
    assert post() == []


def test_lazy_words_are_said_in_the_readers_language(db, kind) -> None:
    greek, english = factories.user(language="el"), factories.user(language="en")
    rows = actions.notify(
        kind=kind(),
        to=[greek, english],
        region=factories.region(),
        about=gettext_lazy("region"),
        url=reverse_lazy("directory:search"),
    )
    said = {row.user_id: (row.title, row.url) for row in rows}
    assert said[greek.pk][1].startswith("/el/")
    assert said[english.pk] == ("region", said[greek.pk][1].replace("/el/", "/en/"))


def test_nobody_is_told_twice_or_when_inactive(kind, post) -> None:
    person, gone = factories.user(), factories.user(is_active=False)
    home, said = factories.region(), kind()
    for _again in range(2):
        actions.notify(kind=said, to=[person, person, gone], region=home, about="Α", occasion="one")
    assert [row.user for row in Message.objects.all()] == [person]
    assert len(post()) == 1


def test_the_database_refuses_the_same_occasion_twice(db, kind) -> None:
    person, home = factories.user(), factories.region()
    actions.notify(kind=kind(), to=[person], region=home, about="Α", occasion="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            user=person, region=home, kind="tests.happened", occasion="one", language="el"
        )


def test_a_rolled_back_change_tells_nobody(kind, post) -> None:
    home = factories.region()
    with transaction.atomic():
        actions.notify(kind=kind(), to=[factories.user()], region=home, about="Α")
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert post() == []


def test_the_commit_wakes_a_worker_once(db, kind, django_capture_on_commit_callbacks) -> None:
    home, said = factories.region(), kind()
    with django_capture_on_commit_callbacks() as waiting:
        for _turn in range(3):
            actions.notify(kind=said, to=[factories.user()], region=home, about="Α")
            actions.write_to(kind=said, address="a@example.org", region=home)
    assert waiting == [writing._wake]


@pytest.mark.parametrize(
    ("described", "wish", "states"),
    [
        ({}, None, {State.QUEUED}),
        ({}, Pace.DAILY, {State.HELD}),
        ({}, Pace.NEVER, set()),
        ({"may_wait": False}, Pace.WEEKLY, {State.QUEUED}),
        ({"is_security": True}, Pace.NEVER, {State.QUEUED}),
        ({"pace": Pace.WEEKLY}, None, {State.HELD}),
        ({"pace": Pace.WEEKLY}, Pace.AT_ONCE, {State.QUEUED}),
    ],
)
def test_a_wish_is_kept_but_for_security(db, kind, described, wish, states) -> None:
    person, said = factories.user(), kind(**described)
    if wish:
        Preference.objects.create(user=person, kind=said.key, pace=wish)
    [row] = actions.notify(kind=said, to=[person], region=factories.region(), about="Α")
    assert set(row.deliveries.filter(channel=Channel.MAIL).values_list("state", flat=True)) == states
    assert row.deliveries.filter(channel=Channel.PORTAL).exists()


def test_a_sensitive_mail_says_nothing_but_a_link(kind, post) -> None:
    actions.notify(
        kind=kind(is_sensitive=True),
        to=[factories.user(language="en")],
        region=factories.region(),
        about="About a shelter",
        url="/en/messages/",
        context={"what": "secret"},
    )
    [mail] = post()
    assert mail.subject == "You have a message"
    assert "shelter" not in mail.message().as_string()
    assert "secret" not in mail.message().as_string()
    assert "http://thessaly.localhost/en/messages/" in mail.body


def test_somebody_without_an_account_gets_a_mail(kind, post) -> None:
    row = actions.write_to(
        kind=kind(),
        address=" Someone@Example.org ",
        region=factories.region(),
        language="ar",
        about="Hello",
    )
    assert row is not None
    assert row.address == "someone@example.org"
    [mail] = post()
    assert mail.to == ["someone@example.org"]
    assert "You receive this" in mail.body, "mails are written in Greek and English"


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b\r\nBcc: c@example.org", "a@example.org, b@example.org"]
)
def test_what_is_no_address_is_refused(kind, db, address) -> None:
    with pytest.raises(ValidationError):
        actions.write_to(kind=kind(), address=address, region=factories.region())
    assert not Delivery.objects.exists()


def test_markup_in_a_title_stays_text_and_a_line_break_no_header(kind, post) -> None:
    actions.notify(
        kind=kind(),
        to=[factories.user()],
        region=factories.region(),
        about="<b>x</b>\r\nBcc: a@example.org",
    )
    [mail] = post()
    assert mail.subject == "<b>x</b>"
    assert mail.recipients() == mail.to
    assert "&lt;b&gt;x&lt;/b&gt;" in mail.alternatives[0][0]


def test_an_unknown_kind_is_refused(db) -> None:
    with pytest.raises(kinds.UnknownKindError):
        actions.notify(kind="nobody.said", to=[], region=factories.region(), about="Α")


def test_a_key_names_one_kind(kind) -> None:
    kind()
    with pytest.raises(ValueError, match="another kind"):
        kind(reason="something else")


@pytest.mark.parametrize("known", kinds.every(), ids=lambda known: known.key)
@pytest.mark.parametrize("language", ["el", "en"])
def test_every_declared_kind_has_its_words(known, language) -> None:
    words = get_template(f"{known.template}.{language}.txt").render(
        {"title": "x", "answer": "x", "link": "x"}
    )
    subject, _break, rest = words.strip().partition("\n")
    assert subject.strip()
    assert rest.strip()
