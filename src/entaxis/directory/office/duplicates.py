"""Entries that look like one structure: the queue, and two of them side by side until a person decides."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role, is_region_administrator
from entaxis.core.traces import leaves_no_trace
from entaxis.directory import queries
from entaxis.directory.choices import Status
from entaxis.directory.duplicates import finding, merging
from entaxis.directory.duplicates.comparing import Part, Side
from entaxis.directory.duplicates.merging import MergingError, Two
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import Merge, Resemblance, Structure
from entaxis.directory.office.doors import of_region
from entaxis.directory.office.views import A_PAGE, office_address, trail

State = Resemblance.State
ADDRESS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class QueueForm(forms.Form):
    """Which questions are listed."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=State, initial=State.OPEN.value
    )


class JoinForm(forms.Form):
    """Which address stays, and whose version of every part that differs."""

    survivor = forms.ChoiceField(
        label=gettext_lazy("Whose address stays?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The other address leads there from now on."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, two: Two, parts: list[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [part for part in parts if part.differs]
        names = {Side.FIRST: two.first.name, Side.SECOND: two.second.name}
        sides = two.may_stay()
        survivor: Any = self.fields["survivor"]
        survivor.choices = [(side.value, f"{NUMBERS[side]}: {names[side]}") for side in sides]
        self.initial = {"survivor": _older(two, sides).value, "seen": two.stamp}
        for part in self.parts:
            self.fields[part.key] = forms.ChoiceField(
                label=part.label,
                widget=forms.RadioSelect,
                choices=[(side.value, _shown(part, side)) for side in part.sides],
                initial=(part.fuller or _older(two, sides)).value,
            )

    def chosen(self) -> Mapping[str, str]:
        """The side of each part."""
        return {part.key: self.cleaned_data[part.key] for part in self.parts}

    def choices_of_parts(self) -> list[forms.BoundField]:
        """The questions, one a part."""
        return [self[part.key] for part in self.parts]


NUMBERS: dict[Side, Any] = {
    Side.FIRST: gettext_lazy("1st"),
    Side.SECOND: gettext_lazy("2nd"),
    Side.BOTH: gettext_lazy("Both"),
}


def _shown(part: Part, side: Side) -> str:
    if side is Side.BOTH:
        return _("Both together")
    said = part.first if side is Side.FIRST else part.second
    return f"{NUMBERS[side]}: {said.replace(chr(10), ' · ') or _('nothing')}"


def _older(two: Two, sides: list[Side]) -> Side:
    """The address that may stay and has stood longest: people have it in their bookmarks."""
    made = {Side.FIRST: two.first.created_at, Side.SECOND: two.second.created_at}
    return min(sides, key=made.__getitem__)


@require(Role.EDITOR)
def queue(request: HttpRequest) -> HttpResponseBase:
    """The pairs that wait for a decision, the likeliest first; or those that were decided."""
    form = QueueForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    rows = _visible(request).filter(state=state or State.OPEN)
    found = Paginator(rows.order_by(Coalesce("decided_at", "found_at").desc(), "-likeness_share"), A_PAGE)
    if (state or State.OPEN) == State.OPEN:
        found = Paginator(rows.order_by("-likeness_share", "pk"), A_PAGE)
    context = {
        "form": form,
        "page": found.get_page(request.GET.get("page")),
        "is_open": (state or State.OPEN) == State.OPEN,
        "trail": trail((_("Possible duplicates"), "")),
    }
    return render(request, "directory/office/duplicates.html", context)


class OtherForm(forms.Form):
    """Another entry, by words of its name or by the address of its page."""

    q = forms.CharField(
        label=gettext_lazy("the other entry"),
        max_length=300,
        help_text=gettext_lazy("Words of its name, or the address of its page."),
    )


@leaves_no_trace
@require(Role.EDITOR)
def compare(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Another entry that may be the same structure, though nothing told of it: found, then side by side."""
    entry = of_region(request, pk)
    knows_all = is_region_administrator(request.user, entry.region)
    if entry.changes_id or entry.status == Status.MERGED or (entry.is_confidential and not knows_all):
        raise Http404
    others = queries.structures_of(entry.region, {}).exclude(pk=pk)
    if not knows_all:
        others = others.filter(is_confidential=False)
    if request.method == "POST":
        other = get_object_or_404(others, pk=_address_in(request.POST.get("other", "")))
        return redirect("directory:office-duplicate", pk=finding.ask(one=entry, other=other).pk)
    form = OtherForm(request.GET or None)
    found: list[Structure] = []
    if form.is_valid():
        address = _address_in(form.cleaned_data["q"])
        rows = queries.structures_of(entry.region, {"q": form.cleaned_data["q"]}).filter(pk__in=others)
        found = list((others.filter(pk=address) if address else rows)[: A_PAGE + 1])
    context = {
        "structure": entry,
        "form": form,
        "found": found[:A_PAGE],
        "are_more": len(found) > A_PAGE,
        "trail": trail((entry.name, office_address(entry)), (_("Compare with another entry"), "")),
    }
    return render(request, "directory/office/compare.html", context)


def _address_in(text: str) -> UUID | None:
    """The number of an entry in the address of one of its pages."""
    found = ADDRESS.search(text.lower())
    return UUID(found.group()) if found else None


@leaves_no_trace
@require(Role.EDITOR)
def pair(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Two entries side by side; a person says that they are two, joins them, or takes them apart."""
    found = get_object_or_404(_visible(request), pk=pk)
    wanted = request.POST.get("step", "")
    if wanted == "different":
        return _acted(request, found, _keep_apart)
    if wanted == "apart":
        return _acted(request, found, _take_apart)
    if wanted not in {"", "join"}:
        raise Http404
    two = Two(found.first, found.second)
    parts = two.parts()
    form = JoinForm(request.POST or None, two=two, parts=parts)
    if request.method == "POST" and form.is_valid():
        try:
            return _join(request, found, form)
        except MergingError as error:
            form.add_error(None, str(error))
            form.data = {**form.data.dict(), "seen": two.stamp}  # type: ignore[attr-defined]
            found.refresh_from_db()
    return _page(request, found, parts, form)


def _visible(request: HttpRequest) -> QuerySet[Resemblance]:
    region = region_of(request)
    return merging.visible(
        region, to_administrator=is_region_administrator(request.user, region)
    ).select_related("decided_by")


def _keep_apart(request: HttpRequest, found: Resemblance) -> str:
    merging.keep_apart(pair=found, by=person_of(request))
    return _("Kept: they are two. Nobody is asked again.")


def _take_apart(request: HttpRequest, found: Resemblance) -> str:
    made = _made(found)
    if made is None:
        raise MergingError(_("They have been taken apart already."))
    merging.take_apart(made=made, by=person_of(request))
    return _("Taken apart: both entries are as they were.")


def _acted(request: HttpRequest, found: Resemblance, act: Any) -> HttpResponse:
    try:
        messages.success(request, act(request, found))
    except MergingError as error:
        messages.error(request, str(error))
        return redirect("directory:office-duplicate", pk=found.pk)
    return redirect("directory:office-duplicates")


def _join(request: HttpRequest, found: Resemblance, form: JoinForm) -> HttpResponse:
    data = form.cleaned_data
    entry = merging.merge(
        pair=found,
        survivor=Side(data["survivor"]),
        chosen=form.chosen(),
        seen=data["seen"],
        by=person_of(request),
    )
    messages.success(request, _("Joined. The old address leads to this entry."))
    return redirect("directory:office-structure", pk=entry.pk)


def _made(found: Resemblance) -> Merge | None:
    """The joining of this pair that stands."""
    both = [found.first_id, found.second_id]
    rows = Merge.objects.filter(survivor__in=both, gone__in=both, undone_at=None)
    return rows.select_related("survivor", "gone", "merged_by").first()


def _page(request: HttpRequest, found: Resemblance, parts: list[Part], form: JoinForm) -> HttpResponse:
    context = {
        "pair": found,
        "entries": [(NUMBERS[Side.FIRST], found.first), (NUMBERS[Side.SECOND], found.second)],
        "parts": parts,
        "form": form,
        "made": _made(found),
        "trail": trail(
            (_("Possible duplicates"), reverse("directory:office-duplicates")), (_("Side by side"), "")
        ),
    }
    return render(request, "directory/office/duplicate.html", context, status=422 if form.errors else 200)
