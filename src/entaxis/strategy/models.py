"""Actions of bodies (δράσεις): what is done, by whom, where, for whom, with what money and result."""

from collections.abc import Iterable
from typing import ClassVar

import pghistory
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entaxis.core import prose
from entaxis.core.media import Attachment, Picture, in_language
from entaxis.core.review import Passing
from entaxis.directory.models import Structure
from entaxis.strategy.publications.models import Publication


class Status(models.TextChoices):
    """How far an action is."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    DONE = "done", _("completed")
    STOPPED = "stopped", _("stopped")


class Funding(models.TextChoices):
    """Whose money it is."""

    ESF_PLUS = "esf_plus", _("European Social Fund Plus")
    ERDF = "erdf", _("European Regional Development Fund")
    RECOVERY = "recovery", _("Recovery and Resilience Facility")
    NATIONAL = "national", _("national budget")
    REGIONAL = "regional", _("budget of the region")
    MUNICIPAL = "municipal", _("budget of the municipality")
    OWN = "own", _("own means of the body")
    DONATION = "donation", _("donation")
    OTHER = "other", _("other")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["changed_at", "stems"],
    app_label="strategy",
)
class Action(Publication):
    """An action of inclusion; later a leaf of the strategy's tree and a layer of the maps."""

    structures = models.ManyToManyField(
        Structure, blank=True, related_name="linked_actions", verbose_name=_("structures that take part")
    )
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(_("how far it is"), max_length=8, choices=Status, default=Status.PLANNED)
    point = models.PointField(_("point on the map"), null=True, blank=True)
    place_el = models.CharField(_("place"), max_length=200, blank=True)
    place_en = models.CharField(_("place, in English"), max_length=200, blank=True)
    amount_eur = models.DecimalField(
        _("amount in euros"), max_digits=13, decimal_places=2, null=True, blank=True
    )
    funding = models.CharField(_("source of the money"), max_length=16, choices=Funding, blank=True)
    programme = models.CharField(_("programme and code of the operation"), max_length=160, blank=True)
    results_el = models.TextField(_("results"), max_length=4000, blank=True)
    results_en = models.TextField(_("results, in English"), max_length=4000, blank=True)
    results_on = models.DateField(_("results as of"), null=True, blank=True)
    people_reached = models.PositiveIntegerField(_("people reached"), null=True, blank=True)

    PAGE: ClassVar[str] = "strategy:action"
    OWN: ClassVar[tuple[str, ...]] = (
        *("status", "starts_on", "ends_on", "place_el", "place_en", "point", "structures"),
        *("amount_eur", "funding", "programme"),
        *("results_el", "results_en", "people_reached", "results_on"),
    )
    TRANSLATED: ClassVar[tuple[str, ...]] = ("title", "summary", "text", "place", "results")

    class Meta(Publication.Meta):
        """It ends after it begins; results say of when they are."""

        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            *Publication.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="action_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(amount_eur=None) | Q(amount_eur__gte=0), name="action_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(results_el="", people_reached=None) | Q(results_on__isnull=False),
                name="action_results_have_a_day",
            ),
        ]

    @property
    def place(self) -> str:
        """In the reader's language."""
        return in_language(self.place_el, self.place_en)

    @property
    def results(self) -> SafeString:
        """In the reader's language, safe to show."""
        return prose.html(in_language(self.results_el, self.results_en))

    def lacks(self) -> Iterable[str]:
        """What it still needs before it can be published."""
        yield from super().lacks()
        if self.status == Status.DONE and not self.results_el:
            yield gettext("The action is completed: say what came of it.")


class ActionPassing(Passing):
    """A step of an action's review."""

    row = models.ForeignKey(Action, models.CASCADE, related_name="passings")


class ActionPicture(Picture):
    """A picture of an action."""

    row = models.ForeignKey(Action, models.CASCADE, related_name="pictures")


class ActionFile(Attachment):
    """A document of an action."""

    row = models.ForeignKey(Action, models.CASCADE, related_name="files")
