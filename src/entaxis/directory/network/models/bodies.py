"""What a body says of itself beside its name."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    exclude=["version", "last_modified"],
    app_label="directory",
)
class BodyProfile(models.Model):
    """On what a body works, for whom and where; whether it takes messages.

    Keys and codes, which stay the same through the versions of lists and registers.
    """

    body = models.OneToOneField(Body, models.CASCADE, primary_key=True, related_name="profile")
    themes = ArrayField(models.SlugField(max_length=64), verbose_name=_("themes"), default=list, blank=True)
    target_groups = ArrayField(
        models.SlugField(max_length=64), verbose_name=_("for whom"), default=list, blank=True
    )
    area_codes = ArrayField(
        models.CharField(max_length=8),
        verbose_name=_("municipalities where it works"),
        default=list,
        blank=True,
    )
    takes_letters = models.BooleanField(_("takes messages from this page"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        """One a body."""

        verbose_name = _("profile of a body")
        verbose_name_plural = _("profiles of bodies")

    def __str__(self) -> str:
        return str(self.body)
