"""Addresses of the import, below /el/office/imports/."""

from django.urls import path

from entaxis.directory.importing import views

urlpatterns = [
    path("office/imports/", views.imports, name="import"),
    path("office/imports/template.csv", views.import_template, {"kind": "csv"}, name="import-template-csv"),
    path(
        "office/imports/template.xlsx", views.import_template, {"kind": "xlsx"}, name="import-template-xlsx"
    ),
    path("office/imports/<uuid:pk>/", views.import_run, name="import-run"),
    path("office/imports/<uuid:pk>/headings/", views.import_headings, name="import-headings"),
    path("office/imports/<uuid:pk>/forget/", views.import_forget, name="import-forget"),
    path("office/imports/<uuid:pk>/look/", views.import_look, name="import-look"),
    path("office/imports/<uuid:pk>/confirm/", views.import_confirm, name="import-confirm"),
    path("office/imports/<uuid:pk>/discard/", views.import_discard, name="import-discard"),
    path("office/imports/<uuid:pk>/undo/", views.import_undo, name="import-undo"),
    path("office/imports/<uuid:pk>/rejected.csv", views.import_rejected, name="import-rejected"),
    path("office/imports/<uuid:pk>/places/<int:line>/", views.import_place, name="import-place"),
    path("office/imports/<uuid:pk>/places/<int:line>.svg", views.import_picture, name="import-picture"),
]
