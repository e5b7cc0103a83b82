"""Reports of phenomena on pages: municipal services write them, the Observatory validates and adds up."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.core import review
from entaxis.core.review import State, Step
from entaxis.core.text import PlainText
from entaxis.geography.models import Area
from entaxis.sources import identity, phenomena, rules
from entaxis.sources.models import PhenomenonReport
from entaxis.sources.phenomena import Count

A_PAGE: Final = 20


class ReportForm(PlainText, forms.ModelForm[PhenomenonReport]):
    """What a service reports of one phenomenon in one quarter."""

    phenomenon = forms.ChoiceField(label=gettext_lazy("Phenomenon"))
    period = forms.ChoiceField(label=gettext_lazy("Quarter"))
    households = forms.IntegerField(label=gettext_lazy("Households"), min_value=0, max_value=1_000_000)
    persons = forms.IntegerField(
        label=gettext_lazy("Persons"),
        min_value=0,
        max_value=5_000_000,
        required=False,
        help_text=gettext_lazy("Empty: only households were counted."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        """What the service writes; the numbers are stored apart."""

        model = PhenomenonReport
        fields = ["municipality", "phenomenon", "period", "basis", "observed"]
        help_texts = {
            "observed": gettext_lazy(
                "What is behind the numbers: places, causes, what is missing. No names, no AMKA or AFM."
            )
        }
        widgets = {"observed": forms.Textarea({"rows": 5})}

    field_order = ["municipality", "phenomenon", "period", "households", "persons", "basis", "observed"]

    def __init__(self, *args: Any, region: Area, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        self.initial["seen"] = 0 if self.instance._state.adding else self.instance.version
        own = Area.objects.municipalities().of(region).filter(pk__in=rules.reported_by(user, region))
        place: Any = self.fields["municipality"]
        place.queryset = own.order_by("name_el")
        if len(own) == 1:
            self.initial.setdefault("municipality", own[0].pk)
        self._choose("phenomenon", [(term.key, term.label) for term in phenomena.phenomena()])
        self._choose("period", [(each, quarter(each)) for each in phenomena.quarters(timezone.localdate())])

    def _choose(self, name: str, pairs: list[tuple[str, str]]) -> None:
        """Offer these, and what the report says already though it be retired or long ago."""
        kept = self.initial.get(name)
        known = {key for key, _label in pairs}
        more = [(kept, quarter(kept) if name == "period" else kept)] if kept and kept not in known else []
        field: Any = self.fields[name]
        field.choices = [("", "–"), *pairs, *more]

    def clean_observed(self) -> str:
        """No number of a person."""
        text: str = self.cleaned_data["observed"]
        if identity.betrays(text):
            raise forms.ValidationError(_("The text holds an AMKA or AFM. Leave numbers of persons out."))
        return text

    def clean(self) -> dict[str, Any]:
        """A household has a member at least; a thing is reported once."""
        said = super().clean()
        households, persons = said.get("households"), said.get("persons")
        if households is not None and persons is not None and persons < households:
            self.add_error("persons", _("Fewer persons than households."))
        what = {name: said.get(name) for name in ("municipality", "phenomenon", "period")}
        others = PhenomenonReport.objects.exclude(pk=self.instance.pk).exclude(state=State.WITHDRAWN)
        if all(what.values()) and others.filter(**what).exists():
            self.add_error(None, _("This phenomenon has been reported for this quarter already."))
        return said

    @property
    def count(self) -> Count:
        """The numbers that were given."""
        return Count(self.cleaned_data["households"], self.cleaned_data["persons"])


class StepForm(PlainText, forms.Form):
    """A step with a report, about the version that was seen."""

    step = forms.ChoiceField(label=gettext_lazy("What shall happen?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    WORDS: Final = {
        Step.SUBMIT: gettext_lazy("Send it to the Observatory"),
        Step.TAKE_BACK: gettext_lazy("Take it back to write on"),
        Step.ASK_BACK: gettext_lazy("Ask back, with a reason"),
        Step.PUBLISH: gettext_lazy("Validate: it counts from now on"),
        Step.WITHDRAW: gettext_lazy("Withdraw it, with a reason: it counts no more"),
        Step.REOPEN: gettext_lazy("Open it again as a draft"),
    }

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.choices = [(step.value, self.WORDS[step]) for step in steps]


STATES: Final = {
    State.DRAFT: gettext_lazy("draft"),
    State.SUBMITTED: gettext_lazy("waits for the Observatory"),
    State.ASKED_BACK: gettext_lazy("asked back"),
    State.PUBLISHED: gettext_lazy("validated"),
    State.WITHDRAWN: gettext_lazy("withdrawn"),
}
PASSED: Final = {Step.PUBLISH: gettext_lazy("validated"), Step.SUBMIT: gettext_lazy("sent")}


def quarter(period: str) -> str:
    """``2026-Q3`` as people say it."""
    year, _sign, number = period.partition("-Q")
    return _("quarter %(number)s of %(year)s") % {"number": number, "year": year}


@require(Role.BODY_MEMBER)
def listed(request: HttpRequest) -> HttpResponse:
    """The reports of the person's municipalities; for the Observatory all, with their sums."""
    user, region = _somebody(request)
    page = Paginator(phenomena.seen_by(user, region), A_PAGE).get_page(request.GET.get("page"))
    numbers = phenomena.counts(row.pk for row in page)
    labels = _labels()
    rows = [(row, _said(row, labels), STATES[State(row.state)], numbers[row.pk]) for row in page]
    context = {
        "page": page,
        "rows": rows,
        "may_report": bool(rules.reported_by(user, region)),
        "trail": _trail((_("Reports of phenomena"), "")),
    }
    if rules.may_validate(user, region):
        context |= _summary(request, region, labels)
    return render(request, "sources/phenomena.html", context)


