"""Somebody says of an entry that nobody of theirs keeps yet: this one is ours."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models.structures import Structure


class Claim(models.Model):
    """A person asks to keep the entry of one structure, with words and a paper; an editor decides."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waiting")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="structure_claims")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="claims")
    text = models.TextField(_("who you are and what you do there"), max_length=2000)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        """One waits for a person and a structure; a refusal says why."""

        verbose_name = _("claim of an entry")
        verbose_name_plural = _("claims of entries")
        ordering = ["created_at"]
        indexes = [models.Index(fields=["structure", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "structure"], condition=Q(state="open"), name="claim_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], decided_at=None)
                | Q(state__in=["approved", "refused"], decided_at__isnull=False),
                name="claim_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="claim_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return str(self.structure)


class ClaimPaper(models.Model):
    """The paper that a claim stands on: in the database, deleted with it, served to deciders only."""

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="paper")
    name = models.CharField(_("file"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8)
    content = models.BinaryField()

    class Meta:
        """One file a claim."""

        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.name
