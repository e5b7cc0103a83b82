"""The chart in the back office: seen, added to, changed, moved, taken from, put back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role
from entaxis.core.text import PlainText
from entaxis.geography.models import Area
from entaxis.portal.charts import draw
from entaxis.portal.http import person_of, region_of, trail
from entaxis.portal.models import OrganisationStep, OrganisationUnit
from entaxis.portal.organisation import actions
from entaxis.portal.organisation.drawing import forest

STEPS_SHOWN = 50


class UnitForm(PlainText, forms.ModelForm[OrganisationUnit]):
    """A unit and its place."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        """Everything but the region, which is the host's."""

        model = OrganisationUnit
        fields = [
            *("name_el", "name_en", "parent", "order", "head_el", "head_en"),
            *("tasks_el", "tasks_en", "email", "telephone"),
        ]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("tasks_el", "tasks_en")}

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        self.initial["seen"] = actions.stamp(self.instance)
        others = OrganisationUnit.objects.filter(region=region).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]


@require(Role.EDITOR)
def chart(request: HttpRequest) -> HttpResponseBase:
    """The chart with a door to each unit, and the latest steps."""
    roots = forest(actions.units_of(region_of(request)))
    steps = OrganisationStep.objects.filter(region=region_of(request)).select_related("by").defer("before")
    context = {
        "roots": roots,
        "drawing": draw(roots),
        "steps": steps[:STEPS_SHOWN],
        "trail": trail((_("Organisation chart"), "")),
    }
    return render(request, "portal/organisation/office.html", context)


@require(Role.EDITOR)
def new(request: HttpRequest) -> HttpResponseBase:
    """A new unit."""
    return _edit(request, OrganisationUnit(), _("New unit"))


@require(Role.EDITOR)
def unit(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Change or move a unit."""
    row = get_object_or_404(OrganisationUnit, pk=pk, region=region_of(request))
    return _edit(request, row, row.name)


def _edit(request: HttpRequest, row: OrganisationUnit, title: str) -> HttpResponseBase:
    form = UnitForm(request.POST or None, instance=row, region=region_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            unit = form.save(commit=False)
            actions.save_unit(unit=unit, by=person_of(request), seen=form.cleaned_data["seen"] or None)
        except actions.OvertakenError as overtaken:
            _tell(form, overtaken.now)
        except actions.CircleError:
            form.add_error("parent", _("A unit cannot stand below itself."))
        except actions.TooManyError:
            form.add_error(None, _("The chart has as many units as one can read."))
        else:
            messages.success(request, _("Stored. The chart is drawn anew."))
            return redirect("organisation:chart")
    context = {
        "form": form,
        "title": title,
        "unit": None if row._state.adding else row,
        "trail": trail((_("Organisation chart"), reverse("organisation:chart")), (title, "")),
    }
    return render(request, "portal/organisation/unit.html", context, status=422 if form.errors else 200)


def _tell(form: UnitForm, now: dict[str, Any]) -> None:
    """Say what somebody else wrote, beside what this person wrote; saving again keeps the latter."""
    form.add_error(
        None, _("Somebody else changed this unit meanwhile. Compare, then save again to keep yours.")
    )
    there = OrganisationUnit.objects.get(pk=now["id"])
    for name in set(form.fields) - {"seen"}:
        value = getattr(there, name)
        if value != form.cleaned_data.get(name, value):
            form.add_error(name, _("It now says: %(value)s") % {"value": value or "–"})
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["seen"] = actions.stamp(there)  # type: ignore[index]


@require(Role.EDITOR)
def remove(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take a unit away; the page of the chart offers to put it back."""
    row = get_object_or_404(OrganisationUnit, pk=pk, region=region_of(request))
    actions.remove_unit(unit=row, by=person_of(request))
    messages.success(request, _("Taken away. The history below puts it back."))
    return redirect("organisation:chart")


@require(Role.EDITOR)
def undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the chart back to where it stood before a step."""
    step = get_object_or_404(OrganisationStep, pk=pk, region=region_of(request))
    actions.undo(step=step, by=person_of(request))
    messages.success(request, _("The chart stands as it did before that step."))
    return redirect("organisation:chart")


app_name = "organisation"
urlpatterns = [
    path("office/organisation/", chart, name="chart"),
    path("office/organisation/new/", new, name="new"),
    path("office/organisation/<uuid:pk>/", unit, name="unit"),
    path("office/organisation/<uuid:pk>/remove/", remove, name="remove"),
    path("office/organisation/steps/<int:pk>/undo/", undo, name="undo"),
]
