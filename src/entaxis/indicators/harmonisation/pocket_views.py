"""Pages of pockets: public ones, and those on which the Observatory and the municipalities prepare them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.queries import municipalities_of
from entaxis.accounts.rules import is_editor
from entaxis.geography import choropleth
from entaxis.geography.models import Area, Level
from entaxis.indicators import wording
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation import pockets, queries, tasks
from entaxis.indicators.harmonisation.models import PocketStudy
from entaxis.indicators.harmonisation.pocket_map import KINDS, pocket_map
from entaxis.indicators.models import ADDITIVE, ReleasedSeries, Unit

DAYS: Final = 14


class ShowForm(forms.Form):
    """How long the municipalities have."""

    days = forms.IntegerField(
        label=gettext_lazy("Days in which the municipalities may comment"),
        min_value=7,
        max_value=60,
        initial=DAYS,
    )


class CommentForm(forms.Form):
    """What a municipality says."""

    municipality = forms.ModelChoiceField(label=gettext_lazy("Municipality"), queryset=Area.objects.none())
    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = own  # type: ignore[attr-defined]


class StudyForm(forms.Form):
    """Which published series is studied."""

    series = forms.ModelChoiceField(
        label=gettext_lazy("Indicator and period"), queryset=ReleasedSeries.objects.none()
    )

    def __init__(self, *args: Any, region: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ReleasedSeries.objects.filter(
            region=region, is_current=True, version__levels__contains=[Level.MUNICIPALITY]
        ).exclude(indicator__unit__in=(*ADDITIVE, Unit.RANK))
        field: Any = self.fields["series"]
        field.queryset = rows.select_related("version", "indicator").order_by("indicator__order", "-period")
        field.label_from_instance = _title


def _title(series: ReleasedSeries) -> str:
    return f"{series.version.name}, {series.period}"


def index(request: HttpRequest) -> HttpResponse:
    """The studies that are public."""
    region = region_of(request)
    rows = PocketStudy.objects.filter(region=region, state=PocketStudy.State.PUBLISHED)
    context = {
        "studies": [(one, _title(one.series)) for one in rows.select_related("series__version")],
        "region": region,
        "trail": _trail(),
    }
    return render(request, "indicators/pockets.html", context)


def study(request: HttpRequest, pk: int) -> HttpResponse:
    """One public study."""
    region = region_of(request)
    rows = PocketStudy.objects.filter(region=region, state=PocketStudy.State.PUBLISHED)
    found = get_object_or_404(
        rows.select_related("series__version__indicator", "series__release", "boundaries"), pk=pk
    )
    context = _shown(found) | {"trail": _trail((_title(found.series), ""))}
    return render(request, "indicators/pocket.html", context)


def _shown(found: PocketStudy) -> dict[str, Any]:
    areas = {area.code: area.name for area in Area.objects.municipalities().of(found.region)}
    indicator = found.series.version.indicator
    modelled = queries.modelled(one["passport"] for one in found.rows)
    drawn = pocket_map(found, areas, f"{_('Pockets')}: {_title(found.series)}", modelled)
    rows = [
        {
            "code": one["code"],
            "name": areas.get(one["code"], one["code"]),
            "value": wording.written(one["value"], indicator),
            "is_modelled": one["passport"] in modelled,
            "url": reverse("indicators:figure", args=[one["passport"]]),
            "neighbours": one["neighbours"],
            "moran": _told(one["moran"], one["moran_p"]),
            "star": _told(one["star"], one["star_p"]),
            "kind": KINDS[one["kind"]],
            "star_kind": KINDS[one["star_kind"]],
            "stays": "–" if one["stays"] is None else f"{wording.rounded(100 * one['stays'], 0)} %",
        }
        for one in found.rows
    ]
    return {
        "study": found,
        "heading": _title(found.series),
        "rows": rows,
        "choropleth": drawn,
        "svg": choropleth.map_svg(drawn, prefix="pockets") if drawn else "",
        "sentences": list(_sentences(found, areas)),
        "islands": [areas.get(one["code"], "") for one in found.rows if one["kind"] == "island"],
        "left_out": _names(areas, (code for code, why in found.left_out.items() if why != queries.PARTIAL)),
        "partial": _names(areas, (code for code, why in found.left_out.items() if why == queries.PARTIAL)),
        "is_synthetic": found.series.release.is_synthetic,
        "unit": wording.unit_note(indicator),
    }


def _names(areas: dict[str, str], codes: Iterable[str]) -> list[str]:
    return [areas.get(code, code) for code in codes]


def _told(statistic: float | None, p_value: float | None) -> str:
    """A statistic and its adjusted p-value; nothing of an island."""
    if statistic is None or p_value is None:
        return ""
    return f"({wording.rounded(statistic, 2)}, p = {wording.rounded(p_value, 2)})"


def _sentences(found: PocketStudy, names: dict[str, str]) -> list[str]:
    if not found.rows:
        return []
    said = []
    for kind, text in (
        ("high", _("High values stand together around: %(names)s.")),
        ("low", _("Low values stand together around: %(names)s.")),
    ):
        inside = [one["code"] for one in found.rows if kind in {one["kind"], one["star_kind"]}]
        if inside:
            said.append(text % {"names": ", ".join(names.get(code, code) for code in inside)})
    if not said:
        said.append(_("No pocket can be claimed: chance alone could have placed the values like this."))
    moran = found.result["moran"]
    alike = moran["p_value"] <= found.result["rate"] and moran["value"] > 0
    if alike:
        said.append(_("On the whole, neighbouring municipalities are more alike than chance allows."))
    else:
        said.append(_("On the whole, neighbouring municipalities are no more alike than chance allows."))
    return said


# --- the office ------------------------------------------------------------------------------------


def office_pockets(request: HttpRequest) -> HttpResponseBase:
    """The studies that this person may see; the Observatory's editors begin another."""
    region = region_of(request)
    may_begin = is_editor(request.user, region)
    form = StudyForm(request.POST or None, region=region) if may_begin else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            with transaction.atomic():
                made = pockets.begin(series=form.cleaned_data["series"], by=person_of(request))
                tasks.find_pockets.defer(study=made.pk)
            messages.success(request, _("The study is being computed."))
            return redirect("indicators:office-pockets")
    context = {
        "studies": [(one, _title(one.series)) for one in pockets.visible(request.user, region)],
        "form": form,
        "trail": _office_trail(),
    }
    return render(
        request, "indicators/office_pockets.html", context, status=422 if form and form.errors else 200
    )


