"""Which pages a speaker has read and found right, language by language (R7b)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.doors import require
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.portal import languages
from entaxis.portal.models import TranslationReview
from entaxis.portal.office.parts import note, person_of, region_of, trail


class ReviewForm(forms.ModelForm[TranslationReview]):
    """Who read which pages in which language, and when."""

    class Meta:
        """The region is the host's."""

        model = TranslationReview
        fields = ["language", "part", "checked_by", "checked_on"]
        widgets = {"checked_on": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *(choice for choice in settings.LANGUAGES if not languages.is_complete(choice[0])),
        ]

    def clean_checked_on(self) -> Any:
        """A check has happened."""
        day = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    @transaction.atomic
    def store(self, *, by: User) -> TranslationReview:
        """Write it in the name of a person."""
        row = self.save()
        note(row, "create", by=by)
        return row


@require(Role.REGION_ADMINISTRATOR)
def index(request: HttpRequest) -> HttpResponseBase:
    """The checks of the region, those of the whole platform, and a form for one more."""
    region = region_of(request)
    form = ReviewForm(request.POST or None, instance=TranslationReview(region=region))
    if request.method == "POST" and form.is_valid():
        form.store(by=person_of(request))
        messages.success(request, _("Stored."))
        return redirect("office-translations")
    context = {
        "form": form,
        "reviews": TranslationReview.objects.of(region),
        "trail": trail((_("Checked translations"), "")),
    }
    return render(request, "portal/office/translations.html", context, status=422 if form.errors else 200)


@require(Role.REGION_ADMINISTRATOR)
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a check of the region away: its pages say again that nobody has checked them."""
    row = get_object_or_404(TranslationReview, pk=pk, region=region_of(request))
    with transaction.atomic():
        note(row, "delete", by=person_of(request))
        row.delete()
    messages.success(request, _("The check was taken away."))
    return redirect("office-translations")
