"""Invitations as people meet them: the mail, the page, the button, and every way it can go wrong."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts import actions, inviting, links, rules
from entaxis.accounts.models import Body, Invitation, Membership, User
from tests import factories
from tests.accounts.signing import signed_in, work

pytestmark = pytest.mark.django_db

Role = Membership.Role
NEW = {"display_name": "Ελένη", "password": "seven small open doors", "again": "seven small open doors"}


@pytest.fixture
def body() -> Body:
    return factories.body(factories.region(), name_el="Σύλλογος")


@pytest.fixture
def boss(body) -> User:
    return factories.body_administrator(of=body, display_name="Κώστας")


def _invite(queue, boss: User, place, *, language: str = "el") -> str:
    """Invite through the page; return the link of the mail."""
    client = signed_in(boss)
    address = reverse("accounts:body-invite", kwargs={"pk": place.pk})
    answer = client.post(
        address, {"email": "eleni@example.org", "role": Role.BODY_MEMBER, "language": language}
    )
    assert answer.status_code == 302, answer.content.decode()
    work(queue)
    return re.search(r"http\S+/invitation/\S+", mail.outbox[-1].body).group()


def _text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_new_person_comes_in_by_mail_and_page(boss, body, queue) -> None:
    link = _invite(queue, boss, body)
    letter = mail.outbox[-1]
    assert letter.to == ["eleni@example.org"]
    assert letter.extra_headers["Message-ID"].startswith("<invitation-")
    assert "Μέλος φορέα, Σύλλογος" in letter.body
    client = Client()
    page = client.get(link)
    assert "Σύλλογος" in _text(page)
    assert not User.objects.filter(email="eleni@example.org").exists()  # scanners follow links
    answer = client.post(link, NEW, follow=True)
    assert "Καλώς ήρθατε" in _text(answer)
    person = User.objects.get(email="eleni@example.org")
    assert rules.may_act_for(person, body)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert "έχει ήδη γίνει αποδεκτή" in _text(Client().get(link))


def test_staff_are_led_to_their_second_step(body) -> None:
    chief = factories.region_administrator()
    invitation = factories.invitation(factories.region(), by=chief, role=Role.EDITOR)
    link = reverse("accounts:invitation", kwargs={"token": links.of_invitation(invitation)})
    answer = Client().post(link, NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/el/account/2fa/")


def test_a_person_who_has_an_account_signs_in_and_accepts_by_button(boss, body, queue) -> None:
    person = actions.add_person(email="eleni@example.org", display_name="Ελένη", password="x" * 12)
    link = _invite(queue, boss, body)
    assert "/account/login/?next=" in Client().get(link).content.decode()
    assert not person.memberships.exists()
    assert Client().post(link, NEW).status_code == 200  # no second account is made
    assert User.objects.filter(email="eleni@example.org").count() == 1
    client = Client()
    client.force_login(person)
    assert "Αποδοχή" in _text(client.get(link))
    assert not person.memberships.exists()
    client.post(link)
    assert person.memberships.get().body == body


def _expired(invitation) -> str:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    return links.of_invitation(invitation)


def _withdrawn(invitation) -> str:
    inviting.withdraw(invitation=invitation, by=invitation.invited_by)
    return links.of_invitation(invitation)


def _older(invitation) -> str:
    token = links.of_invitation(invitation)
    inviting.send_again(invitation=invitation, by=invitation.invited_by, host="testserver")
    return token


def _of_somebody_who_left(invitation) -> str:
    invitation.invited_by.memberships.all().delete()
    return links.of_invitation(invitation)


def _of_a_dissolved_body(invitation) -> str:
    Body.objects.update(dissolved_on=timezone.localdate())
    return links.of_invitation(invitation)


def _gone(invitation) -> str:
    token = links.of_invitation(invitation)
    invitation.delete()
    return token


FAULTS = [
    (lambda _invitation: "made-up", "δεν είναι δικός μας"),
    (lambda invitation: links.of_invitation(invitation)[:-1], "δεν είναι δικός μας"),
    (lambda invitation: links.of_joining(links.Joining(invitation.email, "el")), "δεν είναι δικός μας"),
    (_expired, "έληξε"),
    (_withdrawn, "αποσύρθηκε"),
    (_older, "νεότερο μήνυμα"),
    (_of_somebody_who_left, "δεν μπορεί πια να δώσει"),
    (_of_a_dissolved_body, "δεν μπορεί πια να δώσει"),
    (_gone, "δεν υπάρχει πια"),
]


@pytest.mark.parametrize(("spoil", "said"), FAULTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_does_not_hold_says_why_and_opens_nothing(spoil, said, method, boss, body) -> None:
    token = spoil(factories.invitation(body, by=boss))
    address = reverse("accounts:invitation", kwargs={"token": token})
    answer = getattr(Client(), method)(address, NEW)
    assert answer.status_code == 410
    assert said in _text(answer)
    assert not User.objects.filter(display_name="Ελένη").exists()
    assert Membership.objects.filter(body=body).exclude(user=boss).count() == 0


def test_an_invitation_for_another_address_is_not_accepted(boss, body, queue) -> None:
    link = _invite(queue, boss, body)
    stranger = factories.user()
    client = Client()
    client.force_login(stranger)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 403
        assert "άλλη διεύθυνση" in _text(answer)
    assert not stranger.memberships.exists()


def test_two_clicks_give_one_membership(boss, body) -> None:
    invitation = factories.invitation(body, by=boss)
    token = links.of_invitation(invitation)
    inviting.accept_as_new(token=token, display_name="Ελένη", password="seven small open doors")
    person = User.objects.get(email=invitation.email)
    with pytest.raises(inviting.InvitingError):
        inviting.accept(token=token, by=person)
    assert person.memberships.count() == 1


def test_guessing_links_closes_the_door_for_that_network(boss, body) -> None:
    good = reverse(
        "accounts:invitation", kwargs={"token": links.of_invitation(factories.invitation(body, by=boss))}
    )
    client = Client(REMOTE_ADDR="198.51.100.9")
    for number in range(8):
        client.get(reverse("accounts:invitation", kwargs={"token": f"guess{number}"}))
    assert client.get(good).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.10").get(good).status_code == 200


def test_an_invitation_waits_once_and_says_so(boss, body, queue) -> None:
    _invite(queue, boss, body)
    client = signed_in(boss)
    address = reverse("accounts:body-invite", kwargs={"pk": body.pk})
    values = {"email": "Eleni@example.org", "role": Role.BODY_MEMBER, "language": "el"}
    answer = client.post(address, values)
    assert answer.status_code == 422
    assert "Περιμένει ήδη πρόσκληση" in _text(answer)
    values["email"] = factories.body_member(of=body).email
    assert "έχει ήδη αυτόν τον ρόλο" in _text(client.post(address, values))


def test_it_is_sent_again_and_withdrawn_from_the_page(boss, body, queue) -> None:
    first = _invite(queue, boss, body)
    invitation = Invitation.objects.get()
    client = signed_in(boss)
    client.post(reverse("accounts:invitation-again", kwargs={"pk": invitation.pk}))
    work(queue)
    second = re.search(r"http\S+/invitation/\S+", mail.outbox[-1].body).group()
    assert mail.outbox[0].extra_headers != mail.outbox[1].extra_headers
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    client.post(reverse("accounts:invitation-withdraw", kwargs={"pk": invitation.pk}))
    assert Client().get(second).status_code == 410
    again = client.post(reverse("accounts:invitation-again", kwargs={"pk": invitation.pk}))
    assert again.status_code == 404


def test_it_is_not_sent_without_end(boss, body) -> None:
    invitation = factories.invitation(body, by=boss, serial=inviting.MOST_SENT)
    with pytest.raises(inviting.InvitingError, match="5"):
        inviting.send_again(invitation=invitation, by=boss, host="testserver")


def test_a_task_that_comes_late_sends_nothing(boss, body, queue) -> None:
    invitation = inviting.invite(
        email="eleni@example.org",
        role=Role.BODY_MEMBER,
        place=body,
        language="el",
        by=boss,
        host="testserver",
    )
    inviting.withdraw(invitation=invitation, by=boss)
    work(queue)
    assert mail.outbox == []


def test_no_secret_lies_in_the_queue_or_the_table(boss, body, queue) -> None:
    link = _invite(queue, boss, body)
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(queue.jobs)
    assert token not in str(Invitation.objects.values().get())


@pytest.mark.parametrize("role", [Role.REGION_ADMINISTRATOR, Role.EDITOR, Role.MUNICIPAL_EDITOR])
def test_nobody_gives_a_role_above_their_own(role, boss, body) -> None:
    client = signed_in(boss)
    address = reverse("accounts:body-invite", kwargs={"pk": body.pk})
    answer = client.post(address, {"email": "a@example.org", "role": role, "language": "el"})
    assert answer.status_code == 422
    with pytest.raises(inviting.InvitingError):
        inviting.invite(
            email="a@example.org", role=role, place=factories.region(), language="el", by=boss, host="x"
        )
    assert not Invitation.objects.exists()


def test_inviting_an_administrator_asks_once_more_who_it_is(boss, body) -> None:
    client = Client()
    client.force_login(boss)
    address = reverse("accounts:body-invite", kwargs={"pk": body.pk})
    values = {"email": "a@example.org", "role": Role.BODY_ADMINISTRATOR, "language": "el"}
    answer = client.post(address, values)
    assert "/reauthenticate/" in answer["Location"]
    assert not Invitation.objects.exists()
    client.post("/el/account/reauthenticate/?next=" + address, {"password": factories.PASSWORD})
    assert Invitation.objects.exists()  # what was written was not lost


def test_the_mail_speaks_the_language_that_was_chosen(boss, body, queue) -> None:
    link = _invite(queue, boss, body, language="en")
    assert "/en/invitation/" in link
    assert "invites you" in mail.outbox[-1].body or "Invitation" in mail.outbox[-1].subject


def test_a_name_that_attacks_stays_text(boss, body, queue) -> None:
    User.objects.filter(pk=boss.pk).update(display_name="<script>alert(1)</script>\nBcc: all@example.org")
    link = _invite(queue, boss, body)
    assert "<script>alert" not in Client().get(link).content.decode()
    assert "\n" not in mail.outbox[-1].subject
