"""What is done to documents of the library: written, given a version, read, published, withdrawn."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.core.uploads import check, safe_name
from entaxis.directory.models import Structure
from entaxis.directory.rules import keepers_of_each
from entaxis.notifications.actions import notify
from entaxis.portal.kinds import NEW_STUDY
from entaxis.portal.library import reading
from entaxis.portal.library.finding import remember_words, stems_of
from entaxis.portal.models import Study, StudyFile, StudyPage

ALLOWED = ("pdf",)
LONGEST_SUBJECT = 120


class ConflictError(Exception):
    """Somebody else changed the document while a form was open."""


class NotReadyError(Exception):
    """The document lacks something that readers need; ``lacking`` are sentences."""

    def __init__(self, lacking: list[str]) -> None:
        super().__init__(*lacking)
        self.lacking = lacking


class SameFileError(Exception):
    """The document has this file already; ``number`` is the version's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@transaction.atomic
def save_study(*, study: Study, seen: int, by: User) -> Study:
    """Store what was written, if nobody else wrote since the writer saw revision ``seen``.

    Raises:
        ConflictError: somebody did.
    """
    if not study._state.adding:
        now = Study.objects.select_for_update().get(pk=study.pk)
        if now.revision != seen:
            raise ConflictError
        study.revision = now.revision + 1
    study.save()
    remember_words(study)
    return study


@transaction.atomic
def add_file(*, study: Study, upload: Any, note_el: str, note_en: str, by: User) -> StudyFile:
    """A new version; earlier ones stay where they are. A task reads it.

    Raises:
        UploadRefusedError: it is too large or no PDF.
        SameFileError: the document has this very file.
    """
    from entaxis.portal import tasks

    check(upload, allowed=ALLOWED, megabytes=reading.MOST_MEGABYTES)
    digest = hashlib.file_digest(upload.file, "sha256").hexdigest()
    upload.file.seek(0)
    Study.objects.select_for_update().get(pk=study.pk)
    same = study.files.filter(sha256=digest).exclude(state=StudyFile.State.REFUSED).first()
    if same:
        raise SameFileError(same.number)
    last = study.files.aggregate(last=Max("number"))["last"] or 0
    file = StudyFile(
        study=study,
        number=last + 1,
        name=safe_name(upload.name or ""),
        size_bytes=upload.size,
        sha256=digest,
        note_el=note_el,
        note_en=note_en,
        added_by=by,
    )
    file.file.save("", File(upload.file), save=False)
    file.save()
    transaction.on_commit(lambda: tasks.read_study_file.defer(file=str(file.pk)))
    return file


def read_file(*, file: StudyFile) -> None:
    """Read a waiting version: its pages and words, or the sentence that says why not."""
    if file.state != StudyFile.State.WAITING:
        return
    try:
        if not file.file.storage.exists(file.file.name or ""):
            raise reading.FileRefusedError("gone")
        texts = reading.pages_of(Path(file.file.path))
    except reading.FileRefusedError as refusal:
        StudyFile.objects.filter(pk=file.pk).update(
            state=StudyFile.State.REFUSED, problem=refusal.problem.as_json()
        )
        return
    _keep(file, texts)


@transaction.atomic
def _keep(file: StudyFile, texts: list[str]) -> None:
    known: dict[str, str] = {}
    StudyPage.objects.filter(file=file).delete()
    StudyPage.objects.bulk_create(
        (
            StudyPage(file=file, number=number, text=text, stems=f" {' '.join(stems_of(text, known))} ")
            for number, text in enumerate(texts, start=1)
            if text
        ),
        batch_size=200,
    )
    StudyFile.objects.filter(pk=file.pk).update(
        state=StudyFile.State.READ, page_count=len(texts), has_text=any(texts), problem={}
    )
    remember_words(Study.objects.get(pk=file.study_id))


def lacking(study: Study) -> list[str]:
    """What readers would miss, as sentences; nothing where it may be published."""
    has_file = study.files.filter(state=StudyFile.State.READ).exists()
    rules = (
        (has_file or study.url, _("Add a file, or say where it was first published.")),
        (study.summary_el, _("Write a summary in plain Greek.")),
        (study.authors or study.publisher_id, _("Say who wrote it or who publishes it.")),
    )
    return [sentence for holds, sentence in rules if not holds]


@transaction.atomic
def publish(*, study: Study, by: User) -> None:
    """Let readers see it. The first time, those whose services are for its groups are told.

    Raises:
        NotReadyError: readers would miss something.
    """
    now = Study.objects.select_for_update().get(pk=study.pk)
    if missing := lacking(now):
        raise NotReadyError(missing)
    if now.status == Study.Status.PUBLISHED:
        return
    Study.objects.filter(pk=now.pk).update(
        status=Study.Status.PUBLISHED,
        published_at=now.published_at or timezone.now(),
        revision=F("revision") + 1,
        last_modified=timezone.now(),
    )
    notify(
        kind=NEW_STUDY,
        to=keepers_concerned(now),
        region=now.region,
        about=_first_words(now),
        url=reverse_lazy("library:study", kwargs={"pk": now.pk}),
        occasion=f"study:{now.pk}",
    )


def keepers_concerned(study: Study) -> set[User]:
    """Who keeps a structure with a service for a group of the document."""
    published = Structure.objects.of(study.region).published().select_related("body")
    serving = published.filter(offers__target_groups__key__in=study.target_groups).distinct()
    return {user for keepers in keepers_of_each(serving).values() for user in keepers}


def _first_words(study: Study) -> str:
    """The title, as long as a title of a message may be."""
    return Truncator(study.title_el).chars(LONGEST_SUBJECT)


@transaction.atomic
def withdraw(*, study: Study, by: User) -> None:
    """Take it from readers' eyes; nothing of it is deleted."""
    Study.objects.filter(pk=study.pk, status=Study.Status.PUBLISHED).update(
        status=Study.Status.WITHDRAWN, revision=F("revision") + 1, last_modified=timezone.now()
    )
