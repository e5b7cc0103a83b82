"""Writing, reviewing and publishing, the same for every kind of publication."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.core import greek, review
from entaxis.core.media import MOST_FILES, MOST_PICTURES, Prepared
from entaxis.core.review import NotAllowedError, ReviewError, State, Step
from entaxis.geography.models import Area
from entaxis.strategy import messages
from entaxis.strategy.publications import announcing, rules
from entaxis.strategy.publications.models import Publication

Row = TypeVar("Row", bound=Publication)
Save = Callable[[], object]

RESERVED: Final = {"calendar", "feed", "events", "archive", "map"}  # addresses of the lists


class NotWrittenOnError(ReviewError):
    """The text waits for review or is public: it cannot change as it stands."""

    def __str__(self) -> str:
        return _("The text is not a draft any more: take it back, or propose a change.")


class OriginalGoneError(ReviewError):
    """What a change was meant for is no longer public."""

    def __str__(self) -> str:
        return _("What this changes was withdrawn meanwhile.")


class TooManyError(ReviewError):
    """More pictures or documents than a page bears."""

    def __str__(self) -> str:
        return _("There are as many as a page bears. Take one away first.")


@transaction.atomic
def store(*, row: Row, by: User, version: int | None = None, save_related: Save | None = None) -> Row:
    """Store a draft, new or as seen at ``version``; ``save_related`` writes what lies in other tables.

    Raises:
        NotAllowedError: this person may not write for this body.
        OvertakenError: somebody else changed it meanwhile.
        NotWrittenOnError: it is no draft any more.
    """
    if not rules.may_write(by, row):
        raise NotAllowedError
    is_new = row._state.adding
    if not is_new:
        held = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        if version is not None and held.version != version:
            raise review.overtaken(held)
        if not held.is_written_on:
            raise NotWrittenOnError
        row.version = held.version + 1
    row.publisher = row.spoken_by()
    row.changed_at, row.changed_by = timezone.now(), by
    if is_new:
        row.created_by = by
        row.slug = _free_slug(row)
    elif row.original is None and row.publish_at is None:
        row.slug = _free_slug(row)  # nobody knows the address yet: it follows the title
    row.save()
    if save_related:
        save_related()
    return row


def _free_slug(row: Publication) -> str:
    """The title in Latin letters; numbered where another has it. Others of the region wait meanwhile."""
    Area.objects.select_for_update(no_key=True).get(pk=row.region_id)
    wanted = slugify(greek.elot743(row.title_el))[:80].strip("-") or "item"
    others = (
        set(
            type(row)
            ._default_manager.filter(region=row.region, slug__startswith=wanted, original=None)
            .exclude(pk=row.pk)
            .values_list("slug", flat=True)
        )
        | RESERVED
    )
    numbered = (f"{wanted}-{number}" for number in range(2, len(others) + 3))
    return wanted if wanted not in others else next(slug for slug in numbered if slug not in others)


@transaction.atomic
def propose_change(*, row: Row, by: User) -> Row:
    """A draft of what is public, to be changed and reviewed; the one that exists already where it does.

    Raises:
        NotAllowedError: this person may not write for this body.
    """
    if not rules.may_write(by, row):
        raise NotAllowedError
    held: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    found: Row | None = type(row)._default_manager.filter(original=held).first()
    if found is not None:
        return found
    fields: dict[str, Any] = {name: getattr(held, name) for name in _columns(held)}
    made = type(row)(
        **fields,
        region=held.region,
        publisher=held.publisher,
        slug=held.slug,
        original=held,
        is_synthetic=held.is_synthetic,
        created_by=by,
        changed_by=by,
    )
    made.save()
    _copy_related(held, made)
    return made


@transaction.atomic
def pass_on(
    *, row: Row, step: Step, by: User, version: int, reason: str = "", publish_at: datetime | None = None
) -> Row:
    """Take a step of the review and tell whom it concerns; returns the row that stands now.

    ``publish_at``: the hour from which it is public; at once where it is None or past.

    Raises:
        ReviewError: the step is not this person's, lacks a reason, or somebody was quicker.
    """
    may, also = rules.may(by, row), {}
    if step is Step.PUBLISH:
        now = timezone.now()
        also["publish_at"] = max(publish_at or now, now)
    held: Row = review.take(row, step, by=by, may=may, version=version, reason=reason, **also)
    if step is Step.PUBLISH and held.original is not None:
        held = cast("Row", _replace_original(held))
    messages.tell_step(held, step, by, reason)
    if step is Step.PUBLISH:
        announcing.announce(held)
    return held


def _replace_original(row: Any) -> Any:
    held: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.original.pk)
    if held.state not in {State.PUBLISHED, State.ARCHIVED}:
        raise OriginalGoneError
    for name in _columns(row):
        setattr(held, name, getattr(row, name))
    held.publisher, held.version = row.publisher, held.version + 1
    held.changed_at, held.changed_by = timezone.now(), row.changed_by
    held.save()
    held.pictures.all().delete()
    held.files.all().delete()
    _copy_related(row, held)
    row.passings.update(row=held)
    row.delete()
    return held


def _columns(row: Publication) -> list[str]:
    return [name for name in row.content() if not row._meta.get_field(name).many_to_many]


def _copy_related(source: Any, target: Any) -> None:
    for name in source.content():
        if source._meta.get_field(name).many_to_many:
            getattr(target, name).set(getattr(source, name).all())
    for related in (source.pictures, source.files):
        for each in related.all():
            each.pk, each._state.adding, each.row = None, True, target
            each.pk = each._meta.pk.get_default()
            each.save()


@transaction.atomic
def discard(*, row: Publication, by: User) -> None:
    """Throw away a draft that was never public, or a change that was not published.

    Raises:
        NotAllowedError, NotWrittenOnError
    """
    if not rules.may_write(by, row):
        raise NotAllowedError
    held = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if held.state not in {State.DRAFT, State.ASKED_BACK} or held.publish_at is not None:
        raise NotWrittenOnError
    held.delete()


@transaction.atomic
def add_picture(*, row: Publication, prepared: Prepared, by: User, **words: str) -> Model:
    """Put a picture to a draft."""
    found = _with_room(row, by, "pictures", MOST_PICTURES)
    made = found.model(row=row, order=found.count(), width_px=prepared.width_px, **words)
    made.height_px = prepared.height_px
    made.file.save(f"picture.{prepared.kind}", prepared.content, save=False)
    made.save()
    return made  # type: ignore[no-any-return]


@transaction.atomic
def add_file(*, row: Publication, prepared: Prepared, by: User, **words: str) -> Model:
    """Put a document to a draft."""
    found = _with_room(row, by, "files", MOST_FILES)
    made = found.model(row=row, order=found.count(), kind=prepared.kind, bytes=prepared.bytes, **words)
    made.sha256 = prepared.sha256
    made.file.save(f"file.{prepared.kind}", prepared.content, save=False)
    made.save()
    return made  # type: ignore[no-any-return]


def _with_room(row: Publication, by: User, name: str, most: int) -> Any:
    if not rules.may_write(by, row):
        raise NotAllowedError
    held: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if not held.is_written_on:
        raise NotWrittenOnError
    related = getattr(held, name)
    if related.count() >= most:
        raise TooManyError
    return related


@transaction.atomic
def remove_media(*, row: Publication, name: str, pk: Any, by: User) -> None:
    """Take a picture or document away from a draft; ``name``: pictures or files."""
    _with_room(row, by, name, MOST_FILES + MOST_PICTURES).filter(pk=pk).delete()
