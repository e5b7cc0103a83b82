"""What tables of statistics tell: measures, and cells in which two sources contradict each other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.rules import Role
from entaxis.sources import contradicting
from entaxis.sources.models import Contradiction, Measure, Source
from entaxis.sources.views import A_PAGE, trail


class MeasureForm(forms.ModelForm[Measure]):
    """Something that tables tell of areas."""

    class Meta:
        """Everything a person writes."""

        model = Measure
        fields = ["name_el", "name_en", "key", "unit"]


class BelieveForm(forms.Form):
    """Which of two sources is believed, and why."""

    source = forms.ModelChoiceField(
        Source.objects.none(), label=gettext_lazy("The source that is believed")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("It stays beside the figures.")
    )

    def __init__(self, *args: Any, contradiction: Contradiction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pair = (contradiction.first.edition.source_id, contradiction.second.edition.source_id)
        self.fields["source"].queryset = Source.objects.filter(pk__in=pair)  # type: ignore[attr-defined]


@require(Role.REGION_ADMINISTRATOR)
def measures(request: HttpRequest) -> HttpResponseBase:
    """The measures that columns of tables may be read as."""
    form = MeasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Stored."))
        return redirect("sources:office-measures")
    context = {"form": form, "rows": Measure.objects.all(), "trail": trail((_("Measures of tables"), ""))}
    return render(request, "sources/measures.html", context, status=422 if form.errors else 200)


@require(Role.REGION_ADMINISTRATOR)
def contradictions(request: HttpRequest) -> HttpResponse:
    """Cells that two sources in force tell otherwise; those that wait first."""
    rows = Paginator(_contradictions(request), A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    context = {"page": page, "trail": trail((_("Contradictions"), ""))}
    return render(request, "sources/contradictions.html", context)


@require(Role.REGION_ADMINISTRATOR)
def contradiction(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say which of the two is believed, in all cells in which they contradict each other."""
    row = get_object_or_404(_contradictions(request), pk=pk)
    form = BelieveForm(request.POST or None, contradiction=row)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        contradicting.decide(
            contradiction=row, believed=said["source"], reason=said["reason"], by=person_of(request)
        )
        messages.success(request, _("Stored."))
        return redirect("sources:office-contradictions")
    context = {"form": form, "title": str(row), "trail": trail((_("Contradictions"), ""))}
    return render(request, "sources/form.html", context, status=422 if form.errors else 200)


def _contradictions(request: HttpRequest) -> Any:
    rows = Contradiction.objects.filter(first__edition__source__region=region_of(request))
    return rows.select_related(
        *(
            f"{side}__{part}"
            for side in ("first", "second")
            for part in ("measure", "area", "edition__source")
        ),
        "believed",
    ).order_by("-decided_at", "pk")
