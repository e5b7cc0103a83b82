"""Somebody asks to be called. The number lies in the sealed schema and goes when the call has been made."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area


class Callback(models.Model):
    """A call that the social service or the Observatory owes somebody. Why they ask is not asked."""

    class Language(models.TextChoices):
        """In which language they would like to speak, each in its own words."""

        GREEK = "el", "Ελληνικά"
        ENGLISH = "en", "English"
        ALBANIAN = "sq", "Shqip"
        ARABIC = "ar", "العربية"
        RUSSIAN = "ru", "Русский"
        UKRAINIAN = "uk", "Українська"

    class Time(models.TextChoices):
        """When it suits them."""

        ANY = "any", _("Any time in working hours")
        MORNING = "morning", _("Morning, 8 to 11")
        NOON = "noon", _("Around noon, 11 to 14")
        AFTERNOON = "afternoon", _("Afternoon, 14 to 17")

    class Discretion(models.TextChoices):
        """What is said to whoever picks up."""

        OPEN = "open", _("You may say who is calling")
        DISCREET = "discreet", _("Speak to me only: say nothing to others, leave no message")

    class State(models.TextChoices):
        """Where the call stands."""

        OPEN = "open", _("To be called")
        REACHED = "reached", _("We spoke")
        NOT_REACHED = "not_reached", _("Could not be reached")
        WITHDRAWN = "withdrawn", _("Taken back by the person")
        EXPIRED = "expired", _("Nobody called in time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    language = models.CharField(
        _("language to speak"), max_length=2, choices=Language, default=Language.GREEK
    )
    best_time = models.CharField(_("when"), max_length=9, choices=Time, default=Time.ANY)
    discretion = models.CharField(
        _("if somebody else picks up"), max_length=8, choices=Discretion, default=Discretion.OPEN
    )
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.OPEN)
    attempts = models.PositiveSmallIntegerField(_("calls without an answer"), default=0)
    attempted_at = models.DateTimeField(_("last call"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        """What has ended says when; a call without an answer has a time."""

        verbose_name = _("call back")
        verbose_name_plural = _("calls back")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["region", "state", "created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="callback_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(attempts=0, attempted_at=None) | Q(attempts__gt=0, attempted_at__isnull=False),
                name="callback_attempt_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(municipality=F("region")), name="callback_municipality_is_no_region"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def is_open(self) -> bool:
        """Somebody still waits."""
        return self.state == self.State.OPEN


class CallbackNumber(models.Model):
    """Whom to call: a row of ``directory_sealed``, which the web's role cannot read."""

    callback = models.OneToOneField(
        Callback, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    telephone = models.CharField(max_length=20)
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        """Kept by a migration, apart from everything that Django manages."""

        managed = False
        db_table = '"directory_sealed"."callback_number"'

    def __str__(self) -> str:
        return "confidential"
