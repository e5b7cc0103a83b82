"""The centre of messages, preferences, subscriptions, and mail in trouble."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from entaxis.accounts.doors import require
from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role, is_administrator, is_region_administrator
from entaxis.core import addresses as network
from entaxis.notifications import actions, addresses, catcher, queries, subscribing
from entaxis.notifications.forms import PacesForm, SubscribeForm, label_of
from entaxis.notifications.models import Message, Subscription

A_PAGE = 30


def _posted(request: HttpRequest) -> QueryDict | None:
    """What a form was given; an empty one that was sent is a mistake, not a first visit."""
    return request.POST if request.method == "POST" else None


@require(Role.SIGNED_IN)
def centre(request: HttpRequest) -> HttpResponseBase:
    """A person's messages in this region, the newest first."""
    person, region = person_of(request), region_of(request)
    found = Paginator(queries.messages_of(person, region), A_PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "may_see_trouble": is_region_administrator(person, region),
    }
    return render(request, "notifications/centre.html", context)


@require(Role.SIGNED_IN)
@require_POST
def read(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Mark one message read; go to its page, unless asked to stay."""
    row = get_object_or_404(Message.objects.in_portal_of(person_of(request), region_of(request)), pk=pk)
    actions.mark_read(message=row)
    is_ours = url_has_allowed_host_and_scheme(row.url, allowed_hosts=None)
    if row.url and is_ours and "stay" not in request.POST:
        return redirect(row.url)
    return redirect("notifications:centre")


@require(Role.SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponseBase:
    """Mark everything read."""
    actions.mark_all_read(by=person_of(request), region=region_of(request))
    return redirect("notifications:centre")


@require(Role.SIGNED_IN)
def preferences(request: HttpRequest) -> HttpResponseBase:
    """How often a person wants mail, what they follow, and whether mail reaches them."""
    person = person_of(request)
    if request.method == "POST" and "release" in request.POST:
        addresses.release(person.email)
        messages.success(request, _("We will write to you again."))
        return redirect("notifications:preferences")
    form = PacesForm(_posted(request), user=person)
    if form.is_valid():
        actions.set_paces(by=person, paces=form.paces())
        messages.success(request, _("Stored."))
        return redirect("notifications:preferences")
    context = {
        "form": form,
        "is_held_back": addresses.is_suppressed(person.email),
        "subscriptions": subscribing.described(queries.subscriptions_of(person, region_of(request))),
    }
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)


@never_cache
def subscribe(request: HttpRequest) -> HttpResponseBase:
    """Ask to be told by mail. The answer is the same whether the address was known."""
    user = request.user if isinstance(request.user, User) else None
    form = SubscribeForm(
        _posted(request),
        region=region_of(request),
        user=user,
        sender=network.place_of(request),
        initial={"follow": request.GET.get("follow", "")},
    )
    if form.is_valid():
        what = label_of(form.cleaned_data["follow"], form.fields["follow"].choices)  # type: ignore[attr-defined]
        subscribing.subscribe(subscription=form.subscription(), what=what)
        return redirect("notifications:preferences" if user else "notifications:subscribe-sent")
    return render(
        request, "notifications/subscribe.html", {"form": form}, status=422 if form.errors else 200
    )


@never_cache
def subscribe_sent(request: HttpRequest) -> HttpResponseBase:
    """What to do now; nothing here depends on the address."""
    return render(request, "notifications/subscribe_sent.html", {"days": subscribing.DAYS_TO_CONFIRM})


@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what will hold; the button confirms it."""
    row = subscribing.to_confirm(region_of(request), token)
    if row and request.method == "POST":
        subscribing.confirm(subscription=row)
    return _about(request, "notifications/confirm.html", row)


@csrf_exempt
@never_cache
def leave(request: HttpRequest, token: str) -> HttpResponseBase:
    """End a subscription: a page with a button, or one click by a mail program (RFC 8058).

    The one click comes without a cookie from the reader's mailbox; its signed token is what lets it in.
    The page's own button is protected as every form.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        if row := subscribing.to_leave(region_of(request), token):
            subscribing.leave(subscription=row)
        return HttpResponse("", content_type="text/plain", headers={"X-Robots-Tag": "noindex"})
    return _leave_page(request, token)


@csrf_protect
def _leave_page(request: HttpRequest, token: str) -> HttpResponseBase:
    row = subscribing.to_leave(region_of(request), token)
    if row and request.method == "POST":
        subscribing.leave(subscription=row)
    return _about(request, "notifications/leave.html", row)


def _about(request: HttpRequest, template: str, row: Subscription | None) -> HttpResponse:
    context = {
        "what": subscribing.described([row])[0].what if row else "",
        "is_done": bool(row) and request.method == "POST",
        "is_known": bool(row),
    }
    response = render(request, template, context, status=200 if row else 404)
    response["X-Robots-Tag"] = "noindex"
    return response


@require(Role.REGION_ADMINISTRATOR)
def trouble(request: HttpRequest) -> HttpResponseBase:
    """Mail of this region that could not be sent or came back."""
    page = Paginator(queries.in_trouble(region_of(request)), A_PAGE).get_page(request.GET.get("page"))
    rows = [queries.described(delivery) for delivery in page]
    context = {
        "page": page,
        "rows": rows,
        "may_see_caught": settings.MODE == "demo" and is_administrator(request.user),
    }
    return render(request, "notifications/trouble.html", context)


@require(Role.REGION_ADMINISTRATOR)
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send one of them again."""
    if not actions.try_again(region=region_of(request), deliveries=[pk]):
        raise Http404
    return _sent_again(request, 1)


@require(Role.REGION_ADMINISTRATOR)
@require_POST
def again_all(request: HttpRequest) -> HttpResponseBase:
    """Send all of them again."""
    return _sent_again(request, actions.try_again(region=region_of(request)))


def _sent_again(request: HttpRequest, number: int) -> HttpResponseBase:
    said = ngettext("%(number)s mail will be sent.", "%(number)s mails will be sent.", number)
    messages.success(request, said % {"number": number})
    return redirect("notifications:trouble")


@require(Role.ADMINISTRATOR)
@never_cache
def demonstration_mail(request: HttpRequest) -> HttpResponseBase:
    """What the demonstration would have sent; it exists nowhere else."""
    if settings.MODE != "demo":
        raise Http404
    page = Paginator(catcher.caught(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/demonstration_mail.html", {"page": page})
