"""What the platform does every night for itself. `bin/entaxis procrastinate worker` keeps the clock."""

from datetime import timedelta
from typing import Final

from axes.models import AccessAttempt
from django.core.management import call_command
from django.utils import timezone
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

ATTEMPTS_KEPT: Final = timedelta(days=1)  # a lock-out lasts half an hour
JOBS_KEPT: Final = timedelta(days=30)


@app.periodic(cron="23 3 * * *")
@app.task(name="config.forget_sign_ins", queue="nightly", queueing_lock="forget_sign_ins")
def forget_sign_ins(timestamp: int) -> None:
    """Forget failed sign-ins of former days, and sessions that have ended."""
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - ATTEMPTS_KEPT).delete()
    call_command("clearsessions")


@app.periodic(cron="33 3 * * *")
@app.task(name="config.forget_jobs", queue="nightly", queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Forget tasks that were finished long ago, with whatever they were given."""
    await builtin_tasks.remove_old_jobs(
        context,
        max_hours=int(JOBS_KEPT / timedelta(hours=1)),
        remove_failed=True,
        remove_cancelled=True,
        remove_aborted=True,
    )
