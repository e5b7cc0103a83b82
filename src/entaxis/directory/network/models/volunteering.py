"""People who offer help, and how they and those who ask for it are brought together."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.directory.network.models.letters import Correspondence, Writing
from entaxis.directory.network.models.pieces import VolunteerRequest
from entaxis.geography.models import Area


class Vetted(models.Model):
    """Somebody looked at the person before anybody meets: who, when, what was checked."""

    vetted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    vetted_at = models.DateTimeField(_("checked"), null=True, editable=False)
    vetting_note = models.CharField(_("what was checked"), max_length=300, blank=True, editable=False)

    class Meta:
        """Stands beside a writing."""

        abstract = True


class VolunteerOffer(Writing, Vetted):
    """What somebody offers to do. Bodies see the offer; who it is they learn when the person agrees."""

    class State(models.TextChoices):
        """How far it has come."""

        UNCONFIRMED = "unconfirmed", _("waits for the mailbox to confirm it")
        VETTING = "vetting", _("is being checked")
        OPEN = "open", _("open")
        REFUSED = "refused", _("not accepted")

    region = models.ForeignKey(Area, models.PROTECT, related_name="+", editable=False)
    themes = ArrayField(models.SlugField(max_length=64), verbose_name=_("themes"), default=list)
    area_codes = ArrayField(
        models.CharField(max_length=8), verbose_name=_("municipalities"), default=list, blank=True
    )
    times = models.CharField(_("when and how often"), max_length=200, blank=True)
    with_protected = models.BooleanField(_("also with minors or old people"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)

    class Meta(Writing.Meta):
        """An offer to be with minors or old people is open only when somebody checked."""

        verbose_name = _("offer of help")
        verbose_name_plural = _("offers of help")
        indexes = [models.Index(fields=["region", "state", "expires_on"])]
        constraints = [
            *Writing.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="open", with_protected=True) | Q(vetted_at__isnull=False),
                name="volunteer_offer_vetted_for_the_protected",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is, for its writer."""
        return self.times or self.kind_name

    @property
    def stands(self) -> str:
        """What became of it, for its writer."""
        return str(self.get_state_display())


class Introduction(Correspondence, Vetted):
    """A volunteer and a request: begun by either, checked where it must be, then answered.

    ``text`` is by whoever began. Until it is open the body learns nothing of the person.
    """

    class State(models.TextChoices):
        """How far it has come."""

        UNCONFIRMED = "unconfirmed", _("waits for the mailbox to confirm it")
        VETTING = "vetting", _("is being checked")
        REFUSED = "refused", _("not accepted")
        INVITED = "invited", _("the body asks you")
        DECLINED = "declined", _("you declined")
        OPEN = "open", _("the body reads it")
        ANSWERED = "answered", _("answered")

    request = models.ForeignKey(
        VolunteerRequest, models.CASCADE, related_name="introductions", editable=False
    )
    offer = models.ForeignKey(
        VolunteerOffer, models.CASCADE, null=True, related_name="introductions", editable=False
    )
    is_invitation = models.BooleanField(_("begun by the body"), default=False, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.UNCONFIRMED, editable=False
    )

    class Meta(Correspondence.Meta):
        """One for an offer and a request; answered in one state alone."""

        verbose_name = _("message of a volunteer")
        verbose_name_plural = _("messages of volunteers")
        indexes = [models.Index(fields=["request", "state"])]
        constraints = [
            *Correspondence.Meta.constraints,
            models.UniqueConstraint(fields=["request", "offer"], name="introduction_once"),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False)
                | ~Q(state="answered") & Q(answered_at=None),
                name="introduction_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is about, for its writer."""
        return self.request.title

    @property
    def stands(self) -> str:
        """What became of it, for its writer."""
        return str(self.get_state_display())

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to act before its last day."""
        return self.answered_at is None and self.expires_on >= timezone.localdate()
