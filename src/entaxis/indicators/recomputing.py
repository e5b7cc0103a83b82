"""Computing a published figure again from its sealed file, in the background, and saying what came out."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.indicators import actions, computation
from entaxis.indicators.models import Candidate, Observation, Recomputation

State = Recomputation.State
PATIENCE: Final = timedelta(minutes=20)
"""After that a worker has been lost on the way, and one may ask again."""


@transaction.atomic
def ask(*, observation: Observation, by: User) -> tuple[Recomputation, bool]:
    """The recomputation of a figure that is under way, or a new one; whether it is new.

    Raises:
        NotNowError: the figure was not computed from an edition.
    """
    if observation.series.release.edition_id is None:
        raise actions.NotNowError(_("This release was not computed from an edition."))
    asked = Recomputation.objects.filter(observation=observation, state__in=Recomputation.OPEN)
    asked.filter(asked_at__lt=timezone.now() - PATIENCE).update(
        state=State.FAILED, failure=_("It was cut off."), finished_at=timezone.now()
    )
    return Recomputation.objects.get_or_create(
        observation=observation, state__in=Recomputation.OPEN, defaults={"asked_by": by}
    )


def run(*, recomputation: Recomputation) -> None:
    """Compute and compare to the last digit; a fault is written down and raised."""
    rows = Recomputation.objects.filter(pk=recomputation.pk)
    if not rows.filter(state=State.WAITING).update(state=State.RUNNING):
        return

    def told(done: int, total: int) -> None:
        rows.update(done=done, total=total)

    try:
        value, is_same = _again(recomputation.observation, told)
    except Exception as error:
        rows.update(state=State.FAILED, failure=str(error)[:1000], finished_at=timezone.now())
        raise
    rows.update(
        state=State.SAME if is_same else State.DIFFERS,
        value=value,
        code_version=computation.version(),
        finished_at=timezone.now(),
    )


def _again(observation: Observation, progress: actions.Progress) -> tuple[float | None, bool]:
    """The value now (of a withheld figure none is told) and whether it is what was published."""
    series = observation.series
    rows, _methods = actions.computed(series.release, only=series.version.computation, progress=progress)
    kind = Candidate.MODELLED if observation.is_modelled else Candidate.DIRECT
    wanted = (observation.area_id, observation.breakdown, kind)
    again = next((row for row in rows if (row.area_id, row.breakdown, row.kind) == wanted), None)
    if again is None or observation.value is None:
        return None, again is not None
    is_same = (again.value, again.standard_error) == (observation.value, observation.standard_error)
    return again.value, is_same
