"""People, the bodies they belong to, and what they may do there."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from entaxis.geography.models import Area


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a person; without a password nobody can sign in as them."""
        if not email:
            raise ValueError("a person needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The platform's administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    display_name = models.CharField(_("name shown"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, default="el")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(
        _("may enter the editing pages"),
        default=False,
        help_text=_("Kept true to the memberships by the platform itself."),
    )
    is_synthetic = models.BooleanField(_("demonstration person"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """An address belongs to one person, whatever its case."""

        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.display_name or str(self.pk)

    def get_full_name(self) -> str:
        """The name shown."""
        return self.display_name

    def get_short_name(self) -> str:
        """The name shown."""
        return self.display_name


class Body(models.Model):
    """A body (φορέας): region, municipality, NGO … – not a structure, which is a place of service."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")
        MUNICIPAL_ENTITY = "municipal_entity", _("Legal entity of a municipality")
        STATE = "state", _("Service of the State")
        NGO = "ngo", _("Civil society organisation")
        CHURCH = "church", _("Church or metropolis")
        SOCIAL_PARTNER = "social_partner", _("Social partner")
        IMPLEMENTING_BODY = "implementing_body", _("Implementing body")
        MANAGING_AUTHORITY = "managing_authority", _("Managing authority")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Area, models.PROTECT, related_name="bodies")
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="municipal_bodies"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    name_el = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    description_el = models.TextField(_("what it does"), blank=True)
    description_en = models.TextField(_("what it does, in English"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=32, blank=True)
    website = models.URLField(_("website"), blank=True)
    is_synthetic = models.BooleanField(_("demonstration entry"), default=False, editable=False)
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        """A name stands once in a region."""

        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["name_el"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name_el"], name="body_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        is_greek = (get_language() or "el").startswith("el")
        return self.name_el if is_greek else self.name_en or self.name_el


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, asked by time."""

    def in_force(self) -> "MembershipQuerySet":
        """Those that hold today."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class Membership(models.Model):
    """What a person may do, and where: a role in a region, a municipality or a body."""

    class Role(models.TextChoices):
        """The roles of the platform so far."""

        EDITOR = "editor", _("Observatory editor")
        REGION_ADMINISTRATOR = "region_administrator", _("Region administrator")
        BODY_MEMBER = "body_member", _("Member of a body")

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
        """A member of a body names it; the Observatory's own roles hold in a region."""

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
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role="body_member", body__isnull=False)
                | ~Q(role="body_member") & Q(body=None, municipality=None),
                name="membership_scope_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
