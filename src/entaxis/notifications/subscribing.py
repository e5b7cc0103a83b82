"""Subscriptions by mail: asked for, confirmed by who reads the mailbox, ended by one click, told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body, User
from entaxis.geography.models import Area
from entaxis.notifications import actions, kinds, links, own_kinds, writing
from entaxis.notifications.choices import Pace, Scope
from entaxis.notifications.kinds import Kind, Words
from entaxis.notifications.letters import LEAVE
from entaxis.notifications.models import Message, Preference, Subscription
from entaxis.vocabularies.models import Term
from entaxis.vocabularies.queries import terms

CONFIRM: Final = "notifications.confirm"
DAYS_TO_CONFIRM: Final = 7
MOST_A_DAY: Final = 5  # mails to one address that asks to be confirmed: nobody's mailbox is flooded


@transaction.atomic
def subscribe(*, subscription: Subscription, what: str) -> None:
    """Store what a form made (once is enough) and ask the mailbox to confirm it.

    A signed-in person's address is known to be theirs: theirs holds at once. Nothing that happens here
    tells whether the address was known: a confirmed one gets no mail, and no other answer.
    """
    follows = {
        name: getattr(subscription, name)
        for name in (
            "user",
            "address",
            "region",
            "scope",
            "municipality",
            "body",
            "theme_list",
            "theme",
            "indicator",
        )
    }
    row, _created = Subscription.objects.get_or_create(
        **follows, defaults={"language": subscription.language}
    )
    if row.confirmed_at:
        return
    if row.user:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
    elif _asked_today(row.address) < MOST_A_DAY:
        _ask(row, what)


def _asked_today(address: str) -> int:
    since = timezone.now() - timedelta(days=1)
    asked = Message.objects.filter(address=address, kind=own_kinds.CONFIRM.key, created__gte=since)
    return asked.count()


def _ask(row: Subscription, what: str) -> None:
    with translation.override(row.language):
        path = reverse("notifications:confirm", kwargs={"token": links.token(CONFIRM, str(row.pk))})
    actions.write_to(
        kind=own_kinds.CONFIRM,
        address=row.address,
        language=row.language,
        region=row.region,
        url=path,
        context={"what": what},
    )


def to_confirm(region: Area, token: str) -> Subscription | None:
    """What this link confirms here; None where it is forged, too old or of something that is gone."""
    return _of(region, links.read(CONFIRM, token, max_age_days=DAYS_TO_CONFIRM))


def to_leave(region: Area, token: str) -> Subscription | None:
    """What this link ends here; it never grows old."""
    return _of(region, links.read(LEAVE, token))


def _of(region: Area, pk: Any) -> Subscription | None:
    if not isinstance(pk, str):
        return None
    found = Subscription.objects.select_related("municipality", "body")
    return found.filter(pk=pk, region=region).first()


def confirm(*, subscription: Subscription) -> None:
    """Let it hold from now on; the first time counts."""
    Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def leave(*, subscription: Subscription) -> None:
    """End it: the row goes, and with it what waits to be sent."""
    subscription.delete()


def tell_subscribers(
    *,
    kind: Kind | str,
    region: Area,
    about: Words,
    url: Words,
    municipality: Area | None = None,
    body: Body | None = None,
    themes: Iterable[Term] = (),
    indicators: Iterable[str] = (),
    context: writing.Context = None,
    occasion: str,
) -> int:
    """Tell everybody who follows the region, this municipality or body, one of these themes or indicators.

    Each reader is told once, however many subscriptions fit, and once for an ``occasion``. Returns how
    many were told. Every mail carries the way to end the subscription that brought it.

    Raises:
        UnknownKindError: nobody declared the kind.
    """
    known = kind if isinstance(kind, Kind) else kinds.get(kind)
    told = set(Message.objects.filter(kind=known.key, occasion=occasion).values_list("user_id", "address"))
    readers: dict[tuple[Any, str], Subscription] = {}
    following = _following(region, municipality, body, themes, indicators)
    for row in following.select_related("user"):
        reader = (row.user_id, row.address)
        if reader not in told and (row.user is None or row.user.is_active):
            readers.setdefault(reader, row)
    said: dict[str, Any] = {"about": about, "url": url, "context": context, "occasion": occasion}
    rows = [
        writing.message(
            known, region, row.language, user=row.user, address=row.address, subscription=row, **said
        )
        for row in readers.values()
    ]
    deliveries = [writing.portal(row) for row in rows if row.user_id]
    wishes = _wishes(known, [row.user for row in rows if row.user])
    for row in rows:
        pace = known.pace_for(wishes.get(row.user_id)) if row.user_id else Pace.AT_ONCE
        if pace is not Pace.NEVER:
            deliveries.append(writing.mail(row, pace))
    writing.store(rows, deliveries)
    return len(rows)


def _wishes(kind: Kind, people: list[User]) -> dict[Any, str]:
    wished = Preference.objects.filter(kind=kind.key, user__in=people)
    return dict(wished.values_list("user_id", "pace"))


def _following(
    region: Area,
    municipality: Area | None,
    body: Body | None,
    themes: Iterable[Term],
    indicators: Iterable[str],
) -> Any:
    fits = Q(scope=Scope.ALL)
    if municipality:
        fits |= Q(scope=Scope.MUNICIPALITY, municipality=municipality)
    if body:
        fits |= Q(scope=Scope.BODY, body=body)
    for term in themes:
        fits |= Q(scope=Scope.THEME, theme_list=term.vocabulary.name, theme=term.key)
    fits |= Q(scope=Scope.INDICATOR, indicator__in=list(indicators))
    return Subscription.objects.filter(fits, region=region, confirmed_at__isnull=False)


@dataclass(frozen=True)
class Described:
    """A subscription with words for what it follows and the link that ends it."""

    row: Subscription
    what: str
    leave_url: str


def described(rows: Iterable[Subscription]) -> list[Described]:
    """The same, in the reader's language."""
    found = list(rows)
    themes = {row.theme_list for row in found if row.theme_list}
    labels = {(name, term.key): term.label for name in themes for term in terms(name)}
    if any(row.scope == Scope.INDICATOR for row in found):
        labels |= {("", code): name for code, name in indicator_names().items()}
    return [Described(row, _what(row, labels), _leave_url(row)) for row in found]


def indicator_names() -> dict[str, str]:
    """Name of every indicator by its code: the room of indicators lies above and is asked."""
    found: dict[str, str] = import_string(settings.INDICATORS)()
    return found


def _what(row: Subscription, labels: dict[tuple[str, str], str]) -> str:
    if row.scope == Scope.THEME:
        return labels.get((row.theme_list, row.theme), row.theme)
    if row.scope == Scope.INDICATOR:
        return labels.get(("", row.indicator), row.indicator)
    return str(row.municipality or row.body or _("Everything in the region"))


def _leave_url(row: Subscription) -> str:
    return reverse("notifications:leave", kwargs={"token": links.token(LEAVE, str(row.pk))})
