"""What bodies write for readers and the Observatory reviews: requests for help, practices, networks."""

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.core.review import Passing, Reviewed, State
from entaxis.directory.models.structures import Structure
from entaxis.directory.models.text import in_language
from entaxis.directory.network.choices import LONG, PROTECTED_GROUPS
from entaxis.geography.models import Area


class PieceQuerySet(models.QuerySet[Any]):
    """Pieces, asked by name."""

    def of(self, region: Area) -> "PieceQuerySet":
        """Those of ``region``."""
        return self.filter(region=region)

    def published(self) -> "PieceQuerySet":
        """Those that readers see."""
        return self.filter(state=State.PUBLISHED)


class Piece(Reviewed):
    """A text of a body, in Greek and perhaps in English, on the way through review."""

    region = models.ForeignKey(Area, models.PROTECT, related_name="+", editable=False)
    body = models.ForeignKey(Body, models.CASCADE, related_name="%(class)ss", verbose_name=_("body"))
    title_el = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    text_el = models.TextField(_("description"), max_length=LONG)
    text_en = models.TextField(_("English description"), max_length=LONG, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)

    objects = PieceQuerySet.as_manager()

    class Meta:
        """Each kind has its own table; what readers see has a day."""

        abstract = True
        ordering = ["-published_at", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="%(class)s_state"),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
                name="%(class)s_published_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self, "title")

    @property
    def text(self) -> str:
        """The description in the reader's language."""
        return in_language(self, "text")


class About(models.Model):
    """On what, for whom and where. Keys stay the same through the versions of the lists."""

    themes = ArrayField(models.SlugField(max_length=64), verbose_name=_("themes"), default=list)
    target_groups = ArrayField(
        models.SlugField(max_length=64), verbose_name=_("for whom"), default=list, blank=True
    )
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("municipality"),
        help_text=_("Empty: the whole region."),
    )

    class Meta:
        """Stands beside `Piece`."""

        abstract = True


def in_three_months() -> date:
    """How long a request for volunteers stands unless told otherwise."""
    return timezone.localdate() + timedelta(days=90)


class VolunteerRequest(Piece, About):
    """A body or a structure looks for volunteers."""

    structure = models.ForeignKey(
        Structure,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="volunteer_requests",
        verbose_name=_("for the structure"),
    )
    times = models.CharField(_("when and how often"), max_length=200, blank=True)
    needs_vetting = models.BooleanField(
        _("volunteers will be with minors or old people"),
        default=False,
        help_text=_(
            "Then each volunteer is checked before anybody meets, and nobody is told of the other."
        ),
    )
    expires_on = models.DateField(_("stands until"), default=in_three_months)

    class Meta(Piece.Meta):
        """Where minors or old people are concerned, somebody checks first."""

        verbose_name = _("request for volunteers")
        verbose_name_plural = _("requests for volunteers")
        constraints = [
            *Piece.Meta.constraints,
            models.CheckConstraint(
                condition=Q(needs_vetting=True) | ~Q(target_groups__overlap=sorted(PROTECTED_GROUPS)),
                name="volunteer_request_vets_for_the_protected",
            ),
        ]

    @property
    def is_over(self) -> bool:
        """Its last day has passed, it was withdrawn, or its body is no more."""
        is_public = self.state == State.PUBLISHED and not self.body.is_dissolved
        return not is_public or self.expires_on < timezone.localdate()


class VolunteerRequestStep(Passing):
    """One step of a request for volunteers."""

    row = models.ForeignKey(VolunteerRequest, models.CASCADE, related_name="passings")


class Practice(Piece, About):
    """A good practice: what was done, what came of it and what was learnt."""

    years = models.CharField(_("when it was done"), max_length=40, blank=True)
    results_el = models.TextField(_("results"), max_length=LONG)
    results_en = models.TextField(_("results, in English"), max_length=LONG, blank=True)
    learnt_el = models.TextField(_("what was learnt"), max_length=LONG)
    learnt_en = models.TextField(_("what was learnt, in English"), max_length=LONG, blank=True)
    costs_el = models.CharField(_("costs and means"), max_length=300, blank=True)
    costs_en = models.CharField(_("costs and means, in English"), max_length=300, blank=True)

    class Meta(Piece.Meta):
        """The newest first."""

        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")

    @property
    def results(self) -> str:
        """What came of it, in the reader's language."""
        return in_language(self, "results")

    @property
    def learnt(self) -> str:
        """What was learnt, in the reader's language."""
        return in_language(self, "learnt")

    @property
    def costs(self) -> str:
        """Money and means, in the reader's language."""
        return in_language(self, "costs")


class PracticeStep(Passing):
    """One step of a good practice."""

    row = models.ForeignKey(Practice, models.CASCADE, related_name="passings")


class Network(Piece):
    """Bodies that work together, by an act or by custom; ``body`` coordinates, ``text`` says the aims."""

    is_formal = models.BooleanField(_("founded by an act or a written agreement"), default=False)
    basis = models.CharField(_("the act or agreement"), max_length=300, blank=True)

    class Meta(Piece.Meta):
        """The newest first."""

        verbose_name = _("network of bodies")
        verbose_name_plural = _("networks of bodies")


class NetworkStep(Passing):
    """One step of a network's page."""

    row = models.ForeignKey(Network, models.CASCADE, related_name="passings")


class NetworkMember(models.Model):
    """A body in a network: invited or asking, and in it once the other side agrees."""

    class State(models.TextChoices):
        """How far it has come."""

        INVITED = "invited", _("invited")
        ASKED = "asked", _("asks to join")
        MEMBER = "member", _("member")

    network = models.ForeignKey(Network, models.CASCADE, related_name="members")
    body = models.ForeignKey(Body, models.CASCADE, related_name="network_memberships")
    state = models.CharField(_("state"), max_length=8, choices=State)
    since = models.DateField(_("since"), default=timezone.localdate)

    class Meta:
        """A body stands once in a network."""

        verbose_name = _("member of a network")
        verbose_name_plural = _("members of networks")
        ordering = ["body__name_el", "id"]
        constraints = [models.UniqueConstraint(fields=["network", "body"], name="network_member_once")]

    def __str__(self) -> str:
        return str(self.body)
