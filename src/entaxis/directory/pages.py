"""What the page of one structure shows, read in few queries and put into words."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entaxis.directory import opening, picture
from entaxis.directory.choices import (
    STOPS,
    AccessFeature,
    Answer,
    Aspect,
    Language,
    ServiceStatus,
    Status,
    Strength,
)
from entaxis.directory.freshness import FRESH_DAYS
from entaxis.directory.models import Contact, Eligibility, ServiceOffer, Structure
from entaxis.directory.models.hours import Weekday
from entaxis.directory.schedule import ATHENS, ONE_DAY, Day, Schedule
from entaxis.geography.models import Area
from entaxis.vocabularies.models import TermCrosswalk

SEEN = (Status.PUBLISHED, Status.SUSPENDED, Status.CLOSED)
DAYS_AHEAD = 30


@dataclass(frozen=True)
class HoursRow:
    """One line of the table of hours, as `components/hours.html` takes it."""

    day: str
    times: list[str]
    is_today: bool
    note: str


@dataclass(frozen=True)
class Rule:
    """One condition in words."""

    aspect: str
    text: str
    is_required: bool


@dataclass(frozen=True)
class Service:
    """One service with everything said about it."""

    offer: ServiceOffer
    rules: list[Rule]
    hours: list[HoursRow]
    is_stopped: bool


@dataclass(frozen=True)
class Stop:
    """That it is or will be suspended or closed, in words; ``kind`` of the notice."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class StructurePage:
    """One structure at one moment."""

    structure: Structure
    at: datetime
    now: opening.Opening
    hours: list[HoursRow]
    coming: list[Day]
    services: list[Service]
    contacts: list[Contact]
    served: list[Area]
    annexes: list[Structure]
    is_sensitive: bool

    @property
    def title(self) -> str:
        """The page's title; a neutral one where the name would betray its reader."""
        return _("Structure") if self.is_sensitive else self.structure.name

    @property
    def is_published(self) -> bool:
        """Whether it can be used."""
        return self.structure.status == Status.PUBLISHED

    @property
    def stop(self) -> Stop | None:
        """What readers are told of a suspension or closure, today's or one to come."""
        row = self.structure
        status = Status(row.stops_next or row.status)
        if status not in STOPS:
            return None
        day = formats.date_format(row.status_from, "j E Y") if row.status_from else ""
        said = {"day": day}
        if row.stops_next and status == Status.CLOSED:
            kind, title = "warning", _("This structure closes on %(day)s") % said
        elif row.stops_next:
            kind, title = "warning", _("This structure does not receive people from %(day)s on") % said
        elif status == Status.CLOSED:
            kind, title = "danger", _("This structure has closed")
        else:
            kind, title = "warning", _("This structure does not receive people for now")
        words = [_("Since %(day)s.") % said] if day and not row.stops_next else []
        if row.status_until:
            again = {"day": formats.date_format(row.status_until, "j E Y")}
            words.append(_("It receives people again on %(day)s.") % again)
        return Stop(kind, title, " ".join(filter(None, [*words, row.status_note])))

    @property
    def sentence(self) -> str:
        """Open now? Until when, or when next? – in one sentence; empty where nothing is known."""
        if self.now.is_open:
            closes = self.now.closes
            return _("Open now, until %(time)s") % {"time": self._when(closes)} if closes else _("Open now")
        if self.now.opens_next:
            return _("Closed now; opens %(time)s") % {"time": self._when(self.now.opens_next)}
        return _("Closed now") if self.now.is_open is False else ""

    @property
    def is_old(self) -> bool:
        """Whether it is long since anybody confirmed the entry."""
        confirmed = self.structure.assured_date
        return confirmed is None or (timezone.localdate(self.at) - confirmed).days > FRESH_DAYS

    @property
    def languages(self) -> list[str]:
        """The languages spoken, in words."""
        return [str(Language(code).label) for code in self.structure.languages]

    @property
    def accessibility(self) -> list[tuple[str, str]]:
        """What is known of accessibility: fact and answer."""
        facts = [
            (_("Step-free entrance"), self.structure.step_free),
            (_("Accessible toilet"), self.structure.accessible_toilet),
        ]
        known = [(fact, str(Answer(value).label)) for fact, value in facts if value != Answer.UNKNOWN]
        features = ((str(AccessFeature(key).label), _("Yes")) for key in self.structure.access_features)
        return [*known, *features]

    @property
    def geo(self) -> str:
        """The point as a link that a phone's own map opens (RFC 5870): latitude first."""
        point = self.structure.point
        return f"geo:{point.y:.6f},{point.x:.6f}" if point else ""

    @property
    def coordinates(self) -> str:
        """Latitude and longitude, to be typed into a navigator."""
        point = self.structure.point
        return f"{point.y:.5f}, {point.x:.5f}" if point else ""

    @property
    def picture(self) -> SafeString:
        """Where it lies in its municipality."""
        return picture.picture(self.structure)

    @property
    def point_quality(self) -> str:
        """What the point shows, in words."""
        return self.structure.get_point_quality_display()

    def _when(self, moment: datetime) -> str:
        here = moment.astimezone(ATHENS)
        clock = f"{here:%H:%M}"
        days = (here.date() - self.at.astimezone(ATHENS).date()).days
        if days == 0:
            return clock
        if days == 1:
            return _("tomorrow at %(time)s") % {"time": clock}
        weekday = Weekday(here.weekday()).label
        if days < 7:
            return _("%(weekday)s at %(time)s") % {"weekday": weekday, "time": clock}
        day = formats.date_format(here.date(), "j E")
        return _("%(weekday)s %(day)s at %(time)s") % {"weekday": weekday, "day": day, "time": clock}


