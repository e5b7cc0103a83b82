"""Addresses of the portal. `translated` stand below a language; the rest stand alone."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.admin import urls as editing_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as document_urls

from entaxis.portal import views
from entaxis.portal.office import brand, help_lines, translations, untranslated
from entaxis.portal.sitemaps import PublicationSitemap, RegionSitemap

SITEMAPS = {"pages": RegionSitemap, "publications": PublicationSitemap}

urlpatterns: list[URLPattern | URLResolver] = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("editing/", include(editing_urls)),
    path("documents/", include(document_urls)),
]

translated: list[URLPattern | URLResolver] = [
    path("emergency/", views.emergency, name="emergency"),
    path("rights/", views.rights, name="rights"),
    path("sheet/", views.sheets, name="sheets"),
    path("sheet/<slug:code>/", views.sheet, name="sheet"),
    path("search/", views.site_search, name="site-search"),
    path("", include("entaxis.portal.library.urls")),
    path("", include("entaxis.portal.organisation.office")),
    path("office/brand/", brand.edit, name="office-brand"),
    path("office/help-lines/", help_lines.index, name="office-help-lines"),
    path("office/help-lines/<int:pk>/", help_lines.edit, name="office-help-line"),
    path("office/help-lines/<int:pk>/remove/", help_lines.remove, name="office-help-line-remove"),
    path("office/untranslated/", untranslated.index, name="office-untranslated"),
    path("office/translations/", translations.index, name="office-translations"),
    path("office/translations/<int:pk>/remove/", translations.remove, name="office-translation-remove"),
    # As Wagtail writes it, with a name for the path: `reverse` then takes it either way. What stands
    # without a language elsewhere is no page: a missing /api/… must not be led to /el/api/….
    re_path(
        r"^(?P<path>(?!(?:api|tiles|health|static|media|editing|documents)/)(?:[\w\-]+/)*)$",
        views.page,
        name="wagtail_serve",
    ),
]
