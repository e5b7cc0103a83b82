"""News and events of the Observatory, of bodies and of structures (R6)."""

from collections.abc import Iterable
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entaxis.core import prose
from entaxis.core.media import Attachment, Picture, in_language
from entaxis.core.review import Passing
from entaxis.strategy.models import Action
from entaxis.strategy.publications.models import Publication


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["changed_at", "stems"],
    app_label="portal",
)
class NewsItem(Publication):
    """An announcement, an event, or how an action is going."""

    class Kind(models.TextChoices):
        """What it is."""

        ANNOUNCEMENT = "announcement", _("Announcement")
        EVENT = "event", _("Event")
        OF_ACTION = "of_action", _("News of an action")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.ANNOUNCEMENT)
    action = models.ForeignKey(
        Action,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="news",
        verbose_name=_("action it is about"),
    )
    event_start = models.DateTimeField(_("begins"), null=True, blank=True)
    event_end = models.DateTimeField(_("ends"), null=True, blank=True)
    place_el = models.CharField(_("place"), max_length=200, blank=True)
    place_en = models.CharField(_("place, in English"), max_length=200, blank=True)
    organiser_el = models.CharField(_("organiser"), max_length=200, blank=True)
    organiser_en = models.CharField(_("organiser, in English"), max_length=200, blank=True)
    participants = models.PositiveIntegerField(
        _("people who came"), null=True, blank=True, help_text=_("After the event.")
    )
    outcome_el = models.TextField(
        _("what came of it"), max_length=4000, blank=True, help_text=_("After the event.")
    )
    outcome_en = models.TextField(_("what came of it, in English"), max_length=4000, blank=True)

    PAGE: ClassVar[str] = "news:item"
    OWN: ClassVar[tuple[str, ...]] = (
        *("kind", "action", "event_start", "event_end", "place_el", "place_en"),
        *("organiser_el", "organiser_en", "participants", "outcome_el", "outcome_en"),
    )
    TRANSLATED: ClassVar[tuple[str, ...]] = (
        *Publication.TRANSLATED,
        "place",
        "organiser",
        "outcome",
    )

    class Meta(Publication.Meta):
        """An event begins, and ends after that; news of an action name it."""

        verbose_name = _("news")
        verbose_name_plural = _("news")
        constraints = [
            *Publication.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind="event") | Q(event_start__isnull=False), name="news_event_begins"
            ),
            models.CheckConstraint(
                condition=Q(event_end=None) | Q(event_end__gte=F("event_start"), event_start__isnull=False),
                name="news_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind="of_action") | Q(action__isnull=False), name="news_of_action_names_it"
            ),
        ]
        indexes = [
            *Publication.Meta.indexes,
            models.Index(
                fields=["region", "event_start"],
                condition=Q(original=None, event_start__isnull=False),
                name="news_calendar",
            ),
        ]

    @property
    def place(self) -> str:
        """In the reader's language."""
        return in_language(self.place_el, self.place_en)

    @property
    def organiser(self) -> str:
        """In the reader's language."""
        return in_language(self.organiser_el, self.organiser_en)

    @property
    def outcome(self) -> SafeString:
        """In the reader's language, safe to show."""
        return prose.html(in_language(self.outcome_el, self.outcome_en))

    @property
    def is_over(self) -> bool:
        """The event has ended."""
        moment = self.event_end or self.event_start
        return moment is not None and moment < timezone.now()

    def lacks(self) -> Iterable[str]:
        """What it still needs before it can be published."""
        yield from super().lacks()
        if self.kind == self.Kind.EVENT and not self.place_el:
            yield gettext("The event has no place.")
        if self.kind == self.Kind.EVENT and self.is_over and not self.outcome_el:
            yield gettext("The event is over: say what came of it.")


class NewsPassing(Passing):
    """A step of the review."""

    row = models.ForeignKey(NewsItem, models.CASCADE, related_name="passings")


class NewsPicture(Picture):
    """A picture of a piece of news."""

    row = models.ForeignKey(NewsItem, models.CASCADE, related_name="pictures")


class NewsFile(Attachment):
    """A document of a piece of news."""

    row = models.ForeignKey(NewsItem, models.CASCADE, related_name="files")
