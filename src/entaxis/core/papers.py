"""Papers that people send to be read by a few: judged by what they hold, given out as downloads alone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from entaxis.core import uploads

TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


@dataclass(frozen=True)
class Paper:
    """An uploaded file that `uploads.check` has let through."""

    name: str
    kind: str
    content: bytes


def taken(upload: "UploadedFile[bytes]", *, allowed: Collection[str], megabytes: int, name: str) -> Paper:
    """The paper in ``upload``; ``name`` stands where its own says nothing.

    Raises:
        UploadRefusedError: it is too large, or not of a kind that is taken.
    """
    kind = uploads.check(upload, allowed=allowed, megabytes=megabytes)
    return Paper(uploads.safe_name(upload.name or "") or f"{name}.{kind}", kind, upload.read())


class PaperField(forms.FileField):
    """One paper, or none; `Paper` or None is what comes of it."""

    allowed: Final = ("pdf", "png", "jpeg")
    megabytes: Final = 5

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Let it through, or say why not."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return taken(upload, allowed=self.allowed, megabytes=self.megabytes, name="evidence")
        except uploads.UploadRefusedError as refused:
            raise forms.ValidationError(str(refused)) from None


def download(name: str, kind: str, content: bytes | memoryview) -> HttpResponse:
    """The paper, to be stored by who may see it: never opened as a page of ours, kept by nobody between."""
    response = HttpResponse(bytes(content), content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
