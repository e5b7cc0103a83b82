"""What the directory does in the background."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from entaxis.accounts.models import User
from entaxis.directory import claiming, confirming, stopping
from entaxis.directory.callbacks import actions as calling
from entaxis.directory.duplicates import finding
from entaxis.directory.importing import runs, vault
from entaxis.directory.models import ImportRun
from entaxis.directory.network import writings
from entaxis.geography.models import Area


@app.task(name="directory.look_at_table", queue="imports")
def look_at_table(run: str, by: str) -> None:
    """Check an uploaded table."""
    runs.look(run=ImportRun.objects.get(pk=UUID(run)), by=User.objects.get(pk=UUID(by)))


@app.task(name="directory.bring_table_in", queue="imports")
def bring_table_in(run: str, by: str) -> None:
    """Bring a confirmed table in."""
    runs.finish(run=ImportRun.objects.get(pk=UUID(run)), by=User.objects.get(pk=UUID(by)))


@app.periodic(cron="17 * * * *")
@app.task(name="directory.forget_old_tables", queue="imports")
def forget_old_tables(timestamp: int) -> None:
    """Delete uploaded tables that nobody came back for."""
    vault.forget_old()


@app.periodic(cron="23 4 * * *")
@app.task(name="directory.forget_letters", queue="nightly", queueing_lock="directory.forget_letters")
def forget_letters(timestamp: int) -> None:
    """Delete what people wrote in the network when its day has come."""
    writings.sweep()


@app.periodic(cron="11 5 * * *")
@app.task(name="directory.ask_for_confirmation", queue="nightly", queueing_lock="directory.confirmation")
def ask_for_confirmation(timestamp: int) -> None:
    """Ask about entries that nobody confirmed for long, remind, tell the municipality."""
    confirming.ask(timezone.localdate())


@app.periodic(cron="7 22 * * *")  # past midnight in Athens, summer and winter
@app.task(name="directory.turn_statuses", queue="nightly", queueing_lock="directory.statuses")
def turn_statuses(timestamp: int) -> None:
    """Suspend, close and show again what has its day today."""
    stopping.turn(timezone.localdate())


@app.periodic(cron="47 3 * * *")
@app.task(name="directory.forget_old_claims", queue="nightly", queueing_lock="directory.claims")
def forget_old_claims(timestamp: int) -> None:
    """Delete the papers of claims that were decided long ago."""
    claiming.forget_old()


@app.periodic(cron="31 4 * * *")
@app.task(name="directory.find_all_duplicates", queue="nightly", queueing_lock="directory.duplicates")
def find_all_duplicates(timestamp: int) -> None:
    """Look in every region for entries that may be one structure."""
    for region in Area.objects.regions():
        finding.find(region)


@app.task(name="directory.find_duplicates", queue="nightly")
def find_duplicates(region: int) -> None:
    """Look in one region for entries that may be one structure."""
    finding.find(Area.objects.get(pk=region))


def find_duplicates_of(region: int) -> None:
    """Queue the search of a region unless it waits already."""
    try:
        find_duplicates.configure(queueing_lock=f"directory.duplicates.{region}").defer(region=region)
    except AlreadyEnqueued:
        return


@app.periodic(cron="41 4 * * *")
@app.task(name="directory.look_after_calls", queue="nightly", queueing_lock="directory.calls")
def look_after_calls(timestamp: int) -> None:
    """Tell of calls that nobody made; forget the numbers of those too old to help."""
    calling.look_after(timezone.now())
