"""What figures do by themselves: computing takes a while, and a release goes out at its hour."""

import logging
from collections.abc import Callable

from procrastinate.contrib.django import app

from entaxis.indicators import actions, computation, proposing, receiving, recomputing
from entaxis.indicators.models import EditionUpload, Recomputation, Release
from entaxis.indicators.problems import EditionRefusedError

logger = logging.getLogger(__name__)


@app.task(name="indicators.estimate_release", queue="statistics")
def estimate_release(release: int) -> None:
    """Compute a release from its edition; what goes wrong is said on its page."""
    _work(release, actions.estimate)


@app.task(name="indicators.count_release", queue="statistics")
def count_release(release: int) -> None:
    """Count a release from the file of a source."""
    _work(release, proposing.count)


@app.task(name="indicators.check_release", queue="statistics")
def check_release(release: int) -> None:
    """Check a computed release again."""
    _work(release, actions.check)


def _work(release: int, step: Callable[..., None]) -> None:
    related = ("edition", "region", "source_edition__source__region")
    found = Release.objects.select_related(*related).get(pk=release)
    try:
        step(release=found)
    except Exception as error:
        Release.objects.filter(
            pk=release, state__in=(Release.State.PREPARING, Release.State.CANDIDATE)
        ).update(state=Release.State.FAILED, failure=_sentence(error)[:1000])
        raise


def _sentence(error: Exception) -> str:
    """What went wrong, without what the error itself may quote of the file."""
    if isinstance(error, actions.NotNowError | EditionRefusedError):
        return str(error)
    return str(computation.sentence(error))


@app.task(name="indicators.read_upload", queue="statistics")
def read_upload(upload: int) -> None:
    """Read a survey's file that came in; its page says what was found."""
    related = ("region", "uploaded_by")
    receiving.read(upload=EditionUpload.objects.select_related(*related).get(pk=upload))


@app.task(name="indicators.recompute_figure", queue="statistics")
def recompute_figure(recomputation: int) -> None:
    """Compute a published figure again; its passport says what came out."""
    related = (
        "observation__series__release__edition__region",
        "observation__series__release__source_edition__source__region",
        "observation__series__release__region",
        "observation__series__version",
    )
    recomputing.run(recomputation=Recomputation.objects.select_related(*related).get(pk=recomputation))


@app.periodic(cron="* * * * *")  # the calendar announces an hour to the minute
@app.task(name="indicators.publish_due", queue="statistics", queueing_lock="indicators.publish_due")
def publish_due(timestamp: int) -> None:
    """Publish approved releases whose hour has come; one that must be checked again goes back."""
    for release in Release.objects.due().order_by("publish_at", "pk"):
        try:
            actions.publish(release=release)
        except actions.NotNowError as error:
            logger.warning("release %s goes back: %s", release.pk, error)
            actions.send_back(release=release)


@app.periodic(cron="*/20 * * * *")
@app.task(
    name="indicators.refuse_lost_uploads",
    queue="statistics",
    queueing_lock="indicators.refuse_lost_uploads",
)
def refuse_lost_uploads(timestamp: int) -> None:
    """Files whose worker was lost on the way do not stay where they waited."""
    receiving.refuse_the_lost()
