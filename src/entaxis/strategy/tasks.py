"""What publishing does by itself: what was set for an hour is told of when the hour has come."""

from procrastinate.contrib.django import app

from entaxis.strategy.publications import announcing


@app.periodic(cron="*/5 * * * *")
@app.task(name="strategy.announce_due", queue="publishing", queueing_lock="strategy.announce_due")
def announce_due(timestamp: int) -> None:
    """Pages show it without this task; here only the subscribers are told."""
    announcing.announce_due()
