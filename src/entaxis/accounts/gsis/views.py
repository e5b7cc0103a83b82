"""Going to GSIS, coming back, and the ties of one's own account."""

from typing import Final

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from entaxis.accounts.gsis import realms
from entaxis.accounts.gsis.providers import ADAPTERS
from entaxis.accounts.gsis.realms import Realm
from entaxis.accounts.http import person_of, prove_again, sentence_page
from entaxis.core.addresses import place_of
from entaxis.core.rates import is_within

MOST_AN_HOUR: Final = 60  # ways there, and ways back, from one network address


@never_cache
def begin(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Say what GSIS will be asked; the button leads there."""
    return _to_gsis(request, _realm(slug), AuthProcess.LOGIN)


@never_cache
def tie(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Tie the account of who is signed in, and proved it a moment ago, to a door of GSIS."""
    realm = _realm(slug)
    prove_again(request)
    return _to_gsis(request, realm, AuthProcess.CONNECT)


@never_cache
def callback(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The person comes back from GSIS with a code."""
    realm = _realm(slug)
    if not is_within("gsis-callback", place_of(request), most=MOST_AN_HOUR):
        return _too_many(request)
    response: HttpResponseBase = OAuth2CallbackView.adapter_view(ADAPTERS[realm.slug])(request)
    return response


def ties(request: HttpRequest) -> HttpResponseBase:
    """Which doors of the state open one's own account; a button takes one off."""
    tied = SocialAccount.objects.filter(user=person_of(request))
    if request.method == "POST":
        prove_again(request)
        form = DisconnectForm(request.POST, request=request)
        if not form.is_valid():
            raise Http404
        form.save()
        return redirect("accounts:gsis-links")
    rows = {account.provider: account for account in tied}
    doors = [(realm, rows.get(realm.provider)) for realm in realms.offered()]
    return render(request, "accounts/gsis/ties.html", {"doors": doors})


@never_cache
def left(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Signed out here; on a shared computer one must sign out of GSIS too."""
    url = _realm(slug).logout_address(request.build_absolute_uri("/"))
    return render(request, "accounts/gsis/left.html", {"url": url})


def _to_gsis(request: HttpRequest, realm: Realm, process: str) -> HttpResponseBase:
    if request.method != "POST":
        response = render(request, "accounts/gsis/begin.html", {"realm": realm, "process": process})
        # the form's answer leads there, and browsers hold the policy against that too
        response._csp_update = {"form-action": settings.GSIS_URL}  # type: ignore[attr-defined]
        return response
    if not is_within("gsis", place_of(request), most=MOST_AN_HOUR):
        return _too_many(request)
    provider = get_adapter(request).get_provider(request, realm.provider)
    answer: HttpResponse = provider.redirect(
        request, process, next_url=get_next_redirect_url(request), language=get_language()
    )
    return answer


def _realm(slug: str) -> Realm:
    realm = realms.by_slug(slug)
    if realm is None:
        raise Http404
    return realm


def _too_many(request: HttpRequest) -> HttpResponse:
    text = _("Too many attempts from your network. Try again in half an hour; nothing was lost.")
    return sentence_page(request, _("Too many attempts"), text, status=429)
