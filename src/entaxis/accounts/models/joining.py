"""How people come in: invitations, and requests that somebody decides."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import coherence
from entaxis.accounts.models.bodies import Body
from entaxis.accounts.models.memberships import SCOPE_FITS_ROLE, Membership
from entaxis.accounts.models.people import User
from entaxis.geography.models import Area

INVITATION_HOLDS = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, asked by what became of them."""

    def waiting(self) -> "InvitationQuerySet":
        """Those that were neither accepted nor withdrawn; some may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A role that waits for the person with this address to accept it.

    The link in the mail is signed from ``id`` and ``serial`` (see `accounts.links`): no secret lies in
    the table, and sending again makes every older link void.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=24, choices=Membership.Role)
    region = models.ForeignKey(Area, models.PROTECT, related_name="invitations")
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="municipal_invitations"
    )
    body = models.ForeignKey(Body, models.CASCADE, null=True, blank=True, related_name="invitations")
    language = models.CharField(_("language"), max_length=8, default="el")
    serial = models.PositiveSmallIntegerField(_("how often it was sent"), default=1)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="invitations_sent")
    created_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("holds until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        """One invitation waits for an address, a role and a scope."""

        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "role",
                "region",
                "municipality",
                "body",
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="invitation_waits_once",
            ),
            models.CheckConstraint(condition=SCOPE_FITS_ROLE, name="invitation_scope_fits_role"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_ends_once"
            ),
        ]
        triggers = [coherence.scope_lies_in_region("invitation")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.scope}"

    @property
    def scope(self) -> Body | Area:
        """Where the role will hold."""
        return self.body or self.municipality or self.region

    @property
    def has_expired(self) -> bool:
        """Waited too long."""
        return timezone.now() >= self.expires_at


class AccessRequest(models.Model):
    """Somebody asks to join a body, to speak for one that nobody speaks for yet, or to register one."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waiting")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_requests")
    region = models.ForeignKey(Area, models.PROTECT, related_name="access_requests")
    body = models.ForeignKey(
        Body,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="access_requests",
        verbose_name=_("body"),
    )
    name_el = models.CharField(_("name of the new body"), max_length=200, blank=True)
    kind = models.CharField(_("kind of the new body"), max_length=24, choices=Body.Kind, blank=True)
    municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="municipal_access_requests",
        verbose_name=_("municipality"),
    )
    text = models.TextField(_("who you are and what you do there"), max_length=2000)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="access_requests_decided"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        """It names a body, or says what the new one is; one waits for a person and a body."""

        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "body"],
                condition=Q(state="open", body__isnull=False),
                name="access_request_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False) | ~Q(name_el="") & ~Q(kind=""),
                name="access_request_names_a_body",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], decided_at=None)
                | Q(state__in=["approved", "refused"], decided_at__isnull=False),
                name="access_request_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="access_request_refused_with_reason"
            ),
        ]
        triggers = [coherence.scope_lies_in_region("access_request")]

    def __str__(self) -> str:
        return str(self.body) if self.body else self.name_el

    @property
    def is_municipal(self) -> bool:
        """The new body would belong to a municipality."""
        return self.municipality_id is not None and self.kind in Body.MUNICIPAL_KINDS


class Evidence(models.Model):
    """The paper that a request stands on: in the database, deleted with it, served to deciders only."""

    request = models.OneToOneField(AccessRequest, models.CASCADE, primary_key=True, related_name="evidence")
    name = models.CharField(_("file"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8)
    content = models.BinaryField()

    class Meta:
        """One file a request."""

        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.name
