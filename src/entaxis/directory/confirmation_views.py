"""The page behind a mail's link: what the entry says, and three answers. Only its buttons act."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from entaxis.core.traces import leaves_no_trace
from entaxis.directory import confirming, rules
from entaxis.directory.models import ErrorReport, Structure


class AnswerForm(forms.Form):
    """What changed, in words, from somebody who need not sign in."""

    message = forms.CharField(
        label=_("What should it say?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Two words are enough. Please name no person."),
    )


@leaves_no_trace
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """All correct, something changed, closed: opening the page does nothing."""
    structure = confirming.asked_about(token)
    if structure is None or structure.region != request.region:  # type: ignore[attr-defined]
        return _page(request, status=410)
    answer = request.POST.get("answer", "")
    if answer == "correct":
        return _page(request, done="correct" if confirming.confirm_by_link(token=token) else "")
    if answer == "changed" and rules.may_propose(request.user, structure):
        return redirect("directory:office-structure", pk=structure.pk)
    if answer == "closed":
        topic, message = ErrorReport.Topic.CLOSED, request.POST.get("message", "")[:1000]
        confirming.report_by_link(token=token, topic=topic, message=message)
        return _page(request, done="closed")
    form = AnswerForm(request.POST if answer == "changed" else None)
    if answer == "changed" and form.is_valid():
        topic, message = ErrorReport.Topic.OTHER, form.cleaned_data["message"]
        confirming.report_by_link(token=token, topic=topic, message=message)
        return _page(request, done="changed")
    return _page(request, structure=structure, form=form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    *,
    structure: Structure | None = None,
    form: AnswerForm | None = None,
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"structure": structure, "form": form, "done": done}
    if structure is not None:
        context |= {
            "may_propose": rules.may_propose(request.user, structure),
            "contacts": structure.contacts.all(),
            "hours": structure.hours.all(),
            "exceptions": structure.hours_exceptions.all(),
            "offers": structure.offers.select_related("service"),
        }
    return render(request, "directory/confirm.html", context, status=status)
