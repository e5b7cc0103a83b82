"""Letters of the room, sent in the background; a mail server that is down is asked again for a day."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from entaxis.accounts import inviting, links, mail, requesting
from entaxis.accounts.models import AccessRequest, Invitation, Recovery, User

AGAIN = RetryStrategy(max_attempts=12, exponential_wait=3)  # the last attempt about a day later


@app.task(name="accounts.send_invitation", queue="mail", retry=AGAIN)
def send_invitation(invitation: str, serial: int, host: str) -> None:
    """Send an invitation; one that was withdrawn, accepted or sent again meanwhile is not sent."""
    found = Invitation.objects.waiting().filter(pk=UUID(invitation), serial=serial).first()
    if found is None:
        return
    url = mail.address(
        "accounts:invitation", host=host, language=found.language, token=links.of_invitation(found)
    )
    mail.write(
        template="invitation",
        to=found.email,
        language=found.language,
        reference=f"invitation-{found.pk}-{serial}",
        context={"invitation": found, "url": url},
    )


@app.task(name="accounts.send_joining", queue="mail", retry=AGAIN)
def send_joining(email: str, language: str, reference: str, host: str) -> None:
    """Send the link that opens an account; whoever has one already is told so, and nobody else is."""
    has_account = inviting.is_taken(email)
    name, parts = ("accounts:ask", {}) if has_account else ("accounts:join-with", {"token": ""})
    if not has_account:
        parts["token"] = links.of_joining(links.Joining(email, language))
    mail.write(
        template="joining_known" if has_account else "joining",
        to=email,
        language=language,
        reference=f"joining-{reference}",
        context={"url": mail.address(name, host=host, language=language, **parts)},
    )


@app.task(name="accounts.send_request_received", queue="mail", retry=AGAIN)
def send_request_received(request: str, to: str, host: str) -> None:
    """Tell one decider that a request waits."""
    found = AccessRequest.objects.filter(pk=UUID(request), state=AccessRequest.State.OPEN).first()
    decider = User.objects.filter(pk=UUID(to), is_active=True).first()
    if found is None or decider is None or not requesting.may_decide(decider, found):
        return
    url = mail.address("accounts:request", host=host, language=decider.language, pk=found.pk)
    _write(decider, "request_received", f"request-{found.pk}-{decider.pk}", request=found, url=url)


@app.task(name="accounts.send_request_decided", queue="mail", retry=AGAIN)
def send_request_decided(request: str, host: str) -> None:
    """Tell the person who asked."""
    found = AccessRequest.objects.select_related("user").get(pk=UUID(request))
    url = mail.address("accounts:me", host=host, language=found.user.language)
    _write(found.user, "request_decided", f"request-{found.pk}-decided", request=found, url=url)


@app.task(name="accounts.send_recovery", queue="mail", retry=AGAIN)
def send_recovery(recovery: str, step: str, host: str) -> None:
    """Tell the person that somebody asked to take their second step away, and what came of it."""
    found = Recovery.objects.select_related("user").get(pk=UUID(recovery))
    url = mail.address("account_login", host=host, language=found.user.language)
    _write(
        found.user,
        "recovery",
        f"recovery-{found.pk}-{step}",
        recovery=found,
        asked=step == "asked",
        url=url,
    )


def _write(user: User, template: str, reference: str, **context: object) -> None:
    if user.is_active:
        mail.write(
            template=template, to=user.email, language=user.language, reference=reference, context=context
        )


@app.periodic(cron="43 3 * * *")
@app.task(name="accounts.forget_old_evidence", queue="nightly", queueing_lock="forget_old_evidence")
def forget_old_evidence(timestamp: int) -> None:
    """Delete the papers of requests that were decided long ago."""
    requesting.forget_old_evidence()


@app.periodic(cron="53 3 * * *")
@app.task(name="accounts.forget_ended_sessions", queue="nightly", queueing_lock="forget_ended_sessions")
def forget_ended_sessions(timestamp: int) -> None:
    """Forget in which browsers people were signed in once those sessions have ended."""
    standing = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.exclude(session_key__in=standing).delete()
