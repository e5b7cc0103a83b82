"""The small closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By which way somebody is told."""

    PORTAL = "portal", _("in the portal")
    MAIL = "mail", _("by mail")


class State(models.TextChoices):
    """How far a delivery has come."""

    QUEUED = "queued", _("will be sent")
    HELD = "held", _("waits for the summary")
    SENT = "sent", _("sent")
    BOUNCED = "bounced", _("came back")
    FAILED = "failed", _("could not be sent")


class Pace(models.TextChoices):
    """How often somebody wants mail of a kind."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day, together")
    WEEKLY = "weekly", _("once a week, together")
    NEVER = "never", _("not by mail")


class Scope(models.TextChoices):
    """What a subscription follows."""

    ALL = "all", _("everything in the region")
    MUNICIPALITY = "municipality", _("a municipality")
    BODY = "body", _("a body")
    THEME = "theme", _("a theme")
    INDICATOR = "indicator", _("an indicator")


class Theme(models.TextChoices):
    """The code lists whose terms are themes."""

    NEEDS = "needs", _("Needs")
    TARGET_GROUPS = "target_groups", _("Target groups")
