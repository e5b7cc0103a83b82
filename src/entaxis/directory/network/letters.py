"""Letters to bodies: sent, answered, forgotten. No address is ever shown to the other side."""

from typing import Final

from django.db import transaction
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import User
from entaxis.directory.network import kinds, queries
from entaxis.directory.network.choices import ANSWERED_KEPT
from entaxis.directory.network.models import Letter
from entaxis.directory.network.models.letters import Correspondence, Writing
from entaxis.geography.models import Area
from entaxis.notifications import links
from entaxis.notifications.actions import notify, write_to
from entaxis.notifications.kinds import Kind, Words
from entaxis.notifications.writing import Context

FORGET: Final = "network.forget"


class AnsweredError(Exception):
    """Somebody of the body was quicker. Its text is a sentence for the user."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who

    def __str__(self) -> str:
        return _("%(who)s has answered meanwhile.") % {"who": self.who or _("Somebody")}


@transaction.atomic
def send(*, letter: Letter) -> Letter:
    """Keep a letter and tell those who read it; the mail to them holds nothing of it."""
    letter.save(force_insert=True)
    notify(
        kind=kinds.LETTER,
        to=queries.readers_of(letter.body),
        region=letter.body.region,
        about=gettext_lazy("Somebody wrote to your body"),
        url=reverse_lazy("network:office-letter", kwargs={"pk": letter.pk}),
        occasion=f"letter:{letter.pk}",
    )
    return letter


@transaction.atomic
def answer(*, letter: Letter, text: str, by: User) -> Letter:
    """Answer by mail, once; a while later both are deleted.

    Raises:
        AnsweredError: a colleague did.
    """
    row = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("body__region", "user")
        .get(pk=letter.pk)
    )
    if row.answered_at:
        raise AnsweredError(str(row.answered_by or ""))
    close(row, text, by)
    tell_writer(
        row,
        region=row.body.region,
        kind=kinds.ANSWER,
        about=gettext_lazy("An answer to what you wrote"),
        context={"body": row.body.name_el, "answer": text, "days": ANSWERED_KEPT.days},
    )
    return row


def close(row: Correspondence, text: str, by: User) -> None:
    """Note the answer; from now on the row is kept only for a while."""
    row.answer, row.answered_by, row.answered_at = text, by, timezone.now()
    row.expires_on = timezone.localdate() + ANSWERED_KEPT
    row.save()


def tell_writer(
    row: Writing, *, region: Area, kind: Kind, about: Words, context: Context = None, url: str = ""
) -> None:
    """Write to whoever wrote ``row``: by way of an account, or to an address with a link to delete."""
    if row.user:
        mine = url or reverse_lazy("network:mine")
        notify(
            kind=kind,
            to=[row.user],
            region=region,
            about=about,
            url=mine,
            context=context,
        )
    else:
        write_to(
            kind=kind,
            address=row.address,
            language=row.language,
            region=region,
            about=about,
            url=url or forget_url(row),
            context=context,
        )


def forget_url(row: Writing) -> str:
    """The page that deletes what this person wrote, for whoever holds the link."""
    with translation.override(row.language):
        token = links.token(FORGET, [row._meta.model_name, str(row.pk)])
        return reverse("network:forget", kwargs={"token": token})
