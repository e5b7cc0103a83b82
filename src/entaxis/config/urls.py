"""Every address of the platform. Who may use which method of it is declared in `access`."""

from pathlib import Path

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve

from entaxis.accounts.gsis.views import callback
from entaxis.config.api import api
from entaxis.core import health
from entaxis.core.design import design
from entaxis.portal import urls as portal

MEDIA = Path(settings.MEDIA_ROOT)

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/v1/", api.urls),
    # pictures as editors' pages show them; originals and documents are not below images/
    path("media/images/<path:path>", serve, {"document_root": MEDIA / "images"}, name="picture"),
    path("account/gsis/<slug:slug>/", callback, name="gsis-callback"),
    path("", include("entaxis.geography.urls")),
    *portal.urlpatterns,
]
urlpatterns += i18n_patterns(
    # one by one: of allauth's pages for others' sign-in none is used
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("", include("entaxis.accounts.urls")),
    path("", include("entaxis.notifications.urls")),
    path("", include("entaxis.directory.urls")),
    path("", include("entaxis.sources.urls")),
    path("", include("entaxis.directory.network.urls")),
    path("design/", design, name="design"),
    path("", include("entaxis.indicators.urls")),
    path("maps/", include("entaxis.maps.urls")),
    path("profiles/", include("entaxis.maps.profile_urls")),
    path("office/dashboard/", include("entaxis.maps.dashboard_urls")),
    path("strategy/", include("entaxis.strategy.urls")),
    path("", include("entaxis.strategy.publications.urls")),
    path("news/", include("entaxis.portal.news.urls")),
    *portal.translated,  # last: it ends with the pages that editors write, which take any address
)

handler400 = "entaxis.config.errors.bad_request"
handler403 = "entaxis.config.errors.forbidden"
handler404 = "entaxis.config.errors.not_found"
handler500 = "entaxis.config.errors.server_error"
