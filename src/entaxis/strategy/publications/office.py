"""The space of those who publish: what I wrote, the form, the preview, the queue of the reviewers."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.doors import View, require
from entaxis.accounts.rules import Role, is_editor
from entaxis.core import review
from entaxis.core.review import ReviewError, State, Step
from entaxis.directory.http import person_of, region_of
from entaxis.strategy.publications import actions, families, queries, rules
from entaxis.strategy.publications.families import Family
from entaxis.strategy.publications.forms import FileForm, PictureForm, PublicationForm, StepForm
from entaxis.strategy.publications.models import Publication


def publishers(view: View) -> View:
    """Let those in who publish here; others find nothing."""

    @require(Role.SIGNED_IN)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rules.publishes(person_of(request), region_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@publishers
def space(request: HttpRequest) -> HttpResponse:
    """What this person and their bodies wrote, by how far it has come."""
    user, region = person_of(request), region_of(request)
    found = queries.space(user, region)
    context = {
        "groups": [(state, found[state]) for state in State if state in found],
        "families": families.every(),
        "is_reviewer": is_editor(user, region),
        "waiting": queries.waiting(region) if is_editor(user, region) else 0,
        "trail": trail(),
    }
    return render(request, "strategy/office/space.html", context)


@require(Role.EDITOR)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for review."""
    context = {"rows": queries.queue(region_of(request)), "trail": trail((_("Waiting for review"), ""))}
    return render(request, "strategy/office/queue.html", context)


@publishers
def new(request: HttpRequest, family: str) -> HttpResponseBase:
    """A new draft."""
    known = families.get(family)
    form = known.form()(request.POST or None, by=person_of(request), region=region_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = form.store()
        except ReviewError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Stored as a draft. Look at it, add pictures, then send it for review.")
            )
            return redirect("publishing:item", known.key, row.pk)
    return _form_page(request, form, str(known.new))


