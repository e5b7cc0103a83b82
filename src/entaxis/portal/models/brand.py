"""How a region's Observatory presents itself."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images.models import SourceImageIOError
from wagtail.models import Orderable

from entaxis.geography.models import Area


def in_language(greek: str, english: str) -> str:
    """Greek for Greek readers; English for everybody else, where it has been written."""
    is_greek = (get_language() or "el").startswith("el")
    return greek if is_greek else english or greek


@register_setting(icon="site", order=100)
class RegionBrand(BaseSiteSetting, ClusterableModel):  # type: ignore[misc]
    """Name, colours and contact of the Observatory of one region; ties the region to its site."""

    class Palette(models.TextChoices):
        """Palettes of the design system: each keeps the measured contrast."""

        AEGEAN = "aegean", _("Aegean blue")
        PINE = "pine", _("Pine")
        OLIVE = "olive", _("Olive")
        MUREX = "murex", _("Murex")

    region = models.OneToOneField(
        Area, models.PROTECT, related_name="brand", limit_choices_to={"level": "region"}
    )
    name_el = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    region_name_el = models.CharField(_("name of the region"), max_length=120)
    region_name_en = models.CharField(_("English name of the region"), max_length=120, blank=True)
    palette = models.CharField(_("palette"), max_length=16, choices=Palette, default=Palette.AEGEAN)
    exit_url = models.URLField(
        _("where the quick exit leads"),
        default="https://www.meteo.gr/",
        help_text=_("A neutral page that many people read, such as the weather."),
    )
    contact_email = models.EmailField(_("e-mail of the Observatory"), blank=True)
    contact_telephone = models.CharField(_("telephone of the Observatory"), max_length=32, blank=True)

    panels = [
        FieldPanel("region"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("name_el", "name_en", "region_name_el", "region_name_en", "palette")
            ],
            heading=_("Brand"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("contact_email", "contact_telephone", "exit_url")],
            heading=_("Contact"),
        ),
        InlinePanel("operations", heading=_("Co-funded operations")),
    ]

    class Meta:
        """One a site and a region."""

        verbose_name = _("region's brand")
        verbose_name_plural = _("regions' brands")

    def __str__(self) -> str:
        return f"{self.name_el}, {self.region_name_el}"

    @property
    def name(self) -> str:
        """Name of the Observatory in the reader's language."""
        return in_language(self.name_el, self.name_en)

    @property
    def region_name(self) -> str:
        """Name of the region in the reader's language."""
        return in_language(self.region_name_el, self.region_name_en)


class PublicityOperation(Orderable):  # type: ignore[misc]
    """A co-funded operation that the pages belonging to it name beside the Union's emblem (R7)."""

    brand = ParentalKey(RegionBrand, on_delete=models.CASCADE, related_name="operations")
    title_el = models.CharField(_("title of the operation"), max_length=250)
    title_en = models.CharField(_("English title"), max_length=250, blank=True)
    mis_code = models.CharField(_("MIS code"), max_length=7, blank=True)
    programme_el = models.CharField(_("programme and period"), max_length=160)
    programme_en = models.CharField(_("programme and period, in English"), max_length=160, blank=True)

    first_year = models.PositiveSmallIntegerField(_("first year of the period"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("last year of the period"), null=True, blank=True)
    emblem = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("emblem of the programme"),
        help_text=_(
            "Shown beside the Union's; the name of the programme stands for it where it is not seen."
        ),
    )
    paths = models.TextField(
        _("pages that belong to it"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Beginnings of addresses without the language, one a line, for example documentation/. "
            "Empty: every page of the region."
        ),
    )

    panels = [
        FieldPanel(name)
        for name in (
            *("title_el", "title_en", "mis_code", "programme_el", "programme_en"),
            *("first_year", "last_year", "emblem", "paths"),
        )
    ]

    class Meta(Orderable.Meta):  # type: ignore[misc]
        """The code of the State's system has seven digits."""

        verbose_name = _("co-funded operation")
        verbose_name_plural = _("co-funded operations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mis_code="") | models.Q(mis_code__regex=r"^\d{7}$"),
                name="publicity_mis_code",
                violation_error_message=_("A MIS code has seven digits."),
            ),
            models.CheckConstraint(
                condition=models.Q(first_year=None)
                | models.Q(last_year=None)
                | models.Q(last_year__gte=models.F("first_year")),
                name="publicity_years_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title_el

    @property
    def title(self) -> str:
        """Title in the reader's language."""
        return in_language(self.title_el, self.title_en)

    @property
    def programme(self) -> str:
        """Programme in the reader's language, with its years where its name does not say them."""
        name = in_language(self.programme_el, self.programme_en)
        years = [str(year) for year in (self.first_year, self.last_year) if year]
        is_said = all(year in name for year in years)
        return name if is_said else f"{name} {'–'.join(dict.fromkeys(years))}"

    @property
    def emblem_picture(self) -> Any:
        """The emblem as a page shows it; nothing where there is none or its file is gone."""
        if self.emblem is None:
            return None
        try:
            return self.emblem.get_rendition("max-200x64|format-webp")
        except SourceImageIOError:
            return None

    def covers(self, path: str) -> bool:
        """Whether the page at ``path`` (no language, no leading slash) belongs to it."""
        wanted = [line.strip().lstrip("/") for line in self.paths.splitlines() if line.strip()]
        return not wanted or any(path.startswith(each) for each in wanted)
