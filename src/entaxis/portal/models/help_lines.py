"""The lines that answer when nothing else is open."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.models import register_snippet

from entaxis.geography.models import Area


@register_snippet
class HelpLine(ClusterableModel):  # type: ignore[misc]
    """A telephone line; national, or of one region. Hours that nobody has told us are left out."""

    number = models.CharField(_("number"), max_length=20, validators=[RegexValidator(r"^\+?[\d ]+$")])
    region = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region"),
        limit_choices_to={"level": "region"}, help_text=_("Empty: the line is national."),
    )  # fmt: skip
    is_urgent = models.BooleanField(_("for danger to life"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.CharField(_("source of these details"), max_length=200)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    panels = [
        FieldPanel(name) for name in ("number", "region", "is_urgent", "order", "source", "checked_on")
    ] + [InlinePanel("texts", heading=_("Texts"), min_num=1)]

    class Meta:
        """A number stands once in a region."""

        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "region"], nulls_distinct=False, name="help_line_once"
            )
        ]

    def __str__(self) -> str:
        return self.number


class HelpLineText(models.Model):
    """What a line is for, in one language."""

    line = ParentalKey(HelpLine, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=120)
    text = models.CharField(_("what it is for"), max_length=200, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True, help_text=_("Empty: not known to us."))

    panels = [FieldPanel(name) for name in ("language", "name", "text", "hours")]

    class Meta:
        """One text a language."""

        verbose_name = _("text of a help line")
        verbose_name_plural = _("texts of help lines")
        constraints = [models.UniqueConstraint(fields=["line", "language"], name="help_line_text_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
