"""What somebody writes to a body, and its answer. Neither side learns the other's address."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.directory.network.choices import LETTER_KEPT


def default_expiry() -> date:
    """The day after which a letter that nobody answered is deleted."""
    return timezone.localdate() + LETTER_KEPT


class Writing(models.Model):
    """Words from a person with or without an account. They are deleted on their day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False)
    address = models.EmailField(_("your e-mail"), blank=True)
    name = models.CharField(_("how shall we call you?"), max_length=80)
    language = models.CharField(_("language"), max_length=8, default="el", editable=False)
    text = models.TextField(_("message"), max_length=2000)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    expires_on = models.DateField(_("kept until"), default=default_expiry, editable=False)

    class Meta:
        """Each kind has its own table."""

        abstract = True
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) & ~Q(address="") | Q(user__isnull=False, address=""),
                name="%(class)s_one_writer",
            ),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="%(class)s_address_lower"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def table(self) -> str:
        """How addresses and links name its kind."""
        return str(self._meta.model_name)

    @property
    def kind_name(self) -> str:
        """Its kind, for its writer."""
        return str(self._meta.verbose_name)


class Correspondence(Writing):
    """A writing that is answered once."""

    answer = models.TextField(_("answer"), max_length=2000, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta(Writing.Meta):
        """An answer has its day."""

        abstract = True
        constraints = [
            *Writing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="%(class)s_answer_has_a_day",
            ),
        ]


class Letter(Correspondence):
    """A message to a body."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="letters", editable=False)

    class Meta(Correspondence.Meta):
        """The newest first."""

        verbose_name = _("message to a body")
        verbose_name_plural = _("messages to bodies")
        indexes = [models.Index(fields=["body", "answered_at"])]

    @property
    def title(self) -> str:
        """To whom, for its writer."""
        return self.body.name

    @property
    def stands(self) -> str:
        """What became of it, for its writer."""
        return gettext("answered") if self.answered_at else gettext("waits for an answer")