def office_pocket(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One study with the next step, and what municipalities say of it."""
    region = region_of(request)
    found = get_object_or_404(pockets.visible(request.user, region), pk=pk)
    own = municipalities_of(request.user, region).order_by("name_el")
    form = CommentForm(request.POST or None, own=own)
    if request.method == "POST" and form.is_valid():
        try:
            pockets.comment(study=found, by=person_of(request), **form.cleaned_data)
        except NotNowError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The Observatory has your comment."))
        return redirect("indicators:office-pocket", pk=pk)
    staff = is_editor(request.user, region)
    comments = found.comments.select_related("municipality")
    context = _shown(found) | {
        "form": form if found.takes_comments else None,
        "show_form": ShowForm() if staff and found.state == PocketStudy.State.COMPUTED else None,
        "may_publish": staff and _is_over(found) and found.created_by_id != person_of(request).pk,
        "is_over": _is_over(found),
        "staff": staff,
        "comments": comments if staff else comments.filter(municipality__in=own),
        "trail": _office_trail(_title(found.series)),
    }
    return render(request, "indicators/office_pocket.html", context, status=422 if form.errors else 200)


def _is_over(found: PocketStudy) -> bool:
    return found.state == PocketStudy.State.SHOWN and not found.takes_comments


def office_pocket_step(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show to the municipalities, publish, give up."""
    found = get_object_or_404(PocketStudy, pk=pk, region=region_of(request))
    step = request.POST.get("step", "")
    try:
        if step == "show":
            form = ShowForm(request.POST)
            if not form.is_valid():
                raise NotNowError(_("Give the municipalities from 7 to 60 days."))
            until = timezone.now() + timedelta(days=form.cleaned_data["days"])
            pockets.show(study=found, until=until, by=person_of(request))
            messages.success(request, _("The municipalities see it now."))
        elif step == "publish":
            pockets.publish(study=found, by=person_of(request))
            messages.success(request, _("It is public."))
        elif step == "withdraw":
            pockets.withdraw(study=found)
            messages.success(request, _("It was given up."))
        else:
            raise Http404
    except NotNowError as error:
        messages.error(request, str(error))
    return redirect("indicators:office-pocket", pk=pk)


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    trail = [
        {"title": _("Home"), "url": "/"},
        {"title": _("Indicators"), "url": reverse("indicators:index")},
        {"title": _("Pockets"), "url": reverse("indicators:pockets")},
    ]
    return [*trail, *({"title": title, "url": url} for title, url in steps)]


def _office_trail(title: str = "") -> list[dict[str, str]]:
    trail = [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Pockets"), "url": reverse("indicators:office-pockets")},
    ]
    return [*trail, {"title": title, "url": ""}] if title else trail
