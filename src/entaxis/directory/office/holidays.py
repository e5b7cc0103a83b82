"""Holidays of one area in the back office, such as the feast of a town's patron saint."""

from typing import Any

import pghistory
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.directory import history
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import LocalHoliday
from entaxis.directory.office.views import A_PAGE, trail
from entaxis.geography.models import Area, Level


class AreaField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """An area with its level: a regional unit and its seat often share a name."""

    def label_from_instance(self, obj: Area) -> str:
        """Name and level."""
        return f"{obj.name} ({obj.get_level_display()})"


class HolidayForm(forms.ModelForm[LocalHoliday]):
    """A holiday of the region, a regional unit or a municipality."""

    area = AreaField(queryset=Area.objects.none(), label=gettext_lazy("where it is kept"))

    class Meta:
        """Everything a person writes."""

        model = LocalHoliday
        fields = ["area", "day", "is_yearly", "name_el", "name_en"]
        widgets = {"day": forms.DateInput({"type": "date"}, "%Y-%m-%d")}
        error_messages = {
            "__all__": {"unique_together": gettext_lazy("This area keeps a holiday on that day already.")}
        }

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_of(region)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The 29th of February does not come every year."""
        cleaned = super().clean() or {}
        day = cleaned.get("day")
        if day and cleaned.get("is_yearly") and (day.month, day.day) == (2, 29):
            self.add_error("is_yearly", _("The 29th of February is not in every year: enter each one."))
        return cleaned

    @transaction.atomic
    def store(self, *, by: User) -> LocalHoliday:
        """Write it, in the name of a person."""
        with pghistory.context(user=str(by.pk)):
            return self.save()


def areas_of(region: Area) -> QuerySet[Area]:
    """The region, its regional units and its municipalities: the widest first, then by name."""
    widest_first = [Level.REGION, Level.REGIONAL_UNIT, Level.MUNICIPALITY]
    inside = Q(pk=region.pk) | Q(region=region, level__in=widest_first[1:])
    place = Case(*(When(level=level, then=rank) for rank, level in enumerate(widest_first)))
    return Area.objects.current().filter(inside).order_by(place, "name_el")


def holidays_of(region: Area) -> QuerySet[LocalHoliday]:
    """The holidays kept in ``region`` or in a part of it, through the year."""
    rows = LocalHoliday.objects.filter(Q(area=region) | Q(area__region=region))
    return rows.select_related("area").order_by("day__month", "day__day", "area__name_el", "pk")


@require(Role.EDITOR)
def index(request: HttpRequest) -> HttpResponseBase:
    """The holidays of the region, and a form for one more."""
    form = HolidayForm(request.POST or None, region=region_of(request))
    if request.method == "POST" and form.is_valid():
        form.store(by=person_of(request))
        messages.success(request, _("Stored."))
        return redirect("directory:office-holidays")
    found = Paginator(holidays_of(region_of(request)), A_PAGE)
    context = {"form": form, "page": found.get_page(request.GET.get("page")), "trail": _trail()}
    status = 422 if form.errors else 200
    return render(request, "directory/office/holidays.html", context, status=status)


@require(Role.EDITOR)
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another day, another name."""
    row = get_object_or_404(holidays_of(region_of(request)), pk=pk)
    form = HolidayForm(request.POST or None, instance=row, region=region_of(request))
    if request.method == "POST" and form.is_valid():
        form.store(by=person_of(request))
        messages.success(request, _("Stored."))
        return redirect("directory:office-holidays")
    title = str(get_object_or_404(LocalHoliday, pk=pk))
    context = {"form": form, "row": row, "title": title, "trail": _trail((title, ""))}
    status = 422 if form.errors else 200
    return render(request, "directory/office/holiday.html", context, status=status)


@require(Role.EDITOR)
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a holiday away; history keeps what it was."""
    row = get_object_or_404(holidays_of(region_of(request)), pk=pk)
    with transaction.atomic(), pghistory.context(user=str(person_of(request).pk)):
        row.delete()
    messages.success(request, _("The holiday was taken away."))
    return redirect("directory:office-holidays")


@require(Role.EDITOR)
def changes(request: HttpRequest) -> HttpResponse:
    """Who changed what, and when."""
    context = {
        "title": _("Local holidays"),
        "changes": history.changes_of_holidays(region_of(request)),
        "trail": _trail((_("History"), "")),
    }
    return render(request, "directory/office/history.html", context)


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return trail((_("Local holidays"), reverse("directory:office-holidays")), *steps)
