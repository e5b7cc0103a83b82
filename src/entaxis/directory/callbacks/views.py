"""The public's page: please call me; and the way to take it back."""

from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.core.addresses import place_of
from entaxis.core.traces import leaves_no_trace
from entaxis.directory.callbacks import actions
from entaxis.directory.callbacks.forms import CallbackForm
from entaxis.directory.http import region_of
from entaxis.directory.models import Callback

SALT = "directory.callback.token"


@leaves_no_trace
def ask(request: HttpRequest) -> HttpResponseBase:
    """Leave a number; the municipality or the Observatory calls."""
    region = region_of(request)
    form = CallbackForm(request.POST or None, region=region, sender=place_of(request))
    if request.method == "POST" and form.is_valid():
        callback = actions.ask(callback=form.save(commit=False), number=form.number())
        token = signing.dumps(str(callback.pk), salt=SALT)
        return redirect("directory:callback-asked", token=token)
    context = {"form": form, "trail": _trail(_("We call you"))}
    status = 422 if form.errors else 200
    return render(request, "directory/callbacks/ask.html", context, status=status)


@leaves_no_trace
def asked(request: HttpRequest, token: str) -> HttpResponseBase:
    """What happens now; the button takes the request back and forgets the number."""
    callback = get_object_or_404(Callback, pk=_pk(token), region=region_of(request))
    if request.method == "POST" and callback.is_open:
        try:
            actions.end(callback=callback, state=Callback.State.WITHDRAWN, by=None)
        except actions.EndedError:
            callback.refresh_from_db()
        return redirect(request.path)
    context = {"callback": callback, "trail": _trail(_("We call you"))}
    return render(request, "directory/callbacks/asked.html", context)


def _pk(token: str) -> UUID:
    try:
        return UUID(signing.loads(token, salt=SALT, max_age=actions.KEPT))
    except signing.BadSignature as error:
        raise Http404 from error


def _trail(title: str) -> list[dict[str, str]]:
    return [
        {"title": _("Home"), "url": "/"},
        {"title": _("Emergency"), "url": reverse("emergency")},
        {"title": title, "url": ""},
    ]
