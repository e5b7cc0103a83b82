"""What the worker's clock does: summaries, retries, forgetting."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from entaxis.notifications import actions, digests, retention, writing
from entaxis.notifications.choices import Channel, Pace, State
from entaxis.notifications.models import Delivery, Message, Preference, Subscription
from tests import factories


@pytest.mark.parametrize(
    ("pace", "now", "then"),
    [
        # Athens: 26 October 2026 is a Monday, and the clock goes back on the 25th
        (Pace.DAILY, datetime(2026, 10, 24, 3, tzinfo=UTC), datetime(2026, 10, 24, 4, tzinfo=UTC)),
        (Pace.DAILY, datetime(2026, 10, 24, 5, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)),
        (Pace.WEEKLY, datetime(2026, 10, 20, 5, tzinfo=UTC), datetime(2026, 10, 26, 5, tzinfo=UTC)),
        (Pace.WEEKLY, datetime(2026, 10, 26, 5, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
    ],
)
def test_a_summary_goes_out_at_seven(pace: Pace, now: datetime, then: datetime) -> None:
    assert writing.next_digest(pace, now) == then


def _waiting(kind, person, number: int, home=None) -> None:
    said = kind()
    Preference.objects.update_or_create(user=person, kind=said.key, defaults={"pace": Pace.DAILY})
    for turn in range(number):
        actions.notify(
            kind=said, to=[person], region=home or factories.region(), about=f"Νέο {turn}", url="/el/"
        )


def _time_has_come() -> None:
    Delivery.objects.filter(state=State.HELD).update(due_at=timezone.now())


def test_what_waits_is_joined_into_one_mail(kind, post) -> None:
    person, other = factories.user(), factories.user()
    _waiting(kind, person, 3)
    _waiting(kind, other, 1)
    assert digests.join_due() == 0, "its hour has not come"
    _time_has_come()
    assert digests.join_due() == 1
    assert digests.join_due() == 0, "none is joined twice"
    sent = {mail.to[0]: mail for mail in post()}
    assert sent[person.email].subject == "Τα μηνύματά σας"
    assert [f"Νέο {turn}" in sent[person.email].body for turn in range(3)] == [True] * 3
    assert sent[person.email].body.count("http://thessaly.localhost/el/\n") == 3
    assert sent[other.email].subject == "Νέο 0", "one alone is sent as it is"
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert Message.objects.in_portal_of(person, factories.region()).count() == 3


def test_regions_do_not_share_a_summary(kind, post) -> None:
    person = factories.user()
    _waiting(kind, person, 2)
    _waiting(kind, person, 2, factories.region("EL65", name_el="Πελοπόννησος"))
    _time_has_come()
    assert digests.join_due() == 2
    assert sorted("Πελοπόννησος" in mail.body for mail in post()) == [False, True]


def test_words_and_addresses_are_forgotten(kind, post) -> None:
    home, person = factories.region(), factories.user()
    actions.write_to(kind=kind(), address="a@example.org", region=home, context={"x": "words"})
    actions.notify(kind=kind(), to=[person], region=home, about="Α", context={"x": "words"})
    post()
    waiting = actions.write_to(kind=kind(), address="b@example.org", region=home, context={"x": "words"})
    factories.subscription(home, confirmed=False)
    kept = factories.subscription(home)
    retention.sweep()
    assert Message.objects.count() == 3, "nothing is old yet"
    for days, left in ((31, {person, None}), (366, {None})):
        old = timezone.now() - timedelta(days=days)
        Message.objects.update(created=old)
        Subscription.objects.update(created=old)
        retention.sweep()
        assert {row.user for row in Message.objects.all()} == left
    waiting.refresh_from_db()
    assert waiting.context == {"x": "words"}, "what is still to be sent stays"
    assert [row.pk for row in Subscription.objects.all()] == [kept.pk]


def test_a_month_after_the_words_are_gone_the_title_stays(kind, post) -> None:
    [row] = actions.notify(
        kind=kind(), to=[factories.user()], region=factories.region(), about="Α", context={"x": "words"}
    )
    post()
    Message.objects.update(created=timezone.now() - timedelta(days=31))
    retention.sweep()
    row.refresh_from_db()
    assert (row.context, row.title) == ({}, "Α")
    assert row.deliveries.filter(channel=Channel.PORTAL).exists()


def test_the_clock_knows_the_tasks_of_this_room() -> None:
    known = app.periodic_registry.periodic_tasks.values()
    crons = {each.task.name: each.cron for each in known if each.task.name.startswith("notifications.")}
    assert crons == {
        "notifications.deliver_what_waits": "* * * * *",
        "notifications.join_summaries": "7 * * * *",
        "notifications.forget": "43 3 * * *",
    }
