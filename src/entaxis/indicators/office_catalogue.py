"""Pages of the catalogue for those who keep it: another indicator, another version, without code."""

import re
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import person_of
from entaxis.geography.models import Level
from entaxis.indicators import cataloguing, computation, counting
from entaxis.indicators.models import Indicator, IndicatorVersion, StrategyTarget
from entaxis.sources.models import Measure

A_PAGE: Final = 50
PERIOD: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?")
LEVELS: Final = (Level.REGION, Level.REGIONAL_UNIT, Level.MUNICIPALITY)
BREAKDOWNS: Final = (
    ("sex", gettext_lazy("sex")),
    ("age", gettext_lazy("age")),
    ("subgroup", gettext_lazy("vulnerable sub-group")),
    ("duration", gettext_lazy("how long they have the benefit")),
)


class IndicatorForm(forms.ModelForm[Indicator]):
    """What an indicator is for ever."""

    class Meta:
        """Its code, its theme, how its values are read, who answers for it."""

        model = Indicator
        fields = ["code", "theme", "direction", "unit", "digits", "responsible"]
        help_texts = {
            "code": gettext_lazy("Latin letters, digits and _; figures are found under it for ever."),
            "responsible": gettext_lazy("A unit or an office, no person's telephone."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]

    def clean_code(self) -> str:
        """As an address and an interface bear it."""
        code: str = self.cleaned_data["code"]
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,47}", code) or code in (
            "releases",
            "tables",
            "pockets",
            "recipes",
            "new",
        ):
            raise ValidationError(_("Small Latin letters, digits and _, a letter first."))
        return code


