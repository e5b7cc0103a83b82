"""When it is open: weekly hours, days that differ, holidays of a place."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entaxis.directory.models.services import ServiceOffer
from entaxis.directory.models.structures import Structure
from entaxis.directory.models.text import in_language
from entaxis.directory.schedule import Interval
from entaxis.geography.models import Area

# An interval lasts up to 24 hours: it ends on its own day, or – said so – on the next.
ENDS_AFTER_IT_BEGINS = Q(closes_next_day=False, closes__gt=F("opens")) | Q(
    closes_next_day=True, closes__lte=F("opens")
)
ENDS_BEFORE_IT_BEGINS = _(
    "It closes before it opens. If it closes after midnight, say that it closes on the next day."
)


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class OpeningHours(models.Model):
    """One interval of a weekday, of the structure as a whole or of one of its services.

    Times are those of the wall clock in Athens. An interval over midnight belongs to the day on which
    it begins and says ``closes_next_day``; a whole day is 00:00–00:00 of the next.
    """

    structure = models.ForeignKey(Structure, models.CASCADE, null=True, blank=True, related_name="hours")
    offer = models.ForeignKey(ServiceOffer, models.CASCADE, null=True, blank=True, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    closes_next_day = models.BooleanField(_("closes on the next day"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        """An interval belongs to one owner and ends after it begins."""

        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(structure=None, offer__isnull=False) | Q(structure__isnull=False, offer=None),
                name="hours_have_one_owner",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(
                condition=ENDS_AFTER_IT_BEGINS,
                name="hours_end_after_they_begin",
                violation_error_message=ENDS_BEFORE_IT_BEGINS,
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="hours_valid_in_order",
                violation_error_message=_("“Valid to” is before “valid from”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {Interval(self.opens, self.closes, self.closes_next_day)}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class HoursException(models.Model):
    """Days on which the weekly hours do not hold: closed, or other hours. Closed wins over hours."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="hours_exceptions")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    opens = models.TimeField(_("opens"), null=True, blank=True, help_text=_("Empty: closed."))
    closes = models.TimeField(_("closes"), null=True, blank=True)
    closes_next_day = models.BooleanField(_("closes on the next day"), default=False)
    reason_el = models.CharField(_("reason"), max_length=160, blank=True)
    reason_en = models.CharField(_("reason, in English"), max_length=160, blank=True)

    class Meta:
        """Either closed or an interval that ends after it begins."""

        verbose_name = _("days that differ")
        verbose_name_plural = _("days that differ")
        ordering = ["first_day", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="exception_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None, closes_next_day=False)
                | Q(opens__isnull=False, closes__isnull=False) & ENDS_AFTER_IT_BEGINS,
                name="exception_ends_after_it_begins",
                violation_error_message=ENDS_BEFORE_IT_BEGINS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"

    @property
    def span(self) -> str:
        """From when to when; empty on days when it is closed."""
        if self.opens is None or self.closes is None:
            return ""
        return str(Interval(self.opens, self.closes, self.closes_next_day))

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return in_language(self, "reason")


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), app_label="directory"
)
class LocalHoliday(models.Model):
    """A holiday of one area, such as the feast of a town's patron saint.

    It holds for structures in the area that close on public holidays. A feast on a fixed day is
    entered once, with ``is_yearly``; a movable one for each year.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="local_holidays")
    day = models.DateField(_("day"))
    is_yearly = models.BooleanField(_("on the same day every year"), default=True)
    name_el = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        """One holiday of an area on a day."""

        verbose_name = _("local holiday")
        verbose_name_plural = _("local holidays")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["area", "day"], name="local_holiday_once")]

    def __str__(self) -> str:
        return in_language(self, "name")
