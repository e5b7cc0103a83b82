"""The help lines of the region. National lines are the platform's: they are shown, not changed, here."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms.models import fields_for_model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.geography.models import Area
from entaxis.portal.models import HelpLine, HelpLineText
from entaxis.portal.office.parts import note, person_of, region_of, trail

TEXTS = ("name", "text", "hours")


class HelpLineForm(forms.ModelForm[HelpLine]):
    """A line and what it is for in each language; the Greek name is needed."""

    class Meta:
        """The region is the host's."""

        model = HelpLine
        fields = ["number", "is_urgent", "order", "source", "checked_on"]
        widgets = {"checked_on": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {text.language: text for text in self.instance.texts.all()} if self.instance.pk else {}
        for language, _name in settings.LANGUAGES:
            for name in TEXTS:
                of_model = fields_for_model(HelpLineText, [name])[name]
                of_model.required = name == "name" and language == settings.LANGUAGE_CODE
                of_model.initial = getattr(there.get(language), name, "")
                self.fields[f"{name}_{language}"] = of_model

    def main_fields(self) -> list[forms.BoundField]:
        """What is the same in every language."""
        return [self[name] for name in self.Meta.fields]

    def languages(self) -> list[dict[str, Any]]:
        """The fields of each language, with its own name; open where something stands or is wrong."""
        return [
            {
                "code": code,
                "name": name,
                "fields": [self[f"{field}_{code}"] for field in TEXTS],
                "is_open": code == settings.LANGUAGE_CODE
                or any(
                    self[f"{field}_{code}"].value() or self[f"{field}_{code}"].errors for field in TEXTS
                ),
            }
            for code, name in settings.LANGUAGES
        ]

    def clean(self) -> dict[str, Any]:
        """A number stands once in a region; a language has a name where it has anything."""
        cleaned = super().clean() or {}
        twins = HelpLine.objects.filter(region=self.instance.region, number=cleaned.get("number"))
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("number", _("The region has a line with this number already."))
        for language, _name in settings.LANGUAGES:
            says = [cleaned.get(f"{name}_{language}") for name in TEXTS]
            if any(says[1:]) and not says[0] and f"name_{language}" not in self.errors:
                self.add_error(f"name_{language}", _("Name the line in this language too."))
        if (checked := cleaned.get("checked_on")) and checked > timezone.localdate():
            self.add_error("checked_on", _("This day has not come yet."))
        return cleaned

    @transaction.atomic
    def store(self, *, by: User) -> HelpLine:
        """Write the line and its texts in the name of a person."""
        is_new = self.instance.pk is None
        row = self.save()
        for language, _name in settings.LANGUAGES:
            words = {name: self.cleaned_data[f"{name}_{language}"] for name in TEXTS}
            if words["name"]:
                HelpLineText.objects.update_or_create(line=row, language=language, defaults=words)
            else:
                HelpLineText.objects.filter(line=row, language=language).delete()
        note(row, "create" if is_new else "edit", by=by)
        return row


def lines_of(region: Area) -> Any:
    """The region's own lines with their texts."""
    return HelpLine.objects.filter(region=region).prefetch_related("texts")


@require(Role.REGION_ADMINISTRATOR)
def index(request: HttpRequest) -> HttpResponseBase:
    """The region's lines, the national ones to compare, and a form for one more."""
    region = region_of(request)
    form = HelpLineForm(request.POST or None, instance=HelpLine(region=region))
    if request.method == "POST" and form.is_valid():
        form.store(by=person_of(request))
        messages.success(request, _("Stored."))
        return redirect("office-help-lines")
    context = {
        "form": form,
        "lines": [_row(line) for line in lines_of(region)],
        "national": [_row(line) for line in HelpLine.objects.filter(region=None).prefetch_related("texts")],
        "trail": trail((_("Help lines"), "")),
    }
    return render(request, "portal/office/help_lines.html", context, status=422 if form.errors else 200)


@require(Role.REGION_ADMINISTRATOR)
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another number, other words."""
    row = get_object_or_404(lines_of(region_of(request)), pk=pk)
    form = HelpLineForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.store(by=person_of(request))
        messages.success(request, _("Stored."))
        return redirect("office-help-lines")
    title = lines_of(region_of(request)).get(pk=pk).number
    steps = ((_("Help lines"), reverse("office-help-lines")), (title, ""))
    context = {"form": form, "title": title, "trail": trail(*steps)}
    return render(request, "portal/office/help_line.html", context, status=422 if form.errors else 200)


@require(Role.REGION_ADMINISTRATOR)
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a line of the region away; the log keeps who did it."""
    row = get_object_or_404(lines_of(region_of(request)), pk=pk)
    with transaction.atomic():
        note(row, "delete", by=person_of(request))
        row.delete()
    messages.success(request, _("The line was taken away."))
    return redirect("office-help-lines")


def _row(line: HelpLine) -> dict[str, Any]:
    texts = {text.language: text for text in line.texts.all()}
    shown = texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()), None)
    return {
        "pk": line.pk,
        "number": line.number,
        "is_urgent": line.is_urgent,
        "name": shown.name if shown else gettext_lazy("without a name"),
        "languages": [name for code, name in settings.LANGUAGES if code in texts],
        "checked_on": line.checked_on,
    }
