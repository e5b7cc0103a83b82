"""What a person without or with an account wrote into the network: told, deleted, forgotten in time."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.directory.network.choices import DAYS_TO_CONFIRM
from entaxis.directory.network.letters import FORGET
from entaxis.directory.network.models import Introduction, Letter, Notice, VolunteerOffer
from entaxis.geography.models import Area
from entaxis.notifications import links

# model → where its row says the region
TABLES: Final[dict[str, tuple[Any, str]]] = {
    "letter": (Letter, "body__region"),
    "volunteeroffer": (VolunteerOffer, "region"),
    "introduction": (Introduction, "request__region"),
}

# what the title of a row is read from
TITLED: Final[dict[Any, tuple[str, ...]]] = {
    Letter: ("body",),
    VolunteerOffer: ("region",),
    Introduction: ("request",),
}


def of(user: User, region: Area) -> list[Any]:
    """Everything of this person in this region, the newest first."""
    rows = [
        row
        for model, place in TABLES.values()
        for row in model.objects.filter(Q(**{place: region}), user=user).select_related(*TITLED[model])
    ]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def delete(*, name: str, pk: UUID, by: User) -> bool:
    """Delete one row of ``by``; whether there was such a row."""
    model, _place = TABLES.get(name, (None, ""))
    return bool(model and model.objects.filter(pk=pk, user=by).delete()[0])


def of_token(token: str, region: Area) -> Any | None:
    """The row that this link deletes here; None where it is forged or of something that is gone."""
    said = links.read(FORGET, token)
    if not isinstance(said, list) or len(said) != 2 or said[0] not in TABLES:
        return None
    model, place = TABLES[said[0]]
    try:
        return model.objects.filter(Q(**{place: region}), pk=UUID(str(said[1]))).first()
    except ValueError:
        return None


def erase(user: User) -> None:
    """An account is deleted: so is what its person wrote."""
    for model, _place in TABLES.values():
        model.objects.filter(user=user).delete()


def export(user: User) -> list[dict[str, Any]]:
    """For the file of everything that is held about a person."""
    return [
        {
            "kind": name,
            "name": row.name,
            "written": row.created_at,
            "text": row.text,
            "answer": getattr(row, "answer", ""),
            "kept_until": row.expires_on,
        }
        for name, (model, _place) in TABLES.items()
        for row in model.objects.filter(user=user).order_by("created_at")
    ]


def sweep() -> None:
    """Delete what has come to its day."""
    for model, _place in TABLES.values():
        model.objects.filter(expires_on__lt=timezone.localdate()).delete()
    too_old = timezone.now() - timedelta(days=DAYS_TO_CONFIRM)
    for model in (VolunteerOffer, Introduction):
        model.objects.filter(state=model.State.UNCONFIRMED, created_at__lt=too_old).delete()
    Notice.objects.filter(expires_on__lt=timezone.localdate()).delete()
