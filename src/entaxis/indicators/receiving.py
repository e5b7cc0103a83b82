"""A survey's file that comes by a page: sealed at once, read by a worker, taken or refused as a whole."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core.problems import Problem
from entaxis.geography.models import Area
from entaxis.indicators import actions, computation, opening, problems, store
from entaxis.indicators.description import Specification
from entaxis.indicators.models import Edition, EditionUpload
from entaxis.indicators.problems import EditionProblem, EditionRefusedError

State = EditionUpload.State
PATIENCE: Final = timedelta(minutes=20)
"""After that a worker has been lost on the way."""
PARQUET: Final = b"PAR1"


@transaction.atomic
def receive(*, region: Area, file_name: str, content: bytes, specification: str, by: User) -> EditionUpload:
    """Seal a file until a worker reads it.

    Raises:
        EditionRefusedError: the description cannot be used.
    """
    Specification.read(specification)
    upload = EditionUpload.objects.create(
        region=region, file_name=file_name, specification=specification, uploaded_by=by
    )
    store.write_upload(upload, content)
    return upload


def read(*, upload: EditionUpload) -> None:
    """Take the file in, or refuse it with a sentence; it leaves the place where it waited either way."""
    rows = EditionUpload.objects.filter(pk=upload.pk)
    if not rows.filter(state=State.WAITING).update(state=State.READING):
        return
    try:
        with transaction.atomic():
            edition = _taken(upload)
            store.drop_upload(upload)
            rows.update(state=State.TAKEN, edition=edition, finished_at=timezone.now())
    except EditionRefusedError as refusal:
        _refuse(upload, refusal.problem)
    except Exception:
        _refuse(upload, EditionProblem("fault"))
        raise


def _taken(upload: EditionUpload) -> Edition:
    content = store.read_upload(upload)
    kind = "parquet" if content.startswith(PARQUET) else "text"
    status = opening.status_of(content, kind)
    if status == opening.TOO_MUCH:
        raise EditionRefusedError("too_much", rows_most=opening.MOST_ROWS, megabytes=opening.MOST_MB)
    if status:
        raise EditionRefusedError("unreadable")
    return actions.import_edition(
        region=upload.region,
        content=content if kind == "parquet" else computation.from_text(content),
        specification=upload.specification,
        by=upload.uploaded_by,
    )


@transaction.atomic
def _refuse(upload: EditionUpload, problem: Problem) -> None:
    store.drop_upload(upload)
    EditionUpload.objects.filter(pk=upload.pk).update(
        state=State.REFUSED, refusal=problems.stored(problem), finished_at=timezone.now()
    )


def refuse_the_lost() -> None:
    """Uploads whose worker was lost are refused, so that the file is sent again and does not lie about."""
    late = timezone.now() - PATIENCE
    for upload in EditionUpload.objects.filter(state=State.READING, uploaded_at__lt=late):
        _refuse(upload, EditionProblem("cut_off"))
