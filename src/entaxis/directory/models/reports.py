"""What readers say is wrong: tasks for the editors."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models.structures import Structure


class ErrorReport(models.Model):
    """Somebody found an error on a structure's page. Who they are is not asked."""

    class Topic(models.TextChoices):
        """What is wrong."""

        TELEPHONE = "telephone", _("The telephone or e-mail does not answer")
        HOURS = "hours", _("The opening hours are wrong")
        PLACE = "place", _("The address or the point is wrong")
        SERVICES = "services", _("The services or conditions are wrong")
        CLOSED = "closed", _("The structure has closed")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """Where the task stands."""

        OPEN = "open", _("To be checked")
        CORRECTED = "corrected", _("Corrected")
        NOTHING_WRONG = "nothing_wrong", _("Checked: nothing wrong")

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="error_reports")
    topic = models.CharField(_("what is wrong"), max_length=16, choices=Topic)
    message = models.TextField(_("what should it say?"), max_length=1000, blank=True)
    email = models.EmailField(_("your e-mail, if you want an answer"), blank=True)
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        """A handled report says when."""

        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["structure", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", handled_at=None) | ~Q(state="open") & Q(handled_at__isnull=False),
                name="report_handled_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.get_topic_display()
