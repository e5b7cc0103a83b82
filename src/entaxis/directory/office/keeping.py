"""Those who keep entries and those who review them: one's own list, working copies, decisions."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role, is_region_administrator
from entaxis.core import review
from entaxis.core.review import Step
from entaxis.directory import actions, claiming, grants, proposals, queries, rules
from entaxis.directory.duplicates import merging
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import Proposal, Structure
from entaxis.directory.office.doors import keepers, of_region
from entaxis.directory.office.views import A_PAGE, office_address, trail


@require(Role.SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponseBase:
    """The entries that this person keeps, those that need work first."""
    user, region = person_of(request), region_of(request)
    found = Paginator(queries.kept_by(user, region), A_PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "may_register": rules.may_register(user, region),
        "claims": claiming.of_region(region).filter(user=user).order_by("-created_at")[:20],
        "trail": [{"title": _("Home"), "url": "/"}, {"title": _("The entries I keep"), "url": ""}],
    }
    return render(request, "directory/office/mine.html", context)


@keepers
def propose(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Begin changes to an entry that readers see, or go on with those that are open."""
    entry = of_region(request, pk)
    if not rules.may_propose(request.user, entry):
        raise Http404
    proposal = proposals.begin(structure=entry, by=person_of(request))
    return redirect("directory:office-structure", pk=proposal.row.pk)


@keepers
def step(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send it, take it back, throw it away."""
    row = of_region(request, pk)
    proposal = rules.proposal_of(row)
    if proposal is None:
        raise Http404
    user, seen, wanted = person_of(request), request.POST.get("seen", ""), request.POST.get("step")
    try:
        if wanted == Step.SUBMIT:
            proposals.submit(proposal=proposal, by=user, seen=seen)
            messages.success(request, _("Sent. The Observatory will look at it and answer."))
        elif wanted == Step.TAKE_BACK:
            proposals.take_back(proposal=proposal, by=user, seen=seen)
            messages.success(request, _("You can write on it again."))
        elif wanted == "discard":
            proposals.discard(proposal=proposal, by=user)
            messages.success(request, _("Thrown away; readers see what they saw."))
            return redirect("directory:office-mine")
        else:
            raise Http404
    except (review.ReviewError, actions.NotReadyError) as error:
        messages.error(request, " ".join(getattr(error, "lacking", [])) or str(error))
    return redirect("directory:office-structure", pk=pk)


@require(Role.EDITOR)
def waiting(request: HttpRequest) -> HttpResponseBase:
    """What others wrote and the editors have not decided yet, the longest waiting first."""
    found = Paginator(queries.proposals_of(region_of(request)), A_PAGE)
    context = {"page": found.get_page(request.GET.get("page")), "trail": trail((_("For review"), ""))}
    return render(request, "directory/office/proposals.html", context)


class KeeperForm(forms.Form):
    """Somebody with an account who shall keep one entry."""

    email = forms.EmailField(
        label=gettext_lazy("e-mail of the account"),
        help_text=gettext_lazy("Who has no account yet is invited to the body first, or asks for access."),
    )

    def clean_email(self) -> User:
        """The person of this address."""
        found = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        return found


@require(Role.EDITOR)
def keepers_page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Who keeps one entry; give and end rights on it alone."""
    entry = of_region(request, pk)
    if entry.changes_id:
        raise Http404
    rights = entry.grants.in_force().select_related("user", "given_by").order_by("since", "pk")
    ended = request.POST.get("end", "")
    if ended:
        grants.end(
            grant=get_object_or_404(rights, pk=ended if ended.isdecimal() else 0), by=person_of(request)
        )
        messages.success(request, _("The right has ended."))
        return redirect("directory:office-keepers", pk=pk)
    form = KeeperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        grants.give(user=form.cleaned_data["email"], structure=entry, by=person_of(request))
        messages.success(request, _("This person keeps the entry from today on."))
        return redirect("directory:office-keepers", pk=pk)
    context = {
        "structure": entry,
        "form": form,
        "rights": rights,
        "keepers": rules.keepers_of(entry),
        "trail": trail((entry.name, office_address(entry)), (_("Who keeps this entry"), "")),
    }
    return render(request, "directory/office/keepers.html", context, status=422 if form.errors else 200)


class DecisionForm(forms.Form):
    """What an editor decides, about which version."""

    step = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (Step.PUBLISH.value, gettext_lazy("Publish: all of it is right today")),
            (Step.ASK_BACK.value, gettext_lazy("Ask back, with a reason")),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Whoever wrote it reads this: say what to change, and how."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)


@require(Role.EDITOR)
def decide(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What would change, and the decision. ``pk`` is the entry's."""
    entry = of_region(request, pk)
    proposal = rules.proposal_of(entry)
    if proposal is None:
        messages.info(request, _("Nothing waits for review here: it was decided, or taken back."))
        return redirect("directory:office-structure", pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, proposal, form.cleaned_data)
        except actions.NotReadyError as error:
            for sentence in error.lacking:
                form.add_error(None, sentence)
        except review.ReasonMissingError as error:
            form.add_error("reason", str(error))
        except review.ReviewError as error:
            form.add_error(None, str(error))
            return _decision_page(request, rules.proposal_of(of_region(request, pk)), entry, form)
    return _decision_page(request, proposal, entry, form)


def _decide(request: HttpRequest, proposal: Proposal, said: dict[str, Any]) -> HttpResponse:
    user = person_of(request)
    if said["step"] == Step.PUBLISH:
        row = proposals.publish(proposal=proposal, by=user, seen=said["seen"])
        messages.success(request, _("Published."))
        return redirect("directory:office-structure", pk=row.pk)
    proposals.ask_back(proposal=proposal, by=user, seen=said["seen"], reason=said["reason"])
    messages.success(request, _("Asked back; whoever wrote it is told."))
    return redirect("directory:office-proposals")


def _decision_page(
    request: HttpRequest, proposal: Proposal | None, entry: Structure, form: DecisionForm
) -> HttpResponse:
    if proposal is not None:  # the page shows what stands now, so a decision is on that
        if form.is_bound:
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["seen"] = proposals.stamp(proposal)  # type: ignore[index]
        form.initial["seen"] = proposals.stamp(proposal)
    context = {
        "structure": entry,
        "proposal": proposal,
        "form": form,
        "is_waiting": proposal is not None and proposal.state == review.State.SUBMITTED,
        "lines": proposals.lines(proposal) if proposal else [],
        "lacking": actions.lacking(proposal.row) if proposal else [],
        "alike": merging.waiting_for(
            entry, to_administrator=is_region_administrator(request.user, entry.region)
        ),
        "passings": proposal.passings.select_related("by") if proposal else [],
        "row_url": reverse("directory:office-structure", kwargs={"pk": proposal.row.pk})
        if proposal
        else "",
        "trail": trail(
            (_("For review"), reverse("directory:office-proposals")),
            (entry.name, office_address(entry)),
            (_("Review"), ""),
        ),
    }
    return render(request, "directory/office/review.html", context, status=422 if form.errors else 200)
