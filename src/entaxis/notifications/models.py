"""Messages and what became of them, wishes, subscriptions, addresses that mail does not reach."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body, User
from entaxis.geography.models import Area
from entaxis.notifications.choices import Channel, Pace, Scope, State, Theme


class Subscription(models.Model):
    """Somebody who wants to be told by mail of what is published; in force once confirmed.

    Links to confirm and to leave carry a signed token (`links`), so nothing lies here that would open
    them. Leaving removes the row, and with it every mail that still waits.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="subscriptions")
    address = models.EmailField(_("e-mail"), blank=True)
    region = models.ForeignKey(Area, models.PROTECT, related_name="+")
    scope = models.CharField(_("what to follow"), max_length=16, choices=Scope, default=Scope.ALL)
    municipality = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.ForeignKey(Body, models.CASCADE, null=True, blank=True, related_name="+")
    theme_list = models.CharField(_("code list"), max_length=16, choices=Theme, blank=True)
    theme = models.SlugField(_("theme"), max_length=64, blank=True)  # a term's key: it outlives versions
    indicator = models.SlugField(_("indicator"), max_length=48, blank=True)  # its code, which never changes
    language = models.CharField(_("language"), max_length=8, default="el")
    created = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        """One row for an address or person and what it follows; the scope says which field is filled."""

        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) & ~Q(address="") | Q(user__isnull=False, address=""),
                name="subscription_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(
                    scope=Scope.ALL, municipality=None, body=None, theme="", theme_list="", indicator=""
                )
                | Q(
                    scope=Scope.MUNICIPALITY,
                    municipality__isnull=False,
                    body=None,
                    theme="",
                    theme_list="",
                    indicator="",
                )
                | Q(
                    scope=Scope.BODY,
                    municipality=None,
                    body__isnull=False,
                    theme="",
                    theme_list="",
                    indicator="",
                )
                | Q(scope=Scope.THEME, municipality=None, body=None, indicator="")
                & ~Q(theme="")
                & ~Q(theme_list="")
                | Q(scope=Scope.INDICATOR, municipality=None, body=None, theme="", theme_list="")
                & ~Q(indicator=""),
                name="subscription_fits_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="subscription_address_lower_case"
            ),
            models.UniqueConstraint(
                fields=[
                    "region",
                    "user",
                    "address",
                    "scope",
                    "municipality",
                    "body",
                    "theme_list",
                    "theme",
                    "indicator",
                ],
                nulls_distinct=False,
                name="subscription_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_scope_display()

    @property
    def recipient(self) -> str:
        """The address that mail goes to."""
        return self.user.email if self.user else self.address


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages, asked by reader."""

    def in_portal_of(self, user: User, region: Area) -> "MessageQuerySet":
        """Those that the centre of this region shows to this person."""
        return self.filter(user=user, region=region, is_digest=False)

    def unread(self) -> "MessageQuerySet":
        """Those that were not yet opened."""
        return self.filter(read_at=None)


class Message(models.Model):
    """One happening told to one person, or to one address of somebody without an account.

    The words of a mail are made from ``context`` when it is sent, and are not kept. ``title`` is
    neutral: it may be read on a locked telephone, over a shoulder, in a mailbox of the family.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="messages")
    address = models.EmailField(_("e-mail"), blank=True)
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    region = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=64)
    occasion = models.CharField(_("what it is about, told once"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    url = models.CharField(_("page"), max_length=500, blank=True)
    context = models.JSONField(_("what the mail says"), default=dict, encoder=DjangoJSONEncoder)
    language = models.CharField(_("language"), max_length=8)
    is_digest = models.BooleanField(_("a summary of others"), default=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        """A person or an address; the same occasion once for each."""

        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) & ~Q(address="") | Q(user__isnull=False, address=""),
                name="message_one_reader",
            ),
            models.UniqueConstraint(
                fields=["kind", "occasion", "user", "address"],
                condition=~Q(occasion=""),
                nulls_distinct=False,
                name="message_occasion_once",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created"], name="message_of_user"),
            models.Index(
                fields=["user"], condition=Q(read_at=None, is_digest=False), name="message_unread"
            ),
            models.Index(fields=["created"], name="message_by_age"),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    @property
    def recipient(self) -> str:
        """The address that mail goes to."""
        return self.user.email if self.user else self.address


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries, asked by what is to be done."""

    def due(self) -> "DeliveryQuerySet":
        """Mail whose time has come, the oldest first."""
        return self.filter(channel=Channel.MAIL, state=State.QUEUED, due_at__lte=timezone.now()).order_by(
            "due_at"
        )

    def in_trouble(self, region: Area) -> "DeliveryQuerySet":
        """Mail of this region that failed or came back, unless a summary carries it."""
        return self.filter(
            message__region=region, state__in=[State.FAILED, State.BOUNCED], joined_in=None
        ).order_by("-due_at", "pk")

    def open(self) -> "DeliveryQuerySet":
        """Those that something is still to happen to."""
        return self.filter(state__in=[State.QUEUED, State.HELD])


class Delivery(models.Model):
    """What became of a message on one channel.

    ``mail_identity`` is fixed when the row is made: a mail that is repeated after a crash between sending
    and noting bears the same name, and mailboxes know it for the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=8, choices=State)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("to be sent after"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    mail_identity = models.CharField(_("Message-ID"), max_length=200, null=True, blank=True, unique=True)
    fault = models.CharField(_("what went wrong"), max_length=80, blank=True)  # a code, never an address
    joined_in = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="joined"
    )  # the summary that carries it

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        """One for a message and a channel; a mail has a name, and a time once it was sent."""

        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_channel_once"),
            models.CheckConstraint(
                condition=Q(channel=Channel.PORTAL, mail_identity=None)
                | Q(channel=Channel.MAIL, mail_identity__isnull=False),
                name="delivery_mail_has_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT) | Q(sent_at__isnull=False), name="delivery_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(joined_in=None) | ~Q(joined_in=F("id")), name="delivery_not_in_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=State.QUEUED), name="delivery_due"),
            models.Index(fields=["due_at"], condition=Q(state=State.HELD), name="delivery_held"),
            models.Index(
                fields=["message"],
                condition=Q(state__in=[State.FAILED, State.BOUNCED]),
                name="delivery_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_state_display()}"


class Preference(models.Model):
    """How often a person wants mail of one kind, where it is not the kind's own pace."""

    user = models.ForeignKey(User, models.CASCADE, related_name="message_preferences")
    kind = models.CharField(_("kind"), max_length=64)
    pace = models.CharField(_("how often"), max_length=8, choices=Pace)

    class Meta:
        """One wish for a kind."""

        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_pace_display()}"


class Suppression(models.Model):
    """An address that mail came back from, or that complained; known by its keyed hash alone."""

    class Reason(models.TextChoices):
        """Why nothing is sent there."""

        BOUNCE = "bounce", _("mail came back")
        COMPLAINT = "complaint", _("the reader complained")

    digest = models.CharField(_("keyed hash of the address"), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    created = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        """An address is held back once."""

        verbose_name = _("address held back")
        verbose_name_plural = _("addresses held back")

    def __str__(self) -> str:
        return self.get_reason_display()