@publishers
def write(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """Write a draft on."""
    known, row = _found(request, family, pk)
    if not row.is_written_on:
        messages.warning(request, str(actions.NotWrittenOnError()))
        return redirect("publishing:item", known.key, row.pk)
    form: PublicationForm = known.form()(
        request.POST or None, instance=row, by=person_of(request), region=region_of(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.store()
        except ReviewError as refused:
            form.add_error(None, str(refused))
            _renew(form, known, row)
        else:
            messages.success(request, _("Stored."))
            return redirect("publishing:item", known.key, row.pk)
    return _form_page(request, form, row.title, row)


def _renew(form: PublicationForm, known: Family, row: Publication) -> None:
    """Nothing that was typed is lost: saved again, it counts against the row as it now stands."""
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["version"] = str(known.model.objects.get(pk=row.pk).version)  # type: ignore[index]


def _form_page(
    request: HttpRequest, form: PublicationForm, title: str, row: Publication | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "row": row, "trail": trail((title, ""))}
    if row:
        context["family"] = families.of(row)
    return render(request, "strategy/office/form.html", context, status=422 if form.errors else 200)


@publishers
def item(request: HttpRequest, family: str, pk: UUID) -> HttpResponse:
    """One publication in the office: as readers will see it, what is missing, what was said, the steps."""
    known, row = _found(request, family, pk)
    return _item_page(request, known, row)


def _item_page(
    request: HttpRequest, known: Family, row: Publication, form: StepForm | None = None, status: int = 200
) -> HttpResponse:
    may = rules.may(person_of(request), row)
    steps = review.steps_for(row, may)
    context: dict[str, Any] = {
        "family": known,
        "row": row,
        "item": row,
        "is_preview": True,
        "lacks": list(row.lacks()),
        "steps": [(step, Step(step).label, review.RULES[step].needs_reason) for step in steps],
        "step_form": form or StepForm(initial={"version": row.version}),
        "can_publish": Step.PUBLISH in steps,
        "differences": queries.differences(row),
        "passings": row.passings.select_related("by"),  # type: ignore[attr-defined]
        "public_url": row.subject.get_absolute_url() if row.subject.is_public else "",
        "may_propose": row.original is None and row.state in {State.PUBLISHED, State.ARCHIVED},
        "may_discard": row.is_written_on and row.publish_at is None,
        "trail": trail((row.title, "")),
    }
    return render(request, "strategy/office/item.html", context, status=status)


@publishers
def step(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """Take a step: send in, ask back, publish, withdraw."""
    known, row = _found(request, family, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _item_page(request, known, row, form, status=422)
    data = form.cleaned_data
    try:
        row = actions.pass_on(
            row=row,
            step=Step(data["step"]),
            by=person_of(request),
            version=data["version"],
            reason=data["reason"],
            publish_at=data["publish_at"],
        )
    except ReviewError as refused:
        form.add_error("reason" if isinstance(refused, review.ReasonMissingError) else None, str(refused))
        _known, now = _found(request, family, pk)
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = str(now.version)  # type: ignore[index]
        return _item_page(request, known, now, form, status=409 if _is_late(refused) else 422)
    messages.success(request, _("Done: %(step)s.") % {"step": Step(data["step"]).label})
    return redirect("publishing:item", known.key, row.pk)


def _is_late(refused: ReviewError) -> bool:
    return isinstance(refused, review.OvertakenError)


@publishers
def propose(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """Begin a change of what is public."""
    known, row = _found(request, family, pk)
    if row.state not in {State.PUBLISHED, State.ARCHIVED} or row.original is not None:
        raise Http404
    made = actions.propose_change(row=row, by=person_of(request))
    return redirect("publishing:write" if made.is_written_on else "publishing:item", known.key, made.pk)


@publishers
def discard(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """Throw a draft away."""
    known, row = _found(request, family, pk)
    try:
        actions.discard(row=row, by=person_of(request))
    except ReviewError as refused:
        messages.error(request, str(refused))
        return redirect("publishing:item", known.key, row.pk)
    messages.success(request, _("The draft was thrown away."))
    return redirect("publishing:space")


@publishers
def media(request: HttpRequest, family: str, pk: UUID) -> HttpResponseBase:
    """Pictures and documents of a draft: put to, taken away."""
    known, row = _found(request, family, pk)
    is_file = request.POST.get("what") == "file"
    picture = PictureForm(*_sent(request, not is_file))
    document = FileForm(*_sent(request, is_file))
    if request.method == "POST":
        try:
            if _change_media(request, row, picture, document):
                messages.success(request, _("Stored."))
                return redirect("publishing:media", known.key, row.pk)
        except ReviewError as refused:
            (document if is_file else picture).add_error(None, str(refused))
    context = {
        "family": known,
        "row": row,
        "picture_form": picture,
        "file_form": document,
        "trail": trail((row.title, request.path.removesuffix("media/")), (_("Pictures and files"), "")),
    }
    faulty = picture.errors or document.errors
    return render(request, "strategy/office/media.html", context, status=422 if faulty else 200)


def _sent(request: HttpRequest, is_mine: bool) -> tuple[Any, ...]:
    is_sent = request.method == "POST" and is_mine and "remove" not in request.POST
    return (request.POST, request.FILES) if is_sent else ()


def _change_media(request: HttpRequest, row: Publication, picture: PictureForm, document: FileForm) -> bool:
    by = person_of(request)
    if "remove" in request.POST:
        name = "files" if request.POST.get("what") == "file" else "pictures"
        actions.remove_media(row=row, name=name, pk=_uuid(request.POST["remove"]), by=by)
    elif document.is_bound:
        if not document.is_valid():
            return False
        words = {key: value for key, value in document.cleaned_data.items() if key != "file"}
        actions.add_file(row=row, prepared=document.cleaned_data["file"], by=by, **words)
    else:
        if not picture.is_valid():
            return False
        words = {key: value for key, value in picture.cleaned_data.items() if key != "picture"}
        actions.add_picture(row=row, prepared=picture.cleaned_data["picture"], by=by, **words)
    return True


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _found(request: HttpRequest, family: str, pk: UUID) -> tuple[Family, Any]:
    """The family and the row, where this person may write it on; 404 else."""
    known = families.get(family)
    related = (
        "body",
        "structure",
        "original__body",
        "original__structure",
        "region",
        "created_by",
        "changed_by",
    )
    rows = known.model.objects.select_related(*related).filter(region=region_of(request))
    row = get_object_or_404(rows, pk=pk)
    if not rules.may_write(person_of(request), row):
        raise Http404
    return known, row


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way here."""
    first = [(_("My publications"), reverse("publishing:space") if steps else "")]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]
