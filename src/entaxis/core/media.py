"""Pictures and files that people send: judged by what they hold, pictures made anew.

A picture is decoded within bounds, turned upright, made smaller and written again: what a camera or
somebody with bad intentions put beside it (place, name, script, second file) does not survive.
"""

import hashlib
import threading
import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from entaxis.core import uploads
from entaxis.core.problems import Sentences

PICTURE_KINDS: Final = ("jpeg", "png", "webp")
PICTURE_MEGABYTES: Final = 8
# A JPEG is decoded at the size that is wanted; the others whole, up to four times over (4 bytes a point).
MOST_PIXELS: Final = {"JPEG": 30_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
WIDEST_PX: Final = 1600
FILE_KINDS: Final = ("pdf", "docx", "xlsx", "odt", "ods")
FILE_MEGABYTES: Final = 20
MOST_PICTURES: Final = 12
MOST_FILES: Final = 12

SENTENCES: Sentences = {
    "pixels": _(
        "The picture has more than %(millions)s million points. Make it smaller and send it again."
    ),
    "picture": _("The picture is damaged or cut off."),
}


_one_at_a_time = threading.Lock()  # a decoded picture takes up to 300 MB: a process holds one


class MediaProblem(uploads.UploadProblem):
    """A problem of a picture that was sent."""

    __slots__ = ()
    sentences = {**uploads.SENTENCES, **SENTENCES}


class MediaRefusedError(uploads.UploadRefusedError):
    """The picture is refused. Its text is a sentence for the user."""

    family = MediaProblem


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file ready to be kept, under a name that says nothing."""

    content: ContentFile  # type: ignore[type-arg]
    sha256: str
    bytes: int
    kind: str
    width_px: int = 0
    height_px: int = 0


def picture(upload: "UploadedFile[bytes]") -> Prepared:
    """A picture made anew as WebP, at most `WIDEST_PX` on its longer side.

    Raises:
        UploadRefusedError: no picture, too large, a bomb, damaged.
    """
    uploads.check(upload, allowed=PICTURE_KINDS, megabytes=PICTURE_MEGABYTES)
    try:
        with _one_at_a_time, Image.open(upload, formats=list(MOST_PIXELS)) as read:
            _refuse_bomb(read)
            made = _small(read)
            written = BytesIO()
            made.save(written, "WEBP", quality=82, exif=b"", icc_profile=None, xmp=b"")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaRefusedError("pixels", millions=MOST_PIXELS["PNG"] // 1_000_000) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise MediaRefusedError("picture") from None
    return _prepared(written.getvalue(), "webp", made.width, made.height)


def _refuse_bomb(read: Image.Image) -> None:
    most = MOST_PIXELS[read.format or "PNG"]
    if read.width * read.height > most:
        raise MediaRefusedError("pixels", millions=most // 1_000_000)


def _small(read: Image.Image) -> Image.Image:
    """Upright, of its final size, in RGB or RGBA: made small first, so that few copies are in full size."""
    read.draft("RGB", (WIDEST_PX, WIDEST_PX))  # JPEG: decodes no more than is wanted
    mode = "RGBA" if "A" in read.getbands() or "transparency" in read.info else "RGB"
    small = read if read.mode == mode else read.convert(mode)
    small.thumbnail((WIDEST_PX, WIDEST_PX))
    return ImageOps.exif_transpose(small)


def attachment(upload: "UploadedFile[bytes]") -> Prepared:
    """A document, as it came.

    Raises:
        UploadRefusedError: of a kind that is not taken, or too large.
    """
    kind = uploads.check(upload, allowed=FILE_KINDS, megabytes=FILE_MEGABYTES)
    upload.seek(0)
    return _prepared(upload.read(), kind)


def _prepared(content: bytes, kind: str, width_px: int = 0, height_px: int = 0) -> Prepared:
    digest = hashlib.sha256(content).hexdigest()
    return Prepared(ContentFile(content), digest, len(content), kind, width_px, height_px)


def _path(instance: Any, name: str) -> str:
    """Not below ``images/``: what waits for review is served to those who may see it alone."""
    return f"published/{uuid.uuid4().hex}.{name.rpartition('.')[2]}"


class Picture(models.Model):
    """A picture with the words for those who do not see it. The room adds ``row``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("picture"), upload_to=_path)
    alt_el = models.CharField(
        _("what the picture shows"),
        max_length=250,
        help_text=_("In one sentence, for those who do not see it. No names of people."),
    )
    alt_en = models.CharField(_("what the picture shows, in English"), max_length=250, blank=True)
    credit = models.CharField(_("whose picture it is"), max_length=120, blank=True)
    width_px = models.PositiveIntegerField(_("width"))
    height_px = models.PositiveIntegerField(_("height"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        """A picture without words is refused."""

        abstract = True
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt_el=""), name="%(app_label)s_%(class)s_has_words")
        ]

    def __str__(self) -> str:
        return self.alt_el

    @property
    def alt(self) -> str:
        """The words in the reader's language."""
        return in_language(self.alt_el, self.alt_en)


class Attachment(models.Model):
    """A document. The room adds ``row``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("file"), upload_to=_path)
    title_el = models.CharField(_("title of the file"), max_length=160)
    title_en = models.CharField(_("title of the file, in English"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=8)
    bytes = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        """In the order in which they came."""

        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title_el

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_el, self.title_en)


def in_language(greek: str, english: str) -> str:
    """Greek for Greek readers; English for everybody else, where it has been written."""
    return greek if (get_language() or "el").startswith("el") else english or greek
