"""Translations are made or checked by people; the software carries them and says who checked (R7b)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from entaxis.geography.models import Area


class TranslationReviewQuerySet(models.QuerySet["TranslationReview"]):
    """Checks, asked by where they count."""

    def of(self, region: Area) -> "TranslationReviewQuerySet":
        """Those of the whole platform and those of this region."""
        return self.filter(Q(region=None) | Q(region=region.pk))


@register_snippet
class TranslationReview(models.Model):
    """A person or body has read these pages in this language and found them right."""

    class Part(models.TextChoices):
        """The pages that matter."""

        SEARCH = "search", _("Search of structures")
        STRUCTURE = "structure", _("Page of a structure")
        EMERGENCY = "emergency", _("Emergency")
        RIGHTS = "rights", _("Rights")

    region = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region"),
        limit_choices_to={"level": "region"}, help_text=_("Empty: it counts in every region."),
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    part = models.CharField(_("pages"), max_length=16, choices=Part)
    checked_by = models.CharField(_("checked by"), max_length=160)
    checked_on = models.DateField(_("checked on"))

    panels = [FieldPanel(name) for name in ("region", "language", "part", "checked_by", "checked_on")]

    objects = TranslationReviewQuerySet.as_manager()

    class Meta:
        """The last check of a part counts."""

        verbose_name = _("check of a translation")
        verbose_name_plural = _("checks of translations")
        ordering = ["-checked_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_part_display()} – {self.get_language_display()}: {self.checked_by}"
