"""The Observatory's own pages of releases: compute, check, approve, recompute."""

from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

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
from entaxis.geography.models import Area, Level
from entaxis.indicators import (
    actions,
    checking,
    periods,
    previewing,
    proposing,
    queries,
    recomputing,
    releases,
    rules,
    tasks,
    withdrawing,
)
from entaxis.indicators.checking import Contradiction, Finding
from entaxis.indicators.models import IndicatorVersion, Release
from entaxis.indicators.office_figures import CONTRARY, FOUND, named, opposed, place
from entaxis.sources.models import SourceEdition


class ProposeForm(forms.Form):
    """A release from the file of a source; a note where, and only where, it replaces public figures."""

    note = forms.CharField(
        label=gettext_lazy("What it corrects and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    note_en = forms.CharField(
        label=gettext_lazy("The same in English"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            self.fields.clear()


class WithdrawForm(forms.Form):
    """Why published figures are taken back, for everybody to read."""

    note_el = forms.CharField(
        label=gettext_lazy("Why they are taken back"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Everybody reads it beside the figures. Name no person."),
    )
    note_en = forms.CharField(
        label=gettext_lazy("The same in English"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ApproveForm(forms.Form):
    """When it is published; at once without an hour."""

    publish_at = forms.DateTimeField(
        label=gettext_lazy("To be published at (empty: at once)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("This is no date and hour.")},
    )

    def clean_publish_at(self) -> datetime | None:
        """An hour to come; this minute still is one."""
        hour: datetime | None = self.cleaned_data["publish_at"]
        if hour and hour < timezone.now().replace(second=0, microsecond=0):
            raise forms.ValidationError(
                _("This hour has passed. Give one that is still to come, or none to publish at once.")
            )
        return hour


def office_releases(request: HttpRequest) -> HttpResponse:
    """All releases of the region."""
    region = region_of(request)
    context = {
        "releases": Release.objects.filter(region=region).select_related("edition", "created_by"),
        "files": releases.files_in_force(region),
        "trail": _trail(),
    }
    return render(request, "indicators/office_releases.html", context)


def office_release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release with the report of its checks and the next step."""
    return _page(request, _release(request, pk), ApproveForm())


def _page(request: HttpRequest, release: Release, form: ApproveForm, *, status: int = 200) -> HttpResponse:
    context = {
        "release": release,
        "corrected": _corrected(release),
        "is_open": previewing.is_open(release),
        "found": _found(release),
        "absent": _absent(release.checks),
        "absent_count": release.checks.get("absent_count", 0)
        + len(release.checks.get("absent_levels", [])),
        "leap": checking.LEAP,
        "whole_tables": _tables(release.checks.get("disclosure", {}).get("whole_tables", []), release),
        "left_out": release.left_out.select_related("version", "decided_by").order_by("period", "pk"),
        "form": form,
        "may_withdraw": not release.is_withdrawal and bool(withdrawing.in_force(release)),
        "withdrawal": withdrawing.waiting(release),
        "may_approve": rules.may_approve(request.user, release),
        "trail": _trail(release.title),
    }
    return render(request, "indicators/office_release.html", context, status=status)


def office_propose(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Count a source's file in force into a new candidate, in the background."""
    rows = SourceEdition.objects.select_related("source__region")
    edition = get_object_or_404(
        rows, pk=pk, source__region=region_of(request), state=SourceEdition.State.CURRENT
    )
    corrected = proposing.corrected(edition)
    form = ProposeForm(request.POST if request.method == "POST" else None, is_correction=bool(corrected))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                release = proposing.begin(edition=edition, by=person_of(request), **form.cleaned_data)
                tasks.count_release.defer(release=release.pk)
        except actions.NotNowError as error:
            messages.error(request, str(error))
            return redirect("indicators:office-propose", pk=pk)
        messages.success(request, _("The figures are being counted."))
        return redirect("indicators:office-release", pk=release.pk)
    context = {
        "edition": edition,
        "versions": proposing.given_by(edition).values(),
        "corrected": corrected,
        "form": form,
        "trail": _trail(edition.source.name),
    }
    return render(request, "indicators/office_propose.html", context, status=422 if form.errors else 200)


def office_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin to take back what of a published release is in force; a second person approves it."""
    release = _release(request, pk)
    held = withdrawing.in_force(release)
    if not held or release.is_withdrawal:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = withdrawing.begin(release=release, **form.cleaned_data, by=person_of(request))
        except actions.NotNowError as error:
            messages.error(request, str(error))
            return redirect("indicators:office-release", pk=release.pk)
        messages.success(request, _("It waits for somebody else to approve it."))
        return redirect("indicators:office-release", pk=made.pk)
    context = {
        "release": release,
        "series": held,
        "runs": withdrawing.made_of(release),
        "form": form,
        "trail": [
            *_trail(),
            {"title": release.title, "url": reverse("indicators:office-release", args=[pk])},
            {"title": _("Take figures back"), "url": ""},
        ],
    }
    return render(request, "indicators/office_withdraw.html", context, status=422 if form.errors else 200)


def office_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a release is, for scripts."""
    return render(request, "indicators/_progress.html", {"release": _release(request, pk)})


def office_step(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Check again, leave an unprotected table out, approve, send back."""
    release = _release(request, pk)
    step = request.POST.get("step", "")
    try:
        if step == "check":
            _check_again(release)
            messages.success(request, _("It is being checked again."))
        elif step == "leave_out":
            _leave_out(request, release)
            messages.success(request, _("The table is left out; the rest is being checked again."))
        elif step == "send_back":
            actions.send_back(release=release)
            messages.success(request, _("It waits for its checks again."))
        elif step == "approve":
            form = ApproveForm(request.POST)
            if not form.is_valid():
                return _page(request, release, form, status=422)
            actions.approve(
                release=release, publish_at=form.cleaned_data["publish_at"], by=person_of(request)
            )
            messages.success(request, _("Approved."))
        else:
            raise Http404
    except actions.NotNowError as error:
        messages.error(request, str(error))
    return redirect("indicators:office-release", pk=release.pk)


def _leave_out(request: HttpRequest, release: Release) -> None:
    version, _slash, period = request.POST.get("table", "").partition("/")
    if not version.isdecimal():
        raise Http404
    table = get_object_or_404(IndicatorVersion, pk=version)
    with transaction.atomic():
        actions.leave_out(release=release, version=table, period=period, by=person_of(request))
        _defer_check(release)


def _check_again(release: Release) -> None:
    if release.state not in (Release.State.CANDIDATE, Release.State.CHECKED):
        raise actions.NotNowError(_("Only a computed release that nobody approved yet can be checked."))
    with transaction.atomic():
        Release.objects.filter(pk=release.pk).update(state=Release.State.CANDIDATE, done=0, total=0)
        _defer_check(release)


def _defer_check(release: Release) -> None:
    """A file is counted again, beside what has become public since."""
    task = tasks.count_release if release.source_edition_id else tasks.check_release
    task.defer(release=release.pk)


def recompute(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Set going that a published figure is computed again (POST), or how far that is (GET, for scripts)."""
    found = queries.passport(public_id)
    if found is None or found.observation.series.region_id != region_of(request).pk:
        raise Http404
    if request.method != "POST":
        latest = queries.recomputation(found.observation)
        return render(
            request,
            "indicators/_recomputation.html",
            {"again": latest, "passport": found, "may_recompute": True},
        )
    try:
        with transaction.atomic():
            asked, is_new = recomputing.ask(observation=found.observation, by=person_of(request))
            if is_new:
                tasks.recompute_figure.defer(recomputation=asked.pk)
    except actions.NotNowError as error:
        messages.error(request, str(error))
    return redirect(reverse("indicators:figure", args=[public_id]) + "#recomputation")


def _release(request: HttpRequest, pk: int) -> Release:
    rows = Release.objects.select_related("edition", "created_by", "approved_by", "supersedes", "region")
    return get_object_or_404(rows, pk=pk, region=region_of(request))


def _corrected(release: Release) -> list[releases.Corrected]:
    """The releases of which this one replaces something, as its checks found; of early ones as was said."""
    if "corrects" not in release.checks:
        return [releases.Corrected(release.supersedes, ())] if release.supersedes else []
    told = release.checks["corrects"]
    found = Release.objects.in_bulk([pk for pk, _periods in told])
    return [releases.Corrected(found[pk], tuple(periods)) for pk, periods in told]


def _found(release: Release) -> dict[str, dict[str, Any]]:
    """What the checks found, by what it is: the first places in words and how many there are.

    With the numbers while they wait to be read; of what is public the places, as they were found.
    """
    checks = release.checks
    count = {name: checks.get(f"{name}_count", 0) for name in (*FOUND, CONTRARY)}
    if previewing.is_open(release) and any(count.values()):
        found, contrary = previewing.findings(release)
        count = {name: len(places) for name, places in found.items()} | {CONTRARY: len(contrary)}
    else:
        found = {name: [Finding(*one) for one in checks.get(name, [])] for name in FOUND}
        contrary = [Contradiction(*one) for one in checks.get(CONTRARY, [])]
    first = {name: places[: checking.SHOWN] for name, places in found.items()}
    told = iter(named([one for places in first.values() for one in places]))
    listed = {name: list(islice(told, len(places))) for name, places in first.items()}
    listed[CONTRARY] = opposed(contrary[: checking.SHOWN])
    return {name: {"places": places, "count": count[name]} for name, places in listed.items()}


def _absent(checks: dict[str, Any]) -> list[str]:
    """Areas and whole levels that a release tells nothing of, each as a sentence; two queries."""
    areas, levels = checks.get("absent", []), checks.get("absent_levels", [])
    versions = IndicatorVersion.objects.in_bulk({one[0] for one in (*areas, *levels)})
    names = Area.objects.in_bulk({one[1] for one in areas})
    told = [(version, str(Level(level).label), keys) for version, level, keys in levels]
    told += [(version, place(names[area]), keys) for version, area, keys in areas]
    return [
        _("%(indicator)s: nothing of “%(where)s” for %(periods)s.")
        % {"indicator": versions[version].name, "where": where, "periods": periods.names(keys)}
        for version, where, keys in told
    ]


def _tables(listed: list[list[Any]], release: Release) -> list[dict[str, str]]:
    """Tables that wait for a decision, in words; two queries."""
    versions = IndicatorVersion.objects.in_bulk({table[0] for table in listed})
    decided = set(release.left_out.values_list("version_id", "period"))
    return [
        {"title": f"{versions[version].name}, {periods.name(period)}", "key": f"{version}/{period}"}
        for version, period in listed
        if (version, period) not in decided
    ]


def _trail(title: str = "") -> list[dict[str, str]]:
    trail = [
        {"title": _("My work"), "url": reverse("accounts:desk")},
        {"title": _("Releases of figures"), "url": reverse("indicators:office-releases")},
    ]
    return [*trail, {"title": title, "url": ""}] if title else trail
