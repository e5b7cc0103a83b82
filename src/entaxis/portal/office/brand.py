"""How the region presents itself: names, colours, contact and the co-funded operations on every page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.portal.models import PublicityOperation, RegionBrand
from entaxis.portal.office.parts import note, person_of, region_of, trail

MOST_OPERATIONS = 12


class BrandForm(forms.ModelForm[RegionBrand]):
    """What an administrator of the region decides; its site and its region are the platform's."""

    exit_url = forms.URLField(
        label=gettext_lazy("where the quick exit leads"),
        help_text=gettext_lazy("A neutral page that many people read, such as the weather."),
        assume_scheme="https",
    )

    class Meta:
        """Everything but the site and the region."""

        model = RegionBrand
        fields = [
            "name_el",
            "name_en",
            "region_name_el",
            "region_name_en",
            "palette",
            "contact_email",
            "contact_telephone",
            "exit_url",
        ]


OperationsForm = forms.inlineformset_factory(
    RegionBrand,
    PublicityOperation,
    fields=["title_el", "title_en", "mis_code", "programme_el", "programme_en"],
    extra=1,
    max_num=MOST_OPERATIONS,
    validate_max=True,
)


@require(Role.REGION_ADMINISTRATOR)
def edit(request: HttpRequest) -> HttpResponseBase:
    """The brand of the host's region and its operations, on one page."""
    row = get_object_or_404(RegionBrand, region=region_of(request))
    form = BrandForm(request.POST or None, instance=row)
    operations = OperationsForm(request.POST or None, instance=row, prefix="operations")
    if request.method == "POST" and form.is_valid() and operations.is_valid():
        store(form, operations, by=person_of(request))
        messages.success(request, _("Stored."))
        return redirect("office-brand")
    has_errors = bool(form.errors) or any(operations.errors) or bool(operations.non_form_errors())
    context = {"form": form, "operations": operations, "trail": trail()}
    status = 422 if request.method == "POST" and has_errors else 200
    return render(request, "portal/office/brand.html", context, status=status)


@transaction.atomic
def store(form: BrandForm, operations: Any, *, by: User) -> None:
    """Write the brand and its operations, the new ones last."""
    row = form.save()
    operations.save(commit=False)
    for gone in operations.deleted_objects:
        gone.delete()
    last = max((each.sort_order or 0 for each in PublicityOperation.objects.filter(brand=row)), default=-1)
    for number, each in enumerate(operations.new_objects, last + 1):
        each.sort_order = number
        each.save()
    for each, _names in operations.changed_objects:
        each.save()
    note(row, "edit", by=by)
