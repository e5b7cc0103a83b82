"""Memberships: a person, a role, a scope and how long it holds."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import coherence
from entaxis.accounts.models.bodies import Body
from entaxis.accounts.models.people import User
from entaxis.geography.models import Area

# A role has the one scope that is its own; invitations are held to the same.
SCOPE_FITS_ROLE = (
    Q(role__in=["region_administrator", "editor"], municipality=None, body=None)
    | Q(role__in=["municipal_administrator", "municipal_editor"], municipality__isnull=False, body=None)
    | Q(role__in=["body_administrator", "body_member"], municipality=None, body__isnull=False)
)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, asked by time."""

    def in_force(self) -> "MembershipQuerySet":
        """Those that hold today; none holds in a body that is dissolved."""
        today = timezone.localdate()
        return self.filter(
            Q(until=None) | Q(until__gte=today),
            Q(body=None) | Q(body__dissolved_on=None),
            since__lte=today,
        )


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="accounts"
)
class Membership(models.Model):
    """What a person may do, and where: a role in a region, a municipality or a body."""

    class Role(models.TextChoices):
        """The roles that are given; what each may do stands in docs/accounts.md."""

        REGION_ADMINISTRATOR = "region_administrator", _("Region administrator")
        EDITOR = "editor", _("Observatory editor")
        MUNICIPAL_ADMINISTRATOR = "municipal_administrator", _("Administrator of a municipality")
        MUNICIPAL_EDITOR = "municipal_editor", _("Editor of a municipality")
        BODY_ADMINISTRATOR = "body_administrator", _("Administrator of a body")
        BODY_MEMBER = "body_member", _("Member of a body")

    OF_REGION = (Role.REGION_ADMINISTRATOR, Role.EDITOR)
    OF_MUNICIPALITY = (Role.MUNICIPAL_ADMINISTRATOR, Role.MUNICIPAL_EDITOR)
    OF_BODY = (Role.BODY_ADMINISTRATOR, Role.BODY_MEMBER)

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    region = models.ForeignKey(Area, models.PROTECT, related_name="memberships")
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="municipal_memberships"
    )
    body = models.ForeignKey(Body, models.CASCADE, null=True, blank=True, related_name="memberships")
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        """A role has the one scope that is its own; body and municipality lie in the region (trigger)."""

        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "municipality", "body"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=SCOPE_FITS_ROLE,
                name="membership_scope_fits_role",
            ),
        ]
        triggers = [coherence.scope_lies_in_region("membership")]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def scope(self) -> Body | Area:
        """Where it holds: a body, a municipality or a region."""
        return self.body or self.municipality or self.region
