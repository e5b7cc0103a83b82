"""Addresses of the directory, below /el/structures/ and – for the staff – /el/office/structures/."""

from django.urls import path

from entaxis.directory import search_views, views

app_name = "directory"
urlpatterns = [
    path("structures/", search_views.search, name="search"),
    path("structures/counts/", views.counts, name="counts"),
    path("structures/counts.csv", views.counts_csv, name="counts-csv"),
    path("structures/counts.xlsx", views.counts_xlsx, name="counts-xlsx"),
    path("structures/<uuid:pk>/", views.structure, name="structure"),
    path("structures/<uuid:pk>/report/", views.report_error, name="report-error"),
]
