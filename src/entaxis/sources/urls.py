"""Addresses of the room, below /el/office/sources/ and /el/office/phenomena/."""

from django.urls import path

from entaxis.sources import phenomena_views, tables_views, views

app_name = "sources"
urlpatterns = [
    path("office/sources/", views.index, name="office"),
    path("office/sources/new/", views.new, name="office-new"),
    path("office/sources/amounts/", views.amounts, name="office-amounts"),
    path("office/sources/measures/", tables_views.measures, name="office-measures"),
    path("office/sources/contradictions/", tables_views.contradictions, name="office-contradictions"),
    path(
        "office/sources/contradictions/<int:pk>/",
        tables_views.contradiction,
        name="office-contradiction",
    ),
    path("office/phenomena/", phenomena_views.listed, name="office-phenomena"),
    path("office/phenomena/new/", phenomena_views.new, name="office-new-phenomenon"),
    path("office/phenomena/<uuid:pk>/", phenomena_views.report, name="office-phenomenon"),
    path("office/phenomena/<uuid:pk>/write/", phenomena_views.edit, name="office-write-phenomenon"),
    path("office/sources/<int:pk>/", views.source, name="office-source"),
    path("office/sources/<int:pk>/facts/", views.edit, name="office-facts"),
    path("office/sources/<int:pk>/reading/", views.reading, name="office-reading"),
    path("office/sources/<int:pk>/file/", views.upload, name="office-upload"),
    path("office/sources/files/<uuid:pk>/", views.edition, name="office-edition"),
    path("office/sources/files/<uuid:pk>/places/", views.decide, name="office-decide"),
    path("office/sources/files/<uuid:pk>/in-force/", views.put_in_force, name="office-in-force"),
    path("office/sources/files/<uuid:pk>/discard/", views.discard, name="office-discard"),
    path("office/sources/files/<uuid:pk>/problems.csv", views.rejected, name="office-problems-download"),
]
