"""Page types. A region's tree: home → section → content, and news under its own section."""

from typing import Any, ClassVar

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from entaxis.geography.models import Area
from entaxis.portal.blocks import BodyBlock

NEWS_A_PAGE = 12


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
        "portal.NewsIndexPage",
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
        """The sections that the portal knows (R2–R5; R6 is a page of news)."""

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


class NewsIndexPage(PortalPage):
    """News: actions and announcements of three kinds of publisher, and events (R6)."""

    icon = "news"

    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.NewsPage"]
    template = "portal/news_index.html"

    class Meta:
        """How editors see it."""

        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of news, of one kind of publisher when asked."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        publisher = request.GET.get("publisher", "")
        publisher = publisher if publisher in NewsPage.Publisher.values else ""
        return context | {
            "page_of_news": self.news(publisher, request.GET.get("page", "")),
            "publishers": NewsPage.Publisher.choices,
            "publisher": publisher,
        }

    def news(self, publisher: str, number: str) -> "ListPage[NewsPage]":
        """Live news below this page, latest first; a wrong number of a page leads to the nearest."""
        news = (
            NewsPage.objects.child_of(self).live().select_related("municipality").order_by("-date", "-pk")
        )
        if publisher:
            news = news.filter(publisher=publisher)
        return Paginator(news, NEWS_A_PAGE).get_page(number)


class NewsPage(WrittenPage):
    """An action, an announcement or an event."""

    class Kind(models.TextChoices):
        """What it is."""

        ANNOUNCEMENT = "announcement", _("Announcement")
        ACTION = "action", _("Action")
        EVENT = "event", _("Event")

    class Publisher(models.TextChoices):
        """Who says it."""

        OBSERVATORY = "observatory", _("Observatory")
        MUNICIPALITY = "municipality", _("Municipality")
        STRUCTURE = "structure", _("Structure")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.ANNOUNCEMENT)
    publisher = models.CharField(
        _("kind of publisher"), max_length=16, choices=Publisher, default=Publisher.OBSERVATORY
    )
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality"),
        limit_choices_to={"level": "municipality"},
    )  # fmt: skip
    date = models.DateField(_("date"), default=timezone.localdate)
    event_start = models.DateTimeField(_("begins"), null=True, blank=True)
    event_end = models.DateTimeField(_("ends"), null=True, blank=True)
    event_place = models.CharField(_("place"), max_length=200, blank=True)
    event_organiser = models.CharField(_("organiser"), max_length=200, blank=True)
    event_participants = models.CharField(_("participants"), max_length=400, blank=True)
    event_outcome = models.TextField(_("outcome"), max_length=2000, blank=True)

    content_panels: ClassVar[list[Any]] = [
        *WrittenPage.content_panels,
        MultiFieldPanel(
            [FieldPanel(name) for name in ("kind", "publisher", "municipality", "date")], heading=_("News")
        ),
        MultiFieldPanel(
            [
                FieldPanel(f"event_{name}")
                for name in ("start", "end", "place", "organiser", "participants", "outcome")
            ],
            heading=_("Event"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["portal.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "portal/news.html"

    class Meta:
        """How editors see it."""

        verbose_name = _("news")
        verbose_name_plural = _("news")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event_end=None) | models.Q(event_end__gte=models.F("event_start")),
                name="news_event_ends_after_it_begins",
            )
        ]
