"""What this room does by itself: it prints profiles after each release, and computes distances."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from entaxis.geography.models import Area
from entaxis.maps import actions
from entaxis.maps.coverage import actions as coverage


@app.task(name="maps.print_profiles", queue="statistics")
def print_profiles(region: int) -> None:
    """Make all profiles of a region that are missing or stale; what goes wrong is said on their page."""
    found = Area.objects.get(pk=region)
    try:
        actions.print_profiles(region=found)
    except Exception as error:
        actions.fail(region=found, reason=str(error))
        raise


def print_profiles_of(region: Area) -> bool:
    """Queue the printing of a region; False where it waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():  # a refusal takes back no more than itself
        lock = f"maps.profiles.{region.pk}"
        print_profiles.configure(lock=lock, queueing_lock=lock).defer(region=region.pk)
        return True
    return False


@app.periodic(cron="*/10 * * * *")
@app.task(name="maps.print_due", queue="statistics", queueing_lock="maps.print_due")
def print_due(timestamp: int) -> None:
    """Print the profiles of regions whose figures are newer."""
    for region in Area.objects.regions():
        if actions.is_due(region):
            print_profiles_of(region)


@app.periodic(cron="7 5 * * *")
@app.task(name="maps.print_nightly", queue="nightly", queueing_lock="maps.print_nightly")
def print_nightly(timestamp: int) -> None:
    """Print what has changed during the day: structures, completeness, outlines."""
    for region in Area.objects.regions():
        print_profiles_of(region)


@app.task(name="maps.compute_coverage", queue="statistics")
def compute_coverage(region: int, anew: bool = False) -> None:
    """Compute the distances of a region to its structures."""
    coverage.compute_coverage(region=Area.objects.get(pk=region), anew=anew)


def compute_coverage_of(region: Area, *, anew: bool = False) -> None:
    """Queue it for a region unless it waits already."""
    lock = f"maps.coverage.{region.pk}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        compute_coverage.configure(lock=lock, queueing_lock=lock).defer(region=region.pk, anew=anew)


@app.periodic(cron="*/10 * * * *")
@app.task(name="maps.compute_due", queue="statistics", queueing_lock="maps.compute_due")
def compute_due(timestamp: int) -> None:
    """Compute the distances of regions where structures, completeness, residents or outlines changed."""
    for region in Area.objects.regions():
        if coverage.is_due(region):
            compute_coverage_of(region)


@app.periodic(cron="37 3 * * *")
@app.task(name="maps.compute_nightly", queue="nightly", queueing_lock="maps.compute_nightly")
def compute_nightly(timestamp: int) -> None:
    """Compute all distances anew."""
    for region in Area.objects.regions():
        compute_coverage_of(region, anew=True)
