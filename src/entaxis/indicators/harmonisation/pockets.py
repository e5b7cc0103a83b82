"""Pockets: neighbouring municipalities whose figures are high or low together, and who sees them when.

They are of conditions of places, never of people: published totals of municipalities go in, no breakdown
and nothing below a municipality. The municipalities see a study, and may comment, before everybody does.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import Membership, User
from entaxis.accounts.rules import Somebody, is_editor, may_write_for, memberships
from entaxis.geography.models import Area
from entaxis.geography.queries import active_boundaries
from entaxis.geography.shapes import neighbours
from entaxis.indicators import computation, kinds, queries
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation.models import PocketComment, PocketStudy
from entaxis.indicators.harmonisation.queries import PARTIAL
from entaxis.indicators.models import ReleasedSeries
from entaxis.indicators.queries import Figure
from entaxis.notifications.actions import notify
from socialstats import spatial
from socialstats.errors import SocialStatsError
from socialstats.random import stream

RATE: Final = 0.05
PERMUTATIONS: Final = 9999
REDRAWS: Final = 60
REDRAW_PERMUTATIONS: Final = 499
State = PocketStudy.State


def begin(*, series: ReleasedSeries, by: User) -> PocketStudy:
    """A study that is still to be computed, of a series in force."""
    return PocketStudy.objects.create(
        region=series.region,
        series=series,
        boundaries=active_boundaries(series.region),
        seed=series.pk,
        created_by=by,
    )


def compute(*, study: PocketStudy) -> None:
    """Compute a study; what the figures do not bear is said plainly."""
    found = queries.figures(study.series.indicator, study.region, period=study.series.period)
    if study.boundaries is None or found is None or found.period.series_id != study.series_id:
        _fail(study, _("There are no outlines, or the figures are no longer in force."))
        return
    taken = [figure for figure in found if not _why_not(figure)]
    try:
        study.result = _result(taken, study) | {
            "left_out": [[figure.area.code, why] for figure in found if (why := _why_not(figure))]
        }
    except SocialStatsError as error:
        _fail(study, str(error))
        return
    went_in = json.dumps([[figure.area.code, str(figure.public_id)] for figure in taken])
    study.digest = hashlib.sha256(went_in.encode()).hexdigest()
    study.code_version, study.state = computation.version(), State.COMPUTED
    study.save()


def _why_not(figure: Figure) -> str:
    """Why a figure takes no part; empty where it does. One that is "at least" may be any higher one."""
    return figure.reason or (PARTIAL if figure.at_least else "")


def _fail(study: PocketStudy, why: str) -> None:
    study.state, study.failure = State.FAILED, why
    study.save(update_fields=["state", "failure"])


def _result(taken: Sequence[Figure], study: PocketStudy) -> dict[str, Any]:
    codes = [figure.area.code for figure in taken]
    values = np.array([figure.value or 0.0 for figure in taken])
    errors = np.array([figure.standard_error or 0.0 for figure in taken])
    beside = _beside(codes, study)
    said: dict[str, Any] = {"rate": RATE, "permutations": PERMUTATIONS, "seed": study.seed}
    local = spatial.local_moran(values, beside, rate=RATE, permutations=PERMUTATIONS, seed=study.seed)
    star = spatial.getis_ord(values, beside, rate=RATE, permutations=PERMUTATIONS, seed=study.seed)
    whole = spatial.moran(values, beside, permutations=PERMUTATIONS, seed=study.seed)
    stays = _stays(values, errors, beside, local.kinds, study.seed)
    return said | {
        "moran": {"value": whole.statistic, "p_value": whole.p_value},
        "areas": [
            {
                "code": codes[at],
                "passport": str(taken[at].public_id),
                "value": float(values[at]),
                "neighbours": int(local.neighbours[at]),
                "moran": _number(local.statistics[at]),
                "moran_p": _number(local.adjusted[at]),
                "kind": local.kinds[at],
                "star": _number(star.statistics[at]),
                "star_p": _number(star.adjusted[at]),
                "star_kind": star.kinds[at],
                "stays": stays[at],
            }
            for at in range(len(codes))
        ],
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _beside(codes: Sequence[str], study: PocketStudy) -> list[list[int]]:
    """Places of neighbours; a municipality that is left out takes no part."""
    if study.boundaries is None:
        return [[] for _code in codes]
    places = {code: at for at, code in enumerate(codes)}
    found: list[list[int]] = [[] for _code in codes]
    for pair in neighbours(study.boundaries):
        first, second = sorted(pair)
        if first in places and second in places:
            found[places[first]].append(places[second])
            found[places[second]].append(places[first])
    return found


def _stays(
    values: Any, errors: Any, beside: list[list[int]], kinds: Sequence[str], seed: int
) -> list[float | None]:
    """How often areas in a pocket stay in it when the figures are redrawn within their errors."""
    inside = [kind not in {"none", "island"} for kind in kinds]
    if not any(inside):
        return [None] * len(kinds)
    draw = stream(seed, "pockets")
    kept = np.zeros(len(kinds))
    for _number_of in range(REDRAWS):
        again = spatial.local_moran(
            values + errors * draw.standard_normal(len(values)),
            beside,
            rate=RATE,
            permutations=REDRAW_PERMUTATIONS,
            seed=seed,
        )
        kept += [one == other for one, other in zip(kinds, again.kinds, strict=True)]
    return [float(kept[at] / REDRAWS) if inside[at] else None for at in range(len(kinds))]


# --- who sees it when ------------------------------------------------------------------------------


@transaction.atomic
def show(*, study: PocketStudy, until: datetime, by: User) -> None:
    """Show a computed study to the municipalities, who may comment until then.

    Raises:
        NotNowError: it is not computed, or the day has passed.
    """
    study = PocketStudy.objects.select_for_update().get(pk=study.pk)
    if study.state != State.COMPUTED:
        raise NotNowError(_("Only a computed study can be shown to the municipalities."))
    if until < study.created_at:
        raise NotNowError(_("The day until which municipalities may comment has passed."))
    study.state, study.comments_until = State.SHOWN, until
    study.save(update_fields=["state", "comments_until"])
    _tell(study)


def _tell(study: PocketStudy) -> None:
    """Who writes for a municipality that the study speaks of; of its figures the letter says nothing."""
    spoken_of = Area.objects.municipalities().of(study.region).filter(code__in=_codes(study))
    held = Membership.objects.in_force().filter(municipality__in=spoken_of)
    notify(
        kind=kinds.POCKETS_SHOWN,
        to=User.objects.filter(pk__in=held.values("user"), is_active=True),
        region=study.region,
        about=gettext_lazy("A study of pockets waits for your municipality's comment"),
        url=reverse_lazy("indicators:office-pocket", args=[study.pk]),
        occasion=f"pockets {study.pk}",
    )


def _codes(study: PocketStudy) -> set[str]:
    return {area["code"] for area in study.rows}


@transaction.atomic
def comment(*, study: PocketStudy, municipality: Area, text: str, by: User) -> PocketComment:
    """What a municipality says of a study that it is shown.

    Raises:
        NotNowError: the time for comments is over, or this person does not write for the municipality.
    """
    study = PocketStudy.objects.select_for_update().get(pk=study.pk)
    if not study.takes_comments:
        raise NotNowError(_("The time for comments is over."))
    if municipality.region_id != study.region_id or not may_write_for(by, municipality):
        raise NotNowError(_("You do not write for this municipality."))
    return PocketComment.objects.create(study=study, municipality=municipality, text=text, by=by)


@transaction.atomic
def publish(*, study: PocketStudy, by: User) -> None:
    """Bring a study to everybody once the municipalities could comment; by a second person.

    Raises:
        NotNowError: the time for comments runs, or the same person made it.
    """
    study = PocketStudy.objects.select_for_update().get(pk=study.pk)
    now = timezone.now()
    if study.state != State.SHOWN or study.comments_until is None or study.comments_until > now:
        raise NotNowError(_("It is published after the time in which municipalities may comment."))
    if by.pk == study.created_by_id or not is_editor(by, study.region):
        raise NotNowError(_("It is published by somebody else than the person who made it."))
    study.state, study.approved_by, study.published_at = State.PUBLISHED, by, now
    study.save(update_fields=["state", "approved_by", "published_at"])


@transaction.atomic
def withdraw(*, study: PocketStudy) -> None:
    """Give a study up that is not public.

    Raises:
        NotNowError: it is public.
    """
    study = PocketStudy.objects.select_for_update().get(pk=study.pk)
    if study.state == State.PUBLISHED:
        raise NotNowError(_("It is public: make another study."))
    study.state = State.WITHDRAWN
    study.save(update_fields=["state"])


def visible(user: Somebody, region: Area) -> Any:
    """The studies that this person of a body may see; a query set."""
    rows = PocketStudy.objects.filter(region=region).select_related("series__version__indicator", "region")
    return rows if is_editor(user, region) else rows.filter(state__in=(State.SHOWN, State.PUBLISHED))


def waiting(user: User, region: Area) -> int:
    """How many studies that speak of this person's municipality it may comment on now. One query."""
    codes = {
        held.municipality.code
        for held in memberships(user)
        if held.municipality and held.region_id == region.pk
    }
    if not codes:
        return 0
    rows = PocketStudy.objects.filter(region=region, state=State.SHOWN, comments_until__gt=timezone.now())
    return sum(not codes.isdisjoint(_codes(study)) for study in rows.only("result"))
