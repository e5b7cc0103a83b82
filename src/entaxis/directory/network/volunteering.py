"""Volunteers and requests: offered, confirmed, checked, brought together, answered.

Nobody is told of the other before the mailbox has confirmed what was written and, where minors or old
people are concerned, somebody has checked the volunteer.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import User
from entaxis.directory.network import kinds, letters, queries
from entaxis.directory.network.choices import ANSWERED_KEPT, DAYS_TO_CONFIRM
from entaxis.directory.network.models import Introduction, VolunteerOffer, VolunteerRequest
from entaxis.geography.models import Area
from entaxis.notifications import links
from entaxis.notifications.actions import notify, write_to
from entaxis.notifications.kinds import Kind, Words

CONFIRM: Final = "network.volunteer.confirm"
INVITED: Final = "network.volunteer.invited"
Waiting = VolunteerOffer | Introduction
TABLES: Final[dict[str, type[Waiting]]] = {
    "volunteeroffer": VolunteerOffer,
    "introduction": Introduction,
}


class NotPossibleError(Exception):
    """It cannot be done (any more). Its text is a sentence for the user."""


# --- written and confirmed --------------------------------------------------------------------------


@transaction.atomic
def keep(*, row: Waiting) -> Waiting:
    """Store an offer, or words to a request. Without an account the mailbox confirms it first."""
    row.save(force_insert=True)
    if row.user:
        _confirmed(row)
    else:
        write_to(
            kind=kinds.CONFIRM,
            address=row.address,
            language=row.language,
            region=_region(row),
            url=_path(row, "network:confirm", CONFIRM),
            context={"days": DAYS_TO_CONFIRM},
        )
    return row


def to_confirm(token: str, region: Area) -> Waiting | None:
    """What this link confirms here; None where it is forged, too old, or of something that is gone."""
    return _of_token(links.read(CONFIRM, token, max_age_days=DAYS_TO_CONFIRM), region)


@transaction.atomic
def confirm(*, row: Waiting) -> None:
    """The mailbox says that it is theirs; the first time counts."""
    held: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if held.state == held.State.UNCONFIRMED:
        _confirmed(held)


def _confirmed(row: Waiting) -> None:
    if isinstance(row, VolunteerOffer):
        row.state = row.State.VETTING if row.with_protected else row.State.OPEN
        row.save(update_fields=["state"])
        if row.with_protected:
            _ask_to_check(row, queries.editors_of(row.region))
    else:
        _open(row, is_checked=False)


def _open(row: Introduction, *, is_checked: bool) -> None:
    """Let the body read it, or let somebody check the person before."""
    must_wait = row.request.needs_vetting and not is_checked
    row.state = row.State.VETTING if must_wait else row.State.OPEN
    row.save(update_fields=["state"])
    if must_wait:
        _ask_to_check(row, queries.vetters_of(row.request.body, row.user))
    else:
        _tell_body(row)


# --- checked ----------------------------------------------------------------------------------------


@transaction.atomic
def approve(*, row: Waiting, note: str, by: User) -> None:
    """Somebody checked the volunteer; ``note`` says what was seen. Now the sides learn of each other.

    Raises:
        NotPossibleError: somebody decided meanwhile, or it is one's own.
    """
    held = _to_check(row, by)
    held.state, held.vetting_note = held.State.OPEN, note
    _decided(held, by)
    if isinstance(held, Introduction):
        _tell_body(held)
        context = {"request": held.request.title_el, "body": held.request.body.name_el}
        _tell(held, gettext_lazy("Your message was passed on"), context)
    else:
        _tell(held, gettext_lazy("Your offer is open: bodies may ask you"), {})


@transaction.atomic
def refuse(*, row: Waiting, words: str, by: User) -> None:
    """Do not pass it on; the volunteer reads ``words``.

    Raises:
        NotPossibleError: somebody decided meanwhile, or it is one's own.
    """
    held = _to_check(row, by)
    held.state = held.State.REFUSED
    held.expires_on = timezone.localdate() + ANSWERED_KEPT
    _decided(held, by)
    _tell(held, gettext_lazy("Your offer of help was not accepted"), {"words": words})


@transaction.atomic
def ask(*, row: Waiting, words: str, by: User) -> None:
    """Ask the volunteer for what the check needs, by mail, in the name of the Observatory or the body.

    Raises:
        NotPossibleError: somebody decided meanwhile, or it is one's own.
    """
    _tell(_to_check(row, by), gettext_lazy("A question about your offer of help"), {"words": words})


def _to_check(row: Waiting, by: User) -> Any:
    held: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if held.user_id == by.pk:
        raise NotPossibleError(_("Somebody else checks what you offer yourself."))
    if held.state != held.State.VETTING:
        raise NotPossibleError(_("It was decided meanwhile: %(state)s.") % {"state": held.stands})
    return held


def _decided(held: Any, by: User) -> None:
    held.vetted_by, held.vetted_at = by, timezone.now()
    held.save()


# --- asked and answered -----------------------------------------------------------------------------


@transaction.atomic
def invite(*, request: VolunteerRequest, offer: VolunteerOffer, text: str, by: User) -> Introduction:
    """Ask the person of an offer for a request; the body learns who it is when they agree.

    Raises:
        NotPossibleError: the two do not fit (any more), or were brought together already.
    """
    held = VolunteerOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not queries.matches(request).filter(pk=held.pk).exists():
        raise NotPossibleError(_("This offer no longer fits the request, or the person was asked already."))
    row = Introduction(
        request=request,
        offer=held,
        user=held.user,
        address=held.address,
        name=held.name,
        language=held.language,
        text=text,
        is_invitation=True,
        state=Introduction.State.INVITED,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NotPossibleError(_("The person was asked already.")) from None
    context = {"request": request.title_el, "body": request.body.name_el, "words": text}
    url = _path(row, "network:invited", INVITED)
    _tell(row, gettext_lazy("A body asks for your help"), context, url=url)
    return row


def invited(token: str, region: Area) -> Introduction | None:
    """The invitation that this link answers here."""
    row = _of_token(links.read(INVITED, token), region)
    return row if isinstance(row, Introduction) and row.is_invitation else None


@transaction.atomic
def agree(*, row: Introduction, does: bool) -> None:
    """The person agrees – the body then reads their name – or not. The first answer counts.

    Where the request has come to concern minors or old people since, an unchecked person is checked first.
    """
    held = Introduction.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.state != held.State.INVITED:
        return
    if does:
        _open(held, is_checked=held.offer is not None and held.offer.vetted_at is not None)
    else:
        held.state = held.State.DECLINED
        held.save(update_fields=["state"])


@transaction.atomic
def answer(*, row: Introduction, text: str, by: User) -> None:
    """Answer a volunteer by mail, once.

    Raises:
        AnsweredError: a colleague did.
    """
    held = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("request__body", "request__region", "user", "answered_by")
        .get(pk=row.pk)
    )
    if held.state != held.State.OPEN:
        raise letters.AnsweredError(str(held.answered_by or ""))
    held.state = held.State.ANSWERED
    letters.close(held, text, by)
    context = {"request": held.request.title_el, "body": held.request.body.name_el, "words": text}
    _tell(held, gettext_lazy("An answer to your offer of help"), context)


# --- telling ----------------------------------------------------------------------------------------


def _tell(row: Waiting, about: Words, context: dict[str, Any], *, url: str = "") -> None:
    letters.tell_writer(
        row, region=_region(row), kind=kinds.TO_VOLUNTEER, about=about, context=context, url=url
    )


def _tell_body(row: Introduction) -> None:
    _notify(
        row,
        kinds.VOLUNTEER,
        queries.readers_of(row.request.body),
        gettext_lazy("A volunteer wrote to your body"),
        reverse_lazy("network:office-introduction", kwargs={"pk": row.pk}),
    )


def _ask_to_check(row: Waiting, people: Iterable[User]) -> None:
    url = reverse_lazy("network:office-vet", kwargs={"name": row.table, "pk": row.pk})
    others = [person for person in people if person.pk != row.user_id]
    _notify(row, kinds.VETTING, others, gettext_lazy("A volunteer waits to be checked"), url)


def _notify(row: Waiting, kind: Kind, people: Iterable[User], about: Words, url: Words) -> None:
    occasion = f"{row.table}:{row.pk}:{row.state}"
    notify(kind=kind, to=people, region=_region(row), about=about, url=url, occasion=occasion)


def _region(row: Waiting) -> Area:
    return row.region if isinstance(row, VolunteerOffer) else row.request.region


def _path(row: Waiting, route: str, purpose: str) -> str:
    with translation.override(row.language):
        return reverse(route, kwargs={"token": links.token(purpose, [row.table, str(row.pk)])})


def _of_token(said: Any, region: Area) -> Waiting | None:
    if not isinstance(said, list) or len(said) != 2 or said[0] not in TABLES:
        return None
    found: Any = TABLES[said[0]]._default_manager.filter(pk=said[1]).first()
    return found if found is not None and _region(found) == region else None
