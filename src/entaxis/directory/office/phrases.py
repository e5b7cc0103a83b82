"""The list of phrases in the back office: look up, propose, put into force, change, try, take back."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role, is_region_administrator
from entaxis.core.traces import leaves_no_trace
from entaxis.directory import phrases
from entaxis.directory.http import person_of, region_of
from entaxis.directory.office import snapshots
from entaxis.directory.office.views import A_PAGE, trail
from entaxis.directory.search import words
from entaxis.directory.search.asking import LONGEST_TEXT
from entaxis.directory.search.store import Words
from entaxis.directory.search.tokens import tokens
from entaxis.directory.search.understanding import understand
from entaxis.vocabularies.models import Synonym, Term, Vocabulary

ANY: Final = ("", gettext_lazy("Any"))
STATES: Final = [
    ("proposed", gettext_lazy("Proposed, waiting")),
    ("unchecked", gettext_lazy("Not checked by a speaker")),
    ("office", gettext_lazy("Added in the office")),
    ("removed", gettext_lazy("Taken out")),
]
SURE: Final = [Synonym.Status.DRAFT, Synonym.Status.CHECKED]


def _term_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Every term in force, by list."""
    rows = Term.objects.filter(
        vocabulary__name__in=Vocabulary.SEARCHED, vocabulary__is_current=True, is_retired=False
    ).select_related("vocabulary")
    groups: dict[str, list[tuple[int, str]]] = {name: [] for name in Vocabulary.SEARCHED}
    for term in rows:
        groups[term.vocabulary.name].append((term.pk, term.label))
    return [(str(Vocabulary.Name(name).label), found) for name, found in groups.items()]


