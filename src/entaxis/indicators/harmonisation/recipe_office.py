"""Pages where a recipe is written: a new one, another version, one that nothing was made with yet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.http import person_of, region_of
from entaxis.indicators import cataloguing
from entaxis.indicators.harmonisation import keeping, source, trying
from entaxis.indicators.harmonisation.recipe_forms import KINDS, MORE, STORE, TRY, Sheet, kind_of
from entaxis.indicators.harmonisation.steps import Kind
from entaxis.indicators.models import Indicator, IndicatorVersion
from entaxis.indicators.source import CatalogueRefusedError


def office_new_recipe(request: HttpRequest) -> HttpResponseBase:
    """First its kind, then everything that this kind needs."""
    kind = kind_of(_given(request, "kind"))
    if kind is None:
        context = {"kinds": KINDS.items(), "trail": _trail(_("New recipe"))}
        return render(request, "indicators/office_recipe_kinds.html", context)
    sheet = Sheet(kind, data=_typed(request), do=_asked(request))

    def store() -> None:
        facts = sheet.facts.facts() if sheet.facts else {}
        keeping.add(facts=facts, version=sheet.version(), by=person_of(request))

    return _answer(request, sheet, store, _("New recipe"))


def office_recipe_version(request: HttpRequest, code: str) -> HttpResponseBase:
    """Another version, written from the last one."""
    latest = _versions(code)[-1]
    sheet = Sheet(
        kind_of(_given(request, "kind")) or _kind(latest),
        data=_typed(request),
        do=_asked(request),
        indicator=latest.indicator,
        after=latest,
    )

    def store() -> None:
        keeping.write(indicator=latest.indicator, version=sheet.version(), by=person_of(request))

    return _answer(request, sheet, store, latest.name)


def office_recipe_put_right(request: HttpRequest, code: str) -> HttpResponseBase:
    """The last version, as long as no figure was made with it."""
    *former, held = _versions(code)
    if cataloguing.is_fixed(held):
        messages.error(request, _("Figures were made with this version: write another one."))
        return redirect("indicators:office-recipes")
    sheet = Sheet(
        kind_of(_given(request, "kind")) or _kind(held),
        data=_typed(request),
        do=_asked(request),
        indicator=held.indicator,
        after=former[-1] if former else None,
        held=held,
    )
    title, number = held.name, held.number

    def store() -> None:
        keeping.write(
            indicator=held.indicator, version=sheet.version(), number=number, by=person_of(request)
        )

    return _answer(request, sheet, store, title)


def office_recipe_file(request: HttpRequest, code: str) -> HttpResponse:
    """The recipe with all its versions, as `load-recipes` takes it in."""
    found = _versions(code)[0].indicator
    text = source.as_toml(source.entry_of(found))
    return HttpResponse(
        text,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{code}.toml"'},
    )


def _answer(request: HttpRequest, sheet: Sheet, store: Callable[[], None], title: str) -> HttpResponseBase:
    asked = _asked(request) if request.method == "POST" else ""
    if asked == STORE and sheet.is_valid():
        try:
            store()
        except (CatalogueRefusedError, cataloguing.CarriesFiguresError) as refusal:
            sheet.method.add_error(None, _("It was not stored: %(why)s") % {"why": refusal})
        else:
            messages.success(request, _("The recipe is in the catalogue; it can be computed now."))
            return redirect("indicators:office-recipes")
    context: dict[str, Any] = {
        "sheet": sheet,
        "kind": KINDS[sheet.kind],
        "title": title,
        "trail": _trail(title),
    }
    if asked == TRY and sheet.steps is not None:
        context["tried"] = trying.tried(sheet.steps, region_of(request))
    is_wrong = any(form.errors for form in sheet.forms)
    return render(request, "indicators/office_recipe.html", context, status=422 if is_wrong else 200)


def _asked(request: HttpRequest) -> str:
    said = request.POST.get("do", "")
    return said if said in {MORE, TRY} else STORE


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _given(request: HttpRequest, name: str) -> str | None:
    return request.POST.get(name) or request.GET.get(name)


def _versions(code: str) -> list[IndicatorVersion]:
    """Those of a recipe that have steps, oldest first.

    Raises:
        Http404: no recipe has this code.
    """
    indicator = get_object_or_404(Indicator, code=code)
    rows = indicator.versions.filter(recipe__isnull=False).select_related("recipe", "indicator")
    if not (found := list(rows.order_by("number"))):
        raise Http404
    return found


def _kind(version: IndicatorVersion) -> Kind:
    return version.recipe.done.kind


def _trail(here: str) -> list[dict[str, str]]:
    return [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Common criteria"), "url": reverse("indicators:office-recipes")},
        {"title": here, "url": ""},
    ]
