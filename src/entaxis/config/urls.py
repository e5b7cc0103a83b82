"""Every address of the platform. Who may use which method of it is declared in `access`."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from entaxis.config.api import api
from entaxis.core import health
from entaxis.core.design import design
from entaxis.portal import urls as portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/v1/", api.urls),
    path("", include("entaxis.geography.urls")),
    *portal.urlpatterns,
]
urlpatterns += i18n_patterns(
    path("account/", include("allauth.urls")),
    path("", include("entaxis.directory.urls")),
    path("design/", design, name="design"),
    path("maps/", include("entaxis.maps.urls")),
    *portal.translated,  # last: it ends with the pages that editors write, which take any address
)

handler400 = "entaxis.config.errors.bad_request"
handler403 = "entaxis.config.errors.forbidden"
handler404 = "entaxis.config.errors.not_found"
handler500 = "entaxis.config.errors.server_error"
