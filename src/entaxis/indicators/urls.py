"""Addresses of figures, below /el/indicators/, /el/figures/ and – for the staff – /el/office/releases/."""

from django.urls import path

from entaxis.indicators import (
    groups_views,
    methods,
    office,
    office_catalogue,
    office_country,
    office_editions,
    office_figures,
    phenomena_office,
    tables,
    views,
)
from entaxis.indicators.harmonisation import urls as harmonisation

app_name = "indicators"
urlpatterns = [
    path("indicators/", views.index, name="index"),
    path("indicators/releases/", views.releases, name="releases"),
    path("indicators/releases/<int:pk>/", views.release, name="release"),
    *harmonisation.urlpatterns,  # before the codes of indicators
    path("indicators/tables/", tables.table, name="table"),
    path("indicators/tables/figures.<str:kind>", tables.table_file, name="table-file"),
    path("indicators/<slug:code>/", views.indicator, name="indicator"),
    path("methods/<slug:name>/", methods.method, name="method"),
    path("vulnerable-groups/", groups_views.index, name="groups"),
    path("vulnerable-groups/<slug:key>/", groups_views.group, name="group"),
    path("figures/<uuid:public_id>/", views.figure, name="figure"),
    path("figures/<uuid:public_id>/recompute/", office.recompute, name="recompute"),
    path("office/releases/", office.office_releases, name="office-releases"),
    path("office/releases/phenomena/", phenomena_office.office_phenomena, name="office-phenomena"),
    path("office/releases/<int:pk>/", office.office_release, name="office-release"),
    path("office/releases/<int:pk>/figures/", office_figures.office_figures, name="office-figures"),
    path(
        "office/releases/<int:pk>/figures.csv",
        office_figures.office_figures_file,
        name="office-figures-file",
    ),
    path(
        "office/releases/<int:pk>/checks.csv",
        office_figures.office_findings_file,
        name="office-findings-file",
    ),
    path("office/releases/<int:pk>/withdraw/", office.office_withdraw, name="office-withdraw"),
    path("office/releases/<int:pk>/progress/", office.office_progress, name="office-progress"),
    path("office/releases/from/<uuid:pk>/", office.office_propose, name="office-propose"),
    path("office/releases/<int:pk>/step/", office.office_step, name="office-step"),
    path("office/indicators/", office_catalogue.office_catalogue, name="office-catalogue"),
    path("office/indicators/new/", office_catalogue.office_new, name="office-new-indicator"),
    path("office/indicators/<slug:code>/", office_catalogue.office_indicator, name="office-indicator"),
    path(
        "office/indicators/<slug:code>/versions/new/",
        office_catalogue.office_new_version,
        name="office-new-version",
    ),
    path(
        "office/indicators/<slug:code>/versions/<int:number>/",
        office_catalogue.office_version,
        name="office-version",
    ),
    path(
        "office/indicators/<slug:code>/targets/new/",
        office_catalogue.office_target,
        name="office-new-target",
    ),
    path(
        "office/indicators/<slug:code>/targets/<int:pk>/",
        office_catalogue.office_target,
        name="office-target",
    ),
    path("office/country/", office_country.office_country, name="office-country"),
    path("office/country/removed/", office_country.office_country_removed, name="office-country-removed"),
    path("office/country/<int:pk>/", office_country.office_country_figure, name="office-country-figure"),
    path(
        "office/country/<int:pk>/remove/",
        office_country.office_country_remove,
        name="office-country-remove",
    ),
    path("office/editions/", office_editions.office_editions, name="office-editions"),
    path("office/editions/upload/", office_editions.upload, name="office-upload-edition"),
    path("office/editions/uploads/<int:pk>/", office_editions.office_upload, name="office-upload"),
    path(
        "office/editions/uploads/<int:pk>/progress/",
        office_editions.office_upload_progress,
        name="office-upload-progress",
    ),
    path("office/editions/<int:pk>/", office_editions.office_estimate, name="office-estimate"),
]
