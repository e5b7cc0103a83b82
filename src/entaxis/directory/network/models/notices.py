"""The notice board of bodies: what one tells the others, until a day."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.geography.models import Area


def in_a_month() -> date:
    """How long a notice hangs unless told otherwise."""
    return timezone.localdate() + timedelta(days=30)


class Notice(models.Model):
    """A notice of a body for the people of all bodies of the region."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="+", editable=False)
    body = models.ForeignKey(Body, models.CASCADE, related_name="notices", verbose_name=_("body"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=4000)
    expires_on = models.DateField(_("hangs until"), default=in_a_month)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)

    class Meta:
        """The newest first."""

        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["region", "expires_on"])]

    def __str__(self) -> str:
        return self.title


class NoticeFile(models.Model):
    """A file of a notice: in the database, gone with it, served to members of bodies alone."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8)
    size_bytes = models.PositiveIntegerField(_("size"))
    content = models.BinaryField()

    class Meta:
        """As they were attached."""

        verbose_name = _("file of a notice")
        verbose_name_plural = _("files of notices")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