class VersionForm(forms.ModelForm[IndicatorVersion]):
    """What an indicator means from a day on."""

    levels = forms.MultipleChoiceField(
        label=gettext_lazy("levels of areas"),
        choices=[(level.value, level.label) for level in LEVELS],
        widget=forms.CheckboxSelectMultiple,
    )
    breakdowns = forms.MultipleChoiceField(
        label=gettext_lazy("breakdowns"),
        choices=BREAKDOWNS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    breaks = forms.CharField(
        label=gettext_lazy("breaks in the series"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line: period = why in Greek = why in English."),
    )

    class Meta:
        """Everything a version says."""

        model = IndicatorVersion
        fields = ["valid_from", *cataloguing.MEANING, "change_el", "change_en"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")} | {
            name: forms.Textarea(attrs={"rows": 3})
            for name in (
                "definition_el", "definition_en", "revision_el", "revision_en", "change_el", "change_en",
            )
        }  # fmt: skip
        help_texts = {
            "computation": gettext_lazy(
                "An indicator of the programme (arop:60, median), a condition that the description of an "
                "edition names, or source:gmi, source:fead (also with :households, :amount_eur, :entries, "
                ":exits, :paid_ratio), source:table:KEY, source:subgroups:KEY. Empty: its figures come "
                "from a recipe or not yet."
            ),
            "method_page": gettext_lazy("The name of a page under docs/methods."),
        }

    def __init__(self, *args: Any, before: IndicatorVersion | None = None, **kwargs: Any) -> None:
        told = kwargs.get("instance") or before
        if told is not None:
            initial = {name: getattr(told, name) for name in cataloguing.MEANING}
            initial["breaks"] = "\n".join(_line(one) for one in told.breaks)
            kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["change_el"].required = before is not None
        if before is None and (self.instance.number or 1) == 1:
            del self.fields["change_el"], self.fields["change_en"]

    def clean_breaks(self) -> list[dict[str, str]]:
        """Line by line."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["breaks"].splitlines())):
            period, *notes = (part.strip() for part in line.split("="))
            if not PERIOD.fullmatch(period) or not notes:
                raise ValidationError(_("Not understood: “%(line)s”.") % {"line": line[:80]})
            found.append({"period": period, "note_el": notes[0], "note_en": notes[-1]})
        return found

    def clean_method_page(self) -> str:
        """A name, no address."""
        page: str = self.cleaned_data["method_page"]
        if page and not re.fullmatch(r"[a-z0-9_]+", page):
            raise ValidationError(_("Small Latin letters, digits and _, a letter first."))
        return page

    def clean_computation(self) -> str:
        """Something that computes, or nothing."""
        said: str = self.cleaned_data["computation"].strip()
        if said and not (counting.is_understood(said, _measures()) or computation.is_understood(said)):
            raise ValidationError(_("Nothing computes “%(said)s”.") % {"said": said})
        return said


class TargetForm(forms.ModelForm[StrategyTarget]):
    """What a strategy wants of an indicator."""

    url = forms.URLField(
        label=gettext_lazy("address of the document"), max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        """Everything that a target says."""

        model = StrategyTarget
        fields = [
            "name_el", "name_en", "value", "by_year", "strategy_el", "strategy_en", "url", "is_in_force",
        ]  # fmt: skip
        help_texts = {
            "is_in_force": gettext_lazy(
                "A target that is no longer in force stays here and leaves the page."
            ),
        }


def _measures() -> set[str]:
    return set(Measure.objects.values_list("key", flat=True))


def _line(one: dict[str, Any]) -> str:
    return " = ".join(str(one.get(name, "")) for name in ("period", "note_el", "note_en"))


def office_catalogue(request: HttpRequest) -> HttpResponse:
    """Every indicator with its latest version."""
    rows = Indicator.objects.annotate(held=Count("series")).prefetch_related(
        Prefetch("versions", IndicatorVersion.objects.order_by("-number"))
    )
    rows = rows.order_by("order", "code")
    context = {"page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "trail": _trail()}
    return render(request, "indicators/office_catalogue.html", context)


def office_new(request: HttpRequest) -> HttpResponseBase:
    """An indicator that is new."""
    own = IndicatorForm(request.POST or None)
    said = VersionForm(request.POST or None, initial=usual())
    if request.method == "POST" and own.is_valid() & said.is_valid():
        made = cataloguing.add(
            indicator=own.save(commit=False), version=said.save(commit=False), by=person_of(request)
        )
        messages.success(request, _("The indicator is in the catalogue."))
        return redirect("indicators:office-indicator", code=made.code)
    context = {"forms": [own, said], "title": _("New indicator"), "trail": _trail((_("New indicator"), ""))}
    return _form(request, context)


def office_indicator(request: HttpRequest, code: str) -> HttpResponseBase:
    """An indicator's own facts and its versions."""
    found = get_object_or_404(Indicator, code=code)
    form = IndicatorForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            cataloguing.change(indicator=form.save(commit=False))
        except cataloguing.CarriesFiguresError as refusal:
            form.add_error("unit", str(refusal))
        else:
            messages.success(request, _("Stored."))
            return redirect("indicators:office-indicator", code=code)
    versions = list(found.versions.select_related("written_by").annotate(held=Count("series")))
    context = {
        "indicator": found,
        "title": versions[0].name if versions else found.code,
        "versions": versions,
        "targets": found.targets.all(),
        "form": form,
        "trail": _trail((versions[0].name if versions else found.code, "")),
    }
    status = 422 if form.errors else 200
    return render(request, "indicators/office_indicator.html", context, status=status)


def office_new_version(request: HttpRequest, code: str) -> HttpResponseBase:
    """Another version, written from the last one."""
    found = get_object_or_404(Indicator, code=code)
    if found.versions.filter(recipe__isnull=False).exists():  # without steps it would make nothing
        return redirect("indicators:office-recipe-version", code=code)
    latest = found.versions.order_by("-number").first()
    said = VersionForm(request.POST or None, before=latest)
    if request.method == "POST" and said.is_valid():
        try:
            cataloguing.add_version(indicator=found, version=said.save(commit=False), by=person_of(request))
        except cataloguing.CarriesFiguresError as refusal:
            said.add_error("valid_from", str(refusal))
        else:
            messages.success(request, _("The version is in the catalogue; earlier figures keep theirs."))
            return redirect("indicators:office-indicator", code=code)
    return _form(request, {"forms": [said], "title": _("Another version"), "trail": _of(found, latest)})


def office_version(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Put right a version that nothing was made with yet."""
    rows = IndicatorVersion.objects.select_related("indicator")
    found = get_object_or_404(rows, indicator__code=code, number=number)
    if cataloguing.is_fixed(found):
        messages.error(request, _("Figures were made with this version: write another one."))
        return redirect("indicators:office-indicator", code=code)
    if hasattr(found, "recipe"):
        return redirect("indicators:office-recipe-put-right", code=code)
    said = VersionForm(request.POST or None, instance=found)
    if request.method == "POST" and said.is_valid():
        try:
            cataloguing.change_version(version=said.save(commit=False), by=person_of(request))
        except cataloguing.CarriesFiguresError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Stored."))
        return redirect("indicators:office-indicator", code=code)
    title = _("Version %(number)s of the definition") % {"number": number}
    return _form(request, {"forms": [said], "title": title, "trail": _of(found.indicator, found)})


def office_target(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponseBase:
    """A target that the indicator follows: a new one, or one to put right."""
    found = get_object_or_404(Indicator, code=code)
    held = None if pk is None else get_object_or_404(StrategyTarget, pk=pk, indicator=found)
    form = TargetForm(request.POST or None, instance=held)
    if request.method == "POST" and form.is_valid():
        cataloguing.keep_target(indicator=found, target=form.save(commit=False))
        messages.success(request, _("Stored."))
        return redirect("indicators:office-indicator", code=code)
    title = held.name if held else _("New target")
    latest = found.versions.order_by("-number").first()
    return _form(request, {"forms": [form], "title": title, "trail": _of(found, latest, _("Target"))})


def usual() -> dict[str, Any]:
    """What most indicators say of their correction, from the first of the catalogue."""
    first = IndicatorVersion.objects.order_by("indicator__order", "number").first()
    said = {"revision_el": first.revision_el, "revision_en": first.revision_en} if first else {}
    return said | {"levels": list(LEVELS), "valid_from": timezone.localdate().replace(month=1, day=1)}


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    is_wrong = any(form.errors for form in context["forms"])
    return render(request, "indicators/office_version.html", context, status=422 if is_wrong else 200)


def _of(indicator: Indicator, version: IndicatorVersion | None, here: str = "") -> list[dict[str, str]]:
    name = version.name if version else indicator.code
    page = reverse("indicators:office-indicator", args=[indicator.code])
    return _trail((name, page), (here or _("Version"), ""))


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    trail = [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Catalogue of indicators"), "url": reverse("indicators:office-catalogue")},
    ]
    return [*trail, *({"title": title, "url": url} for title, url in steps)]
