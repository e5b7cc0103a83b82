"""The Observatory's page of recipes: what can be computed, what was, what failed and why."""

from collections import defaultdict

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import person_of, region_of
from entaxis.geography.models import Area
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation import actions, queries, tasks
from entaxis.indicators.harmonisation.forms import RunForm
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.models import ReleasedSeries

SHOWN = 50


def office_recipes(request: HttpRequest) -> HttpResponse:
    """Every recipe with the periods for which all its inputs are published, and the runs."""
    region = region_of(request)
    held = _periods(region)
    runs = RecipeRun.objects.filter(region=region).select_related(
        "recipe__version", "release", "created_by"
    )
    context = {
        "rows": [(recipe, _form(recipe, held)) for recipe in queries.recipes()],
        "runs": runs[:SHOWN],
        "trail": _trail(),
    }
    return render(request, "indicators/office_recipes.html", context)


def office_run(request: HttpRequest, code: str) -> HttpResponseBase:
    """Compute a recipe for a period, in the background."""
    region = region_of(request)
    recipe = queries.recipe(code)
    if recipe is None:
        raise Http404
    form = _form(recipe, _periods(region), request.POST)
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


def _periods(region: Area) -> dict[str, set[str]]:
    """Periods with figures in force, by code of indicator. One query."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = ReleasedSeries.objects.filter(region=region, is_current=True)
    for code, period in rows.values_list("indicator__code", "period"):
        found[code].add(period)
    return found


def _form(recipe: Recipe, held: dict[str, set[str]], data: object = None) -> RunForm | None:
    """None where an input is not published at all."""
    inputs = recipe.done.inputs
    moving = [held.get(one.indicator, set()) for one in inputs if not one.period]
    common = set.intersection(*moving) if moving else {inputs[0].period}
    periods = [
        period
        for period in sorted(common, reverse=True)
        if all(one.at(period) in held.get(one.indicator, ()) for one in inputs)
    ]
    code = recipe.version.indicator.code
    return RunForm(data, periods=periods, auto_id=f"{code}_%s") if periods else None


def _trail() -> list[dict[str, str]]:
    return [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Common criteria"), "url": ""},
    ]