def _summary(request: HttpRequest, region: Area, labels: dict[str, str]) -> dict[str, Any]:
    offered = phenomena.quarters(timezone.localdate())
    period = request.GET.get("period") or phenomena.latest(region) or offered[0]
    if period not in offered:
        raise Http404
    sums = [
        (labels.get(each.phenomenon, each.phenomenon), each) for each in phenomena.summary(region, period)
    ]
    return {
        "is_summed": True,
        "sums": sums,
        "quarters": [(each, quarter(each), each == period) for each in offered],
        "quarter": quarter(period),
    }


@require(Role.BODY_MEMBER)
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a report; it is a draft."""
    user, region = _somebody(request)
    if not rules.reported_by(user, region):
        raise Http404
    form = ReportForm(_posted(request), region=region, user=user)
    form.instance.is_synthetic = settings.MODE == "demo"
    if (row := _saved(form, user)) is not None:
        return _done(request, row)
    return _form_page(request, form, _("A new report"), (_("A new report"), ""))


@require(Role.BODY_MEMBER)
def edit(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Write on a report that is a draft or was asked back."""
    user, region = _somebody(request)
    row = _report(request, pk)
    if not (row.is_written_on and phenomena.may(row, user).write):
        raise Http404
    count = phenomena.counts([row.pk])[row.pk]
    initial = {"households": count.households, "persons": count.persons}
    form = ReportForm(_posted(request), instance=row, region=region, user=user, initial=initial)
    if (stored := _saved(form, user)) is not None:
        return _done(request, stored)
    return _form_page(request, form, _("Write on the report"), (_("Write"), ""))


@require(Role.BODY_MEMBER)
def report(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One report: its numbers, what was decided, what can be done with it."""
    row, (user, _region) = _report(request, pk), _somebody(request)
    form = StepForm(_posted(request), steps=phenomena.steps(row, user), initial={"seen": row.version})
    if form.is_valid():
        said = form.cleaned_data
        try:
            phenomena.take(
                report=row, step=Step(said["step"]), by=user, version=said["seen"], reason=said["reason"]
            )
        except review.ReasonMissingError as error:
            form.add_error("reason", str(error))
        except review.ReviewError as error:
            form.add_error(None, str(error))
            row = _report(request, pk)
            _shown_now(form, row)
        else:
            messages.success(request, _("Done."))
            return redirect("sources:office-phenomenon", pk=pk)
    passings = row.passings.select_related("by")
    context = {
        "row": row,
        "what": _said(row, _labels()),
        "state": STATES[State(row.state)],
        "count": phenomena.counts([row.pk])[row.pk],
        "passings": [(PASSED.get(Step(each.step), each.get_step_display()), each) for each in passings],
        "steps": phenomena.steps(row, user),
        "may_write": row.is_written_on and phenomena.may(row, user).write,
        "form": form,
        "trail": _trail(
            (_("Reports of phenomena"), reverse("sources:office-phenomena")), (_said(row, _labels()), "")
        ),
    }
    return render(request, "sources/phenomenon.html", context, status=422 if form.errors else 200)


def _saved(form: ReportForm, user: User) -> PhenomenonReport | None:
    if not form.is_valid():
        return None
    try:
        return phenomena.save(
            report=form.save(commit=False), count=form.count, seen=form.cleaned_data["seen"] or 0, by=user
        )
    except review.ReviewError as error:
        form.add_error(None, str(error))
        if not form.instance._state.adding:
            _shown_now(form, PhenomenonReport.objects.get(pk=form.instance.pk))
        return None


def _shown_now(form: forms.BaseForm, row: PhenomenonReport) -> None:
    """The next try is about what this page now shows."""
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["seen"] = row.version  # type: ignore[index]


def _done(request: HttpRequest, row: PhenomenonReport) -> HttpResponseBase:
    messages.success(request, _("Stored."))
    return redirect("sources:office-phenomenon", pk=row.pk)


def _form_page(request: HttpRequest, form: ReportForm, title: str, *steps: tuple[str, str]) -> HttpResponse:
    way = _trail((_("Reports of phenomena"), reverse("sources:office-phenomena")), *steps)
    context = {"form": form, "title": title, "trail": way}
    return render(request, "sources/form.html", context, status=422 if form.errors else 200)


def _report(request: HttpRequest, pk: UUID) -> PhenomenonReport:
    return get_object_or_404(phenomena.seen_by(*_somebody(request)), pk=pk)


def _somebody(request: HttpRequest) -> tuple[User, Area]:
    return person_of(request), region_of(request)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _labels() -> dict[str, str]:
    return {term.key: term.label for term in phenomena.phenomena()}


def _said(row: PhenomenonReport, labels: dict[str, str]) -> str:
    return f"{labels.get(row.phenomenon, row.phenomenon)}, {quarter(row.period)}"


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    first = [(_("Home"), "/"), (_("My work"), reverse("accounts:desk"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]