def structure_page(region: Area, pk: UUID, *, at: datetime) -> StructurePage:
    """The page of a structure of ``region`` at the moment ``at``.

    Raises:
        Http404: the region has no such structure, or it was never published.
    """
    structure = (
        Structure.objects.of(region)
        .filter(pk=pk, status__in=SEEN)
        .select_related("kind", "body", "municipality__parent", "region", "parent")
        .prefetch_related(
            "hours",
            "hours_exceptions",
            "contacts",
            "served_areas",
            Prefetch("annexes", Structure.objects.published().placed()),
            Prefetch("offers", _offers()),
        )
        .first()
    )
    if structure is None:
        raise Http404
    today = at.astimezone(ATHENS).date()
    schedule = opening.schedule(structure, near=today)
    return StructurePage(
        structure=structure,
        at=at,
        now=opening.opening(schedule, at),
        hours=week(schedule, today),
        coming=differing_days(schedule, today),
        services=_services(structure, today),
        contacts=list(structure.contacts.all()),
        served=list(structure.served_areas.all()),
        annexes=list(structure.annexes.all()),
        is_sensitive=is_sensitive(structure),
    )


def is_sensitive(structure: Structure) -> bool:
    """Whether its page could betray somebody who reads it (R12).

    So it is for a confidential structure, for a kind that answers nothing but sensitive needs (such as
    counselling centres), and for one whose every service does so. A Community Centre that also offers
    psychological support tells nothing about its reader.
    """
    if structure.is_confidential or structure.kind.is_confidential:
        return True
    services = [offer.service_id for offer in structure.offers.all()]
    answered: dict[int, list[bool]] = {}
    links = TermCrosswalk.objects.filter(
        target__in=[structure.kind_id, *services], relation=TermCrosswalk.Relation.ANSWERS
    ).values_list("target", "source__is_sensitive")
    for term, sensitive in links:
        answered.setdefault(term, []).append(sensitive)
    of_kind = answered.get(structure.kind_id, [False])
    return all(of_kind) or (bool(services) and all(all(answered.get(term, [False])) for term in services))


def _offers() -> QuerySet[ServiceOffer]:
    return (
        ServiceOffer.objects.exclude(status__in=[ServiceStatus.INACTIVE, ServiceStatus.DEFUNCT])
        .select_related("service")
        .prefetch_related("rules", "hours", "needs", "target_groups")
    )


def week(schedule: Schedule, today: date) -> list[HoursRow]:
    """Monday to Sunday, each as it next falls from ``today`` on, so that a holiday is seen in its place."""
    if not schedule.is_known:
        return []
    coming = (today + number * ONE_DAY for number in range(7))
    days = sorted((schedule.of_day(day, get_language() or "el") for day in coming), key=_weekday)
    return [] if all(day.intervals is None for day in days) else [_row(day, today) for day in days]


def differing_days(schedule: Schedule, today: date) -> list[Day]:
    """The days of the coming month that differ from the week, beyond the seven that the table shows."""
    language = get_language() or "el"
    days = (schedule.of_day(today + number * ONE_DAY, language) for number in range(7, DAYS_AHEAD))
    return [day for day in days if day.reason or _differs(schedule, day.day)]


def _differs(schedule: Schedule, day: date) -> bool:
    return any(row.first_day <= day <= row.last_day for row in schedule.differing)


def _weekday(day: Day) -> int:
    return day.day.weekday()


def _row(day: Day, today: date) -> HoursRow:
    known = day.intervals is not None
    return HoursRow(
        day=str(Weekday(day.day.weekday()).label),
        times=[str(interval) for interval in day.intervals or ()] if known else [_("not known")],
        is_today=day.day == today,
        note=f"{formats.date_format(day.day, 'j E')}: {day.reason}" if day.reason else "",
    )


def _services(structure: Structure, today: date) -> list[Service]:
    own = opening.offer_schedules(structure, near=today)
    return [
        Service(
            offer=offer,
            rules=[_rule(rule) for rule in offer.rules.all()],
            hours=week(own[offer.pk], today) if offer.pk in own else [],
            is_stopped=offer.status == ServiceStatus.TEMPORARILY_CLOSED,
        )
        for offer in structure.offers.all()
    ]


def _rule(rule: Eligibility) -> Rule:
    text = _ages(rule) if rule.aspect == Aspect.AGE else ", ".join(rule.labels())
    return Rule(str(rule.get_aspect_display()), text, rule.strength == Strength.REQUIRED)


def _ages(rule: Eligibility) -> str:
    if rule.age_to is None:
        return _("from %(age)s years") % {"age": rule.age_from}
    if not rule.age_from:
        return _("up to %(age)s years") % {"age": rule.age_to}
    return _("from %(first)s to %(last)s years") % {"first": rule.age_from, "last": rule.age_to}
