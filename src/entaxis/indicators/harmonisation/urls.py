"""Addresses of common criteria, part of those of figures."""

from django.urls import path

from entaxis.indicators.harmonisation import office, pocket_views, views

urlpatterns = [
    path("indicators/recipes/", views.recipes, name="recipes"),
    path("indicators/recipes/<slug:code>/", views.recipe, name="recipe"),
    path("indicators/pockets/", pocket_views.index, name="pockets"),
    path("indicators/pockets/<int:pk>/", pocket_views.study, name="pocket"),
    path("office/pockets/", pocket_views.office_pockets, name="office-pockets"),
    path("office/pockets/<int:pk>/", pocket_views.office_pocket, name="office-pocket"),
    path("office/pockets/<int:pk>/step/", pocket_views.office_pocket_step, name="office-pocket-step"),
    path("office/recipes/", office.office_recipes, name="office-recipes"),
    path("office/recipes/<slug:code>/", office.office_run, name="office-run-recipe"),
]
