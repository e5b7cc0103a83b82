"""Those who call: the list of calls that are owed, and one call."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.core.traces import leaves_no_trace
from entaxis.directory.callbacks import actions, queries
from entaxis.directory.callbacks.forms import CallForm
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import Callback

A_PAGE = 30


def index(request: HttpRequest) -> HttpResponseBase:
    """The calls that this person may make; no number stands here."""
    _callers_only(request)
    rows = queries.callbacks_for(person_of(request), region_of(request))
    owed = rows.filter(state=Callback.State.OPEN).order_by("created_at", "pk")
    ended = rows.exclude(state=Callback.State.OPEN).order_by("-ended_at", "pk")
    context = {
        "page": Paginator(owed, A_PAGE).get_page(request.GET.get("page")),
        "ended": ended[:A_PAGE],
        "trail": _trail(),
    }
    return render(request, "directory/callbacks/calls.html", context)


@leaves_no_trace
def call(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One call: the number, what to mind, what became of it."""
    _callers_only(request)
    person, region = person_of(request), region_of(request)
    row: Callback = get_object_or_404(queries.callbacks_for(person, region), pk=pk)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _note(request, row, form.cleaned_data["outcome"])
        return redirect("directory:office-callbacks")
    context = {
        "callback": row,
        "number": actions.read(callback=row) if row.is_open else None,
        "form": form,
        "trail": _trail((str(_("A call")), "")),
    }
    response = render(request, "directory/callbacks/call.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store, private"
    return response


def _note(request: HttpRequest, row: Callback, outcome: str) -> None:
    person = person_of(request)
    try:
        if outcome == "attempt":
            actions.note_attempt(callback=row, by=person)
            messages.success(request, _("Noted. The call stays on the list."))
        else:
            actions.end(callback=row, state=Callback.State(outcome), by=person)
            messages.success(request, _("Noted. The number is forgotten."))
    except actions.EndedError:
        messages.warning(
            request, _("The call had ended meanwhile: somebody else made it, or it was taken back.")
        )


def _callers_only(request: HttpRequest) -> None:
    if not queries.calls(request.user, region_of(request)):
        raise Http404


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    first = [(_("Home"), "/"), (_("My work"), reverse("accounts:desk"))]
    all_steps = [*first, (_("Calls to make"), reverse("directory:office-callbacks")), *steps]
    return [{"title": title, "url": url} for title, url in all_steps]
