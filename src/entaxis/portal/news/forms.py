"""The form of news and events, and the filters of their list."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from entaxis.portal.models import NewsItem
from entaxis.strategy.models import Action
from entaxis.strategy.publications.forms import MomentInput, PublicationForm


class NewsForm(PublicationForm):
    """An announcement, an event, or news of an action."""

    class Meta(PublicationForm.Meta):
        """Its fields, in the form's order."""

        model = NewsItem
        fields = NewsItem.SHARED + NewsItem.OWN
        widgets: ClassVar[dict[str, Any]] = PublicationForm.Meta.widgets | {
            "event_start": MomentInput(),
            "event_end": MomentInput(),
            "outcome_el": forms.Textarea(attrs={"rows": 4}),
            "outcome_en": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("action", Action.objects.of(self.region).public().order_by("title_el"))

    def clean(self) -> dict[str, Any]:
        """What each kind needs; an event ends after it begins."""
        cleaned = super().clean()
        if cleaned.get("kind") == NewsItem.Kind.EVENT and not cleaned.get("event_start"):
            self.add_error("event_start", _("Say when the event begins."))
        if cleaned.get("event_end") and not cleaned.get("event_start"):
            self.add_error("event_start", _("Say when the event begins."))
        if cleaned.get("kind") == NewsItem.Kind.OF_ACTION and not cleaned.get("action"):
            self.add_error("action", _("Say which action it is about."))
        self.refuse_reversed("event_start", "event_end", _("The event ends before it begins."))
        return cleaned