class ListForm(forms.Form):
    """What the list is narrowed to; a value that means nothing narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Word or phrase"), required=False, max_length=100)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[ANY, *settings.LANGUAGES]
    )
    term = forms.TypedChoiceField(label=gettext_lazy("Leads to"), required=False, coerce=int)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ANY, *STATES])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].choices = [ANY, *_term_choices()]  # type: ignore[attr-defined]


class PhraseForm(forms.Form):
    """One phrase, where it leads, how surely, and who stands behind it."""

    phrase = forms.CharField(
        label=gettext_lazy("word or phrase"),
        max_length=160,
        help_text=gettext_lazy(
            "As people say it. Accents, endings, Greeklish and a typing error are forgiven anyway."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("language"), choices=settings.LANGUAGES)
    term = forms.TypedChoiceField(label=gettext_lazy("leads to"), coerce=int)
    weight = forms.DecimalField(
        label=gettext_lazy("weight (0–1)"),
        min_value=0.05,
        max_value=1,
        max_digits=3,
        decimal_places=2,
        initial=1,
        localize=True,
        help_text=gettext_lazy("1: it surely means this. Less: it may also mean something else."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("status"),
        choices=[(each.value, each.label) for each in SURE],
        initial=Synonym.Status.DRAFT,
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, may_decide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].choices = _term_choices()  # type: ignore[attr-defined]
        self.fields["phrase"].widget.attrs["dir"] = "auto"
        if not may_decide:
            del self.fields["status"]

    def clean_phrase(self) -> str:
        """A phrase has a word that searching can hear."""
        text = " ".join(str(self.cleaned_data["phrase"]).split())
        if not tokens(text):
            raise forms.ValidationError(_("There is no word in it."))
        return text

    def wording(self) -> phrases.Wording:
        """What was written; without the right to decide it is a proposal."""
        data = self.cleaned_data
        return phrases.Wording(
            term=Term.objects.get(pk=data["term"]),
            language=data["language"],
            phrase=data["phrase"],
            weight=data["weight"],
            status=data.get("status", Synonym.Status.PROPOSED),
        )


class TryForm(forms.Form):
    """A sentence as somebody might type it."""

    q = forms.CharField(label=gettext_lazy("What somebody types"), max_length=LONGEST_TEXT)


@require(Role.EDITOR)
def index(request: HttpRequest) -> HttpResponseBase:
    """The phrases of every language, narrowed."""
    form = ListForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "page": Paginator(phrases.phrases(wanted), A_PAGE).get_page(request.GET.get("page")),
        "waiting": phrases.phrases({"state": "proposed"}).count(),
        "may_decide": _may_decide(request),
        "here": request.get_full_path(),
        "trail": _trail(),
    }
    return render(request, "directory/office/phrases.html", context)


@require(Role.EDITOR)
def new(request: HttpRequest) -> HttpResponseBase:
    """Add a phrase, or propose one."""
    may_decide = _may_decide(request)
    initial = {name: request.GET[name] for name in ("phrase", "language", "term") if name in request.GET}
    form = PhraseForm(request.POST or None, may_decide=may_decide, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            phrases.add(wording=form.wording(), by=person_of(request))
        except phrases.KnownError:
            form.add_error("phrase", _("This phrase leads there already, or waits to."))
        else:
            done = _("It is in force.") if may_decide else _("Proposed: a region's administrator decides.")
            messages.success(request, done)
            return redirect("directory:office-phrases")
    return _form_page(request, form, _("Add a phrase") if may_decide else _("Propose a phrase"))


@require(Role.REGION_ADMINISTRATOR)
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another weight, another status, another wording."""
    row = _in_force(pk)
    now = [str(row.weight), row.status, row.is_removed]
    initial: dict[str, Any] = {name: getattr(row, name) for name in ("phrase", "language", "weight")}
    initial |= {"term": row.term_id, "base": snapshots.taken(now)}
    initial["status"] = Synonym.Status.DRAFT if row.status == Synonym.Status.PROPOSED else row.status
    form = PhraseForm(request.POST or None, may_decide=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        if _is_stale(form.cleaned_data["base"], now):
            text = _("Somebody else changed it meanwhile. It now says: %(value)s")
            form.add_error(None, text % {"value": phrases.in_words(row)})
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["base"] = snapshots.taken(now)  # type: ignore[index]
            return _form_page(request, form, row.phrase, row, status=409)
        try:
            phrases.change(synonym=row, wording=form.wording(), by=person_of(request))
        except phrases.KnownError:
            form.add_error("phrase", _("This phrase leads there already, or waits to."))
        else:
            messages.success(request, _("Stored."))
            return redirect("directory:office-phrases")
    return _form_page(request, form, row.phrase, row)


def _is_stale(base: str, now: list[Any]) -> bool:
    try:
        return bool(snapshots.read(base) != now)
    except snapshots.SnapshotError:
        return True


def _form_page(
    request: HttpRequest, form: PhraseForm, title: str, row: Synonym | None = None, status: int = 200
) -> HttpResponseBase:
    context = {"form": form, "title": title, "row": row, "trail": _trail((title, ""))}
    code = 422 if form.errors and status == 200 else status
    return render(request, "directory/office/phrase.html", context, status=code)


@require(Role.REGION_ADMINISTRATOR)
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a phrase out, or turn a proposal down."""
    row = _in_force(pk)
    phrases.remove(synonym=row, by=person_of(request))
    messages.success(request, _("“%(phrase)s” was taken out.") % {"phrase": row.phrase})
    return redirect("directory:office-phrases")


@require(Role.REGION_ADMINISTRATOR)
def restore(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put a phrase back, or a proposal into force."""
    row = _in_force(pk)
    phrases.restore(synonym=row, by=person_of(request))
    messages.success(request, _("“%(phrase)s” is in force.") % {"phrase": row.phrase})
    return redirect("directory:office-phrases")


@require(Role.EDITOR)
def history(request: HttpRequest) -> HttpResponseBase:
    """Who did what to the list, and when."""
    context = {
        "steps": phrases.steps(),
        "may_decide": _may_decide(request),
        "trail": _trail((_("History"), "")),
    }
    return render(request, "directory/office/phrases_history.html", context)


@require(Role.REGION_ADMINISTRATOR)
def undo(request: HttpRequest, step: UUID) -> HttpResponseBase:
    """Take a step back."""
    try:
        phrases.undo(step=step, by=person_of(request))
    except LookupError as error:
        raise Http404 from error
    except phrases.OvertakenError:
        messages.error(request, _("It was changed again since: change it by hand."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("directory:office-phrases-history")


@require(Role.EDITOR)
@leaves_no_trace
def try_out(request: HttpRequest) -> HttpResponseBase:
    """What searching understands of a sentence, with the list as it stands. Nothing of it is kept."""
    form = TryForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "trail": _trail((_("Try a sentence"), ""))}
    if request.method == "POST" and form.is_valid():
        context |= _understood(form.cleaned_data["q"], words(), region_of(request).code)
    status = 422 if form.errors else 200
    return render(request, "directory/office/phrases_try.html", context, status=status)


def _understood(text: str, known: Words, region: str) -> dict[str, Any]:
    heard = understand(text, known.lexicon, known.places, region=region)
    rows = [
        {
            "list": Vocabulary.Name(name).label,
            "label": known.label(name, one.target.key),
            "score": one.score,
            "is_sensitive": known.is_sensitive(name, one.target.key),
        }
        for name in Vocabulary.SEARCHED
        for one in getattr(heard, name)
    ]
    rest = [token.word for token in heard.rest]
    return {"is_tried": True, "rows": rows, "place": heard.place, "now": heard.open_now, "rest": rest}


def _in_force(pk: int) -> Synonym:
    """A phrase of a list in force; those of former versions stay what they were."""
    rows = Synonym.objects.select_related("term__vocabulary")
    return get_object_or_404(rows, pk=pk, term__vocabulary__is_current=True)


def _may_decide(request: HttpRequest) -> bool:
    return is_region_administrator(person_of(request), region_of(request))


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return trail((_("Words of the search"), reverse("directory:office-phrases")), *steps)
