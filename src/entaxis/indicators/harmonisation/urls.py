"""Addresses of common criteria, part of those of figures."""

from django.urls import path

from entaxis.indicators.harmonisation import office, pocket_views, recipe_office, views

urlpatterns = [
    path("indicators/recipes/", views.recipes, name="recipes"),
    path("indicators/recipes/<slug:code>/", views.recipe, name="recipe"),
    path("indicators/pockets/", pocket_views.index, name="pockets"),
    path("indicators/pockets/<int:pk>/", pocket_views.study, name="pocket"),
    path("office/pockets/", pocket_views.office_pockets, name="office-pockets"),
    path("office/pockets/<int:pk>/", pocket_views.office_pocket, name="office-pocket"),
    path("office/pockets/<int:pk>/step/", pocket_views.office_pocket_step, name="office-pocket-step"),
    path("office/recipes/", office.office_recipes, name="office-recipes"),
    path("office/recipes/new/", recipe_office.office_new_recipe, name="office-new-recipe"),
    path(
        "office/recipes/<slug:code>/versions/new/",
        recipe_office.office_recipe_version,
        name="office-recipe-version",
    ),
    path(
        "office/recipes/<slug:code>/versions/last/",
        recipe_office.office_recipe_put_right,
        name="office-recipe-put-right",
    ),
    path(
        "office/recipes/<slug:code>/recipe.toml",
        recipe_office.office_recipe_file,
        name="office-recipe-file",
    ),
    path("office/recipes/<slug:code>/", office.office_run, name="office-run-recipe"),
]
