"""Pages of common criteria: what recipes there are, what one made, and other weights to try."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import region_of
from entaxis.geography.models import Area
from entaxis.indicators import breaking_down
from entaxis.indicators import queries as published
from entaxis.indicators import wording as figures_in_words
from entaxis.indicators.harmonisation import charts, computing, queries, wording
from entaxis.indicators.harmonisation.forms import WEIGHT, TrialForm
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.queries import Figure


def recipes(request: HttpRequest) -> HttpResponse:
    """Every recipe with the last period that the region has of it."""
    region = region_of(request)
    held = queries.in_force(region)
    rows = [(recipe, held.get(recipe.version.indicator.code, "")) for recipe in queries.recipes()]
    context = {"rows": rows, "region": region, "trail": _trail()}
    return render(request, "indicators/recipes.html", context)


def recipe(request: HttpRequest, code: str) -> HttpResponse:
    """One recipe: its steps, its figures with what is possible, what went in, other weights."""
    region = region_of(request)
    latest = queries.recipe(code)
    if latest is None:
        raise Http404
    runs = queries.runs_in_force(code, region)
    run = _chosen(request, runs)
    shown = run.recipe if run else latest
    steps = shown.done
    names = queries.names_of([one.indicator for one in steps.inputs])
    context: dict[str, Any] = {
        "recipe": shown,
        "steps": steps,
        "inputs": _inputs(shown, run, names),
        "region": region,
        "runs": runs,
        "run": run,
        "trail": _trail((shown.version.name, "")),
    }
    if run:
        context |= _results(run, region, names)
    if run and steps.kind == "composite":
        context |= _trial(request, run, names, context["by_area"])
    return render(request, "indicators/recipe.html", context, status=422 if context.get("faults") else 200)


def _chosen(request: HttpRequest, runs: list[RecipeRun]) -> RecipeRun | None:
    asked = request.GET.get("period")
    found = [run for run in runs if asked in (None, "", run.period)]
    if asked and not found:
        raise Http404
    return found[0] if found else None


def _inputs(recipe: Recipe, run: RecipeRun | None, names: dict[str, str]) -> list[dict[str, Any]]:
    weights = run.result.get("weights", []) if run else []
    return [
        {
            "code": one.indicator,
            "name": names.get(one.indicator, one.indicator),
            "who": breaking_down.label(one.breakdown),
            "is_worse": one.higher_is == "worse",
            "weight": figures_in_words.rounded(100 * weights[at], 1) if at < len(weights) else "",
            "period": run.inputs[one.indicator]["period"] if run else one.period,
        }
        for at, one in enumerate(recipe.done.inputs)
    ]


def _results(run: RecipeRun, region: Area, names: dict[str, str]) -> dict[str, Any]:
    indicator = run.recipe.version.indicator
    steps = run.recipe.done
    found = published.figures(indicator, region, period=run.period, level=steps.level)
    by_area = found.by_area if found else {}
    area_names = _names(by_area)
    result = run.result
    said: dict[str, Any] = {
        "rows": _rows(run, by_area),
        "from_model": wording.of_models(list(by_area.values()), steps.kind),
        "by_area": by_area,
        "region_row": _row(found.region, run) if found and found.region.is_shown else None,
        "left_out": _left_out(result["left_out"], area_names, names),
        "replaced": queries.replaced_inputs(run),
        "unit": figures_in_words.unit_note(indicator),
        "went_in": _went_in(run, area_names, names) if "values" in result else [],
        "is_synthetic": run.release.is_synthetic if run.release else False,
    }
    if steps.kind == "composite":
        said |= {
            "sentences": [*wording.of_places(result, area_names), wording.of_choices(result)],
            "chart": charts.chart(result, area_names, _withheld(by_area)),
            "alpha": result["alpha"],
            "explained": figures_in_words.rounded(100 * result["explained"], 0),
            "against": [names.get(code, code) for code in result["against"]],
        }
    return said


def _left_out(
    rows: Iterable[Mapping[str, str]], areas: Mapping[str, str], names: Mapping[str, str]
) -> list[tuple[str, str, bool]]:
    """Each area once with the indicators that it lacks, those apart that are only "at least" there."""
    found: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for one in rows:
        found[one["code"], one["reason"] == queries.PARTIAL].append(
            names.get(one["indicator"], one["indicator"])
        )
    return [
        (areas.get(code, code), figures_in_words.listed(lacking), is_partial)
        for (code, is_partial), lacking in found.items()
    ]


def _withheld(by_area: Mapping[str, Figure]) -> set[str]:
    """Areas whose figure is too unsure to be told: then its place is as well."""
    return {code for code, figure in by_area.items() if not figure.is_shown}


def _names(by_area: dict[str, Figure]) -> dict[str, str]:
    return {code: figure.area.name for code, figure in by_area.items()}


def _rows(run: RecipeRun, by_area: dict[str, Figure]) -> list[dict[str, Any]]:
    """Worst first where there is an order, then by code; areas without a figure last."""
    rows = [_row(figure, run) for figure in by_area.values()]
    result = run.result
    place = dict(zip(result["areas"], result["places"], strict=True)) if "places" in result else {}
    withheld = _withheld(by_area)
    return sorted(
        rows,
        key=lambda row: (
            10_000 if row["figure"].area.code in withheld else place.get(row["figure"].area.code, 10_000),
            row["figure"].area.code,
        ),
    )


def _row(figure: Figure, run: RecipeRun) -> dict[str, Any]:
    indicator, result = run.recipe.version.indicator, run.result
    row: dict[str, Any] = {
        "figure": figure,
        "value": figures_in_words.written(figure.value, indicator),
        "interval": figures_in_words.interval(figure, indicator),
        "url": reverse("indicators:figure", args=[figure.public_id]) if figure.public_id else "",
    }
    codes = result["areas"] if "places" in result else []
    if figure.area.code in codes:
        at = codes.index(figure.area.code)
        row["possible"] = wording.places(result["best"][at], result["worst"][at])
        if not figure.is_shown:
            return row
        row["place"] = wording.place(result["places"][at])
        if "choices" in result:
            row["choices"] = wording.places(result["choice_low"][at], result["choice_high"][at])
    return row


def _went_in(run: RecipeRun, areas: dict[str, str], names: dict[str, str]) -> list[dict[str, Any]]:
    """The figures of every area as they went in, each with its passport and the name of its indicator."""
    passports = {one.indicator: run.inputs[one.indicator]["passports"] for one in run.recipe.done.inputs}
    modelled = queries.modelled(
        passport for of_areas in passports.values() for passport in of_areas.values()
    )
    return [
        {
            "name": areas.get(code, code),
            "figures": [
                (
                    figures_in_words.rounded(value, 1),
                    reverse("indicators:figure", args=[passports[one][code]]),
                    names.get(one, one),
                    passports[one][code] in modelled,
                )
                for value, one in zip(values, passports, strict=True)
            ],
        }
        for code, values in zip(run.result["areas"], run.result["values"], strict=True)
    ]


def _trial(
    request: HttpRequest, run: RecipeRun, names: dict[str, str], by_area: dict[str, Figure]
) -> dict[str, Any]:
    """The form with other weights and, where some were asked for, what they give."""
    steps = run.recipe.done
    is_asked = any(key.startswith(WEIGHT) for key in request.GET)
    usual = {"scale": steps.normalisation, "mean": steps.aggregation}
    form = TrialForm(usual | request.GET.dict() if is_asked else None, steps=steps, names=names)
    if not is_asked:
        return {"form": form}
    if not form.is_valid():
        return {"form": form, "faults": True}
    asked = form.tried()
    try:
        found = computing.trial(asked, run.result)
    except computing.CannotComputeError as error:
        form.add_error(None, str(error))
        return {"form": form, "faults": True}
    codes = run.result["areas"]
    digits = 1 if asked.unit == "index" else 2
    withheld = _withheld(by_area)
    unsure = computing.unsure(asked, found)
    tried = sorted(
        (bool(unsure[at]), place, at)
        for place, at in zip(found.places.tolist(), range(len(codes)), strict=True)
    )
    rows = [
        {
            "figure": by_area[codes[at]],
            "is_unsure": is_unsure,
            "value": "" if is_unsure else figures_in_words.rounded(found.index[at], digits),
            "place": "" if is_unsure else wording.place(place),
            "possible": wording.places(found.best[at], found.worst[at]),
            "published": "" if codes[at] in withheld else wording.place(run.result["places"][at]),
        }
        for is_unsure, place, at in tried
    ]
    result = {"areas": codes, "best": found.best.tolist(), "worst": found.worst.tolist()}
    return {
        "form": form,
        "trial": rows,
        "trial_sentences": list(wording.of_places(result, _names(by_area))),
        "trial_url": request.build_absolute_uri(),
    }


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    trail = [
        {"title": _("Home"), "url": "/"},
        {"title": _("Indicators"), "url": reverse("indicators:index")},
        {"title": _("Common criteria"), "url": reverse("indicators:recipes")},
    ]
    return [*trail, *({"title": title, "url": url} for title, url in steps)]
