"""Addresses of common criteria, part of those of figures."""

from django.urls import path

from entaxis.indicators.harmonisation import office, views

urlpatterns = [
    path("indicators/recipes/", views.recipes, name="recipes"),
    path("indicators/recipes/<slug:code>/", views.recipe, name="recipe"),
    path("office/recipes/", office.office_recipes, name="office-recipes"),
    path("office/recipes/<slug:code>/", office.office_run, name="office-run-recipe"),
]
