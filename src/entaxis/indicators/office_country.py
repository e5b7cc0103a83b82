"""Values of the whole country in the office: seen, entered, put right, taken away, brought back."""

import re
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import person_of
from entaxis.indicators import country, queries, wording
from entaxis.indicators.models import ADDITIVE, CountryFigure, Indicator
from entaxis.indicators.models.catalogue import in_language
from entaxis.indicators.models.country import PERIOD

A_PAGE: Final = 50


class IndicatorField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """An indicator by its name in the reader's language."""

    names: dict[str, str]

    def label_from_instance(self, obj: Indicator) -> str:
        """Its name; the code of one that has no version yet."""
        return self.names.get(obj.code, obj.code)


class CountryForm(forms.ModelForm[CountryFigure]):
    """What a named source published of the whole country."""

    indicator = IndicatorField(queryset=Indicator.objects.none(), label=gettext_lazy("indicator"))
    address = forms.URLField(
        label=gettext_lazy("address where it was published"), max_length=500, assume_scheme="https"
    )

    class Meta:
        """Everything a person writes; which kind it is stays as it was entered."""

        model = CountryFigure
        fields = ["indicator", "period", "value", "source_el", "source_en", "address", "published_on"]
        widgets = {"published_on": forms.DateInput({"type": "date"}, "%Y-%m-%d")}
        help_texts = {
            "period": gettext_lazy("A year (2023), a quarter (2023-Q2) or a month (2023-12)."),
            "value": gettext_lazy("In the unit of the indicator."),
            "published_on": gettext_lazy("The day on which the source published it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.names = queries.names()
        field.queryset = Indicator.objects.exclude(unit__in=ADDITIVE).order_by("order", "code")
        self.fields["address"].required = not self.instance.is_synthetic

    def clean_period(self) -> str:
        """As figures write their periods."""
        period: str = self.cleaned_data["period"]
        if not re.fullmatch(PERIOD, period):
            raise ValidationError(_("A year (2023), a quarter (2023-Q2) or a month (2023-12)."))
        return period

    def clean(self) -> dict[str, Any]:
        """Nothing impossible, and one value for an indicator and a period."""
        said = super().clean() or {}
        wrong = country.faults(said.get("indicator"), said.get("value"), said.get("published_on"))
        for name, sentence in self._sentences().items():
            if name in wrong and name in said:
                self.add_error(name, sentence)
        row = CountryFigure(
            pk=self.instance.pk,
            indicator=said.get("indicator"),
            period=said.get("period", ""),
            is_synthetic=self.instance.is_synthetic,
        )
        if country.is_there(row):
            self.add_error(
                "period", _("A value of this indicator and period is there: put that one right.")
            )
        return said

    @staticmethod
    def _sentences() -> dict[str, str]:
        return {
            "value": _("This value is not possible for the indicator."),
            "published_on": _("This day has not come yet."),
        }


def office_country(request: HttpRequest) -> HttpResponseBase:
    """Every value with its source, and a form for one more."""
    form = CountryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        country.keep(row=form.save(commit=False), by=person_of(request))
        messages.success(request, _("The value stands beside the figures of its indicator and period."))
        return redirect("indicators:office-country")
    page = Paginator(country.entered(), A_PAGE).get_page(request.GET.get("page"))
    names = queries.names()
    context = {
        "page": page,
        "rows": [_row(row, names) for row in page],
        "form": form,
        "trail": _trail(),
    }
    return render(request, "indicators/office_country.html", context, status=422 if form.errors else 200)


def office_country_figure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One value, to put right."""
    held = get_object_or_404(country.entered(), pk=pk)
    form = CountryForm(request.POST or None, instance=held)
    if request.method == "POST" and form.is_valid():
        country.keep(row=form.save(commit=False), by=person_of(request))
        messages.success(request, _("Stored. What it said before stays in its history."))
        return redirect("indicators:office-country")
    return _one(request, "indicators/office_country_figure.html", held, form)


def office_country_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What would no longer be shown; by POST it is taken away."""
    held = get_object_or_404(country.entered(), pk=pk)
    if request.method == "POST":
        held.delete()
        messages.success(request, _("The value was taken away. Its history stays."))
        return redirect("indicators:office-country")
    return _one(request, "indicators/office_country_remove.html", held)


def office_country_removed(request: HttpRequest) -> HttpResponseBase:
    """What was taken away; by POST one of it is brought back."""
    gone = country.taken_away()
    if request.method == "POST":
        key = request.POST.get("figure", "")
        removed = get_object_or_404(gone, pgh_id=int(key) if key.isdecimal() else 0)
        _bring_back(request, removed)
        return redirect("indicators:office-country-removed")
    page = Paginator(gone, A_PAGE).get_page(request.GET.get("page"))
    names = queries.names()
    context = {
        "page": page,
        "rows": [_row(row, names) | {"source": in_language(row.source_el, row.source_en)} for row in page],
        "trail": _trail((_("Values taken away"), "")),
    }
    return render(request, "indicators/office_country_removed.html", context)


def _bring_back(request: HttpRequest, removed: Any) -> None:
    try:
        country.bring_back(removed=removed, by=person_of(request))
    except country.CountryRefusedError as error:
        why = {"why": "; ".join(error.problems)}
        messages.error(request, _("It cannot be brought back: %(why)s.") % why)
    else:
        messages.success(request, _("The value was brought back as it was."))


def _one(
    request: HttpRequest, template: str, held: CountryFigure, form: CountryForm | None = None
) -> HttpResponse:
    row = _row(held, queries.names())
    is_wrong = form is not None and form.errors
    context = row | {"form": form, "trail": _trail((f"{row['name']}, {held.period}", ""))}
    return render(request, template, context, status=422 if is_wrong else 200)


def _row(held: Any, names: dict[str, str]) -> dict[str, Any]:
    indicator = held.indicator
    value = f"{wording.written(held.value, indicator)} {wording.unit_note(indicator)}".strip()
    return {"row": held, "name": names.get(indicator.code, indicator.code), "value": value}


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    trail = [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Values of the whole country"), "url": reverse("indicators:office-country")},
    ]
    return [*trail, *({"title": title, "url": url} for title, url in steps)]
