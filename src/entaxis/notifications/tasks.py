"""What this room does in the background. The rows are the queue: a task that is lost loses no mail."""

from procrastinate.contrib.django import app

from entaxis.notifications import delivery


@app.task(name="notifications.deliver", queue="mail", queueing_lock="notifications.deliver")
def deliver() -> None:
    """Send what is due."""
    delivery.deliver_due()


@app.periodic(cron="* * * * *")
@app.task(name="notifications.deliver_what_waits", queue="mail", queueing_lock="notifications.waiting")
def deliver_what_waits(timestamp: int) -> None:
    """Send what waits to be tried again, and what a killed worker left."""
    delivery.deliver_due()
