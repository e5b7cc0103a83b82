"""What this room does in the background. The rows are the queue: a task that is lost loses no mail."""

from procrastinate.contrib.django import app

from entaxis.notifications import delivery, digests, retention


@app.task(name="notifications.deliver", queue="mail", queueing_lock="notifications.deliver")
def deliver() -> None:
    """Send what is due."""
    delivery.deliver_due()


@app.periodic(cron="* * * * *")
@app.task(name="notifications.deliver_what_waits", queue="mail", queueing_lock="notifications.waiting")
def deliver_what_waits(timestamp: int) -> None:
    """Send what waits to be tried again, and what a killed worker left."""
    delivery.deliver_due()


@app.periodic(cron="7 * * * *")
@app.task(name="notifications.join_summaries", queue="mail", queueing_lock="notifications.summaries")
def join_summaries(timestamp: int) -> None:
    """Join what waits for a summary whose hour has come; a missed hour is made up for by the next."""
    digests.join_due()


@app.periodic(cron="43 3 * * *")
@app.task(name="notifications.forget", queue="nightly", queueing_lock="notifications.forget")
def forget(timestamp: int) -> None:
    """Forget what need not be known any more."""
    retention.sweep()
