"""Page types. A region's tree: home → section → content. News are rows of their own (`news`)."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from entaxis.portal.blocks import BodyBlock


class PortalPage(Page):  # type: ignore[misc]
    """What the base template wants to know of every edited page."""

    class Meta:
        """How editors see it."""

        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the way here and this page's address in the other languages."""
        from entaxis.portal import languages
        from entaxis.portal.queries import trail_of, translation_urls

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "trail": trail_of(self, request),
            "languages": languages.choices(request, translation_urls(self, request)),
            "description": self.search_description or getattr(self, "lead", ""),
        }


class WrittenPage(PortalPage):
    """What every page of ours has: a lead, a body, and whether it is demonstration text."""

    lead = models.TextField(_("lead"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("text"))
    is_demonstration = models.BooleanField(
        _("demonstration text"),
        default=False,
        help_text=_("Says on the page that this text was written for the demonstration."),
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        FieldPanel("is_demonstration"),
    ]

    class Meta:
        """How editors see it."""

        abstract = True


class HomePage(PortalPage):
    """The first page of a region: one question, then the five sections."""

    question = models.CharField(_("question"), max_length=60)
    lead = models.TextField(_("lead"), max_length=300, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("question"), FieldPanel("lead")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "portal.SectionPage",
        "portal.ContentPage",
    ]
    template = "portal/home.html"

    class Meta:
        """How editors see it."""

        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add needs, municipalities, sections and latest news."""
        from entaxis.portal.queries import home_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | home_context(self, request)


class SectionPage(WrittenPage):
    """One of the sections of the portal; shows the pages below it and the doors to other rooms."""

    class Key(models.TextChoices):
        """The sections that the portal knows (R2–R5; news stand in their own list)."""

        OBSERVATORY = "observatory", _("The Observatory")
        CONSULTATION = "consultation", _("Consultation")
        DOCUMENTATION = "documentation", _("Documentation")
        EASY = "easy", _("Easy to read")
        ABOUT = "about", _("About this site")

    ICONS: ClassVar[dict[str, str]] = {
        Key.OBSERVATORY: "community",
        Key.CONSULTATION: "consultation",
        Key.DOCUMENTATION: "chart",
        Key.EASY: "easy",
    }

    key = models.CharField(_("section"), max_length=16, choices=Key)

    content_panels: ClassVar[list[Any]] = [*WrittenPage.content_panels, FieldPanel("key")]
    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.ContentPage"]
    template = "portal/section.html"

    class Meta:
        """How editors see it."""

        verbose_name = _("section")
        verbose_name_plural = _("sections")

    @property
    def icon(self) -> str:
        """The icon of this section's card."""
        return self.ICONS.get(self.key, "list")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages below and the doors to other rooms."""
        from entaxis.portal.queries import children_of, doors

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"children": children_of(self), "doors": doors(self.key)}


class ContentPage(WrittenPage):
    """A page of text."""

    is_easy = models.BooleanField(
        _("easy to read"),
        default=False,
        help_text=_("Large letters, one thought a line; written by the rules of easy-to-read language."),
    )
    content_panels: ClassVar[list[Any]] = [*WrittenPage.content_panels, FieldPanel("is_easy")]
    parent_page_types: ClassVar[list[str]] = [
        "portal.HomePage",
        "portal.SectionPage",
        "portal.ContentPage",
    ]
    subpage_types: ClassVar[list[str]] = ["portal.ContentPage"]
    template = "portal/content.html"

    class Meta:
        """How editors see it."""

        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages beside this one."""
        from entaxis.portal.queries import siblings_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"siblings": siblings_of(self)}
