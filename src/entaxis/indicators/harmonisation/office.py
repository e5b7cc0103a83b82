"""The Observatory's page of recipes: what can be computed, what was, what failed and why."""

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.rules import is_region_administrator
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation import actions, queries, tasks
from entaxis.indicators.harmonisation.forms import RunForm
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun

SHOWN = 50


def office_recipes(request: HttpRequest) -> HttpResponse:
    """Every recipe with the periods for which all its inputs are published, and the runs."""
    region = region_of(request)
    held = queries.periods_held(region)
    runs = RecipeRun.objects.filter(region=region).select_related(
        "recipe__version", "release", "created_by"
    )
    context = {
        "rows": [(recipe, _form(recipe, held)) for recipe in queries.recipes()],
        "runs": runs[:SHOWN],
        "may_write": is_region_administrator(request.user, region),
        "with_figures": queries.with_figures(),
        "trail": _trail(),
    }
    return render(request, "indicators/office_recipes.html", context)


def office_run(request: HttpRequest, code: str) -> HttpResponseBase:
    """Compute a recipe for a period, in the background."""
    region = region_of(request)
    recipe = queries.recipe(code)
    if recipe is None:
        raise Http404
    form = _form(recipe, queries.periods_held(region), request.POST)
    if form is None or not form.is_valid():
        messages.error(request, _("Choose a period for which every input is published."))
        return redirect("indicators:office-recipes")
    try:
        with transaction.atomic():
            run = actions.begin(recipe=recipe, region=region, by=person_of(request), **form.cleaned_data)
            tasks.run_recipe.defer(run=run.pk)
    except NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The figures are being computed."))
    return redirect("indicators:office-recipes")


def _form(recipe: Recipe, held: Mapping[str, set[str]], data: object = None) -> RunForm | None:
    """None where an input is not published at all."""
    periods = queries.possible_periods(recipe.done, held)
    code = recipe.version.indicator.code
    return RunForm(data, periods=periods, auto_id=f"{code}_%s") if periods else None


def _trail() -> list[dict[str, str]]:
    return [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Common criteria"), "url": ""},
    ]
