"""Addresses without a language."""

from django.urls import path

from entaxis.geography import views

urlpatterns = [
    path("tiles/<slug:version>/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
