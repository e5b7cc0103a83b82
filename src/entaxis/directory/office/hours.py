"""The form of opening hours: a line of text for each day of the week, and the days that differ."""

import re
from datetime import date, time
from itertools import pairwise
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.directory.actions import ExceptionRow, HoursRow
from entaxis.directory.models import HoursException, Structure
from entaxis.directory.models.hours import Weekday
from entaxis.directory.office.betrayal import refuse_names_of_places
from entaxis.directory.office.rows import RowForm

INTERVAL: Final = re.compile(
    r"(?P<opens>\d{1,2}(?:[:.]\d{2})?)\s*[-–—]\s*(?P<closes>\d{1,2}(?:[:.]\d{2})?)\s*(?P<next>\+)?"
)
PERIODS: Final = (1, 2)
Season = tuple[date | None, date | None]  # valid from, valid to


def parse_day(text: str, weekday: int) -> list[HoursRow]:
    """«08:00-14:00, 17:00-20:00» → intervals; a + after the closing time means the next day.

    Raises:
        ValidationError: it cannot be read, or an interval closes before it opens.
    """
    rows = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;·]", text))):
        match = INTERVAL.fullmatch(part)
        if match is None:
            raise ValidationError(
                _("“%(text)s” cannot be read. Write it like this: 09:00-14:00, 17:00-20:00.")
                % {"text": part[:40]}
            )
        opens, closes = parse_clock(match["opens"]), parse_clock(match["closes"])
        ends_later = bool(match["next"]) or (closes == time(0) and opens != time(0))
        if closes <= opens and not ends_later:
            raise ValidationError(
                _("%(text)s closes before it opens. If it closes after midnight, add a +: 20:00-08:00+.")
                % {"text": part}
            )
        if ends_later and closes > opens:
            raise ValidationError(_("%(text)s would be longer than a day.") % {"text": part})
        rows.append(HoursRow(weekday, opens, closes, ends_later))
    for former, latter in pairwise(sorted(rows)):
        if former.closes_next_day or latter.opens < former.closes:
            raise ValidationError(_("%(text)s: two of these hours overlap.") % {"text": text})
    return rows


def parse_clock(text: str) -> time:
    """«9», «9:30», «09.30», «24:00» → a time of day.

    Raises:
        ValidationError: no clock shows that.
    """
    hour, _separator, minute = text.replace(".", ":").partition(":")
    if (int(hour), int(minute or 0)) == (24, 0):
        return time(0)
    if int(hour) > 23 or int(minute or 0) > 59:
        raise ValidationError(_("No clock shows %(text)s.") % {"text": text})
    return time(int(hour), int(minute or 0))


def written(rows: list[HoursRow]) -> str:
    """The same as text, as `parse_day` reads it."""
    return ", ".join(
        f"{row.opens:%H:%M}-{row.closes:%H:%M}{'+' if row.closes_next_day else ''}" for row in sorted(rows)
    )


class WeekForm(forms.Form):
    """The week of a structure or a service: usual hours, and other hours of another season."""

    def __init__(self, *args: Any, rows: list[HoursRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seasons = sorted({(row.valid_from, row.valid_to) for row in rows}, key=_earliest)
        for period in PERIODS:
            season = seasons[period - 1] if period <= len(seasons) else None
            of_season = [row for row in rows if (row.valid_from, row.valid_to) == season]
            self._add_period(period, season or (None, None), of_season)
        extra_seasons = seasons[len(PERIODS) :]  # of an import; they stay as they are
        self.kept = [row for row in rows if (row.valid_from, row.valid_to) in extra_seasons]

    def _add_period(self, period: int, season: Season, rows: list[HoursRow]) -> None:
        labels = gettext_lazy("valid from"), gettext_lazy("valid to")
        for name, label, day in zip(("from", "to"), labels, season, strict=True):
            self.fields[f"{name}_{period}"] = forms.DateField(
                label=label,
                required=False,
                initial=day,
                widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            )
        for weekday in Weekday:
            of_day = [row for row in rows if row.weekday == weekday]
            self.fields[f"day_{period}_{weekday.value}"] = forms.CharField(
                label=weekday.label, required=False, max_length=120, initial=written(of_day)
            )

    def days(self, period: int) -> list[forms.BoundField]:
        """The seven fields of one period."""
        return [self[f"day_{period}_{weekday.value}"] for weekday in Weekday]

    def first_days(self) -> list[forms.BoundField]:
        """The usual week."""
        return self.days(1)

    def second_days(self) -> list[forms.BoundField]:
        """The other season."""
        return self.days(2)

    def clean(self) -> dict[str, Any]:
        """Every day is read; two seasons do not overlap."""
        cleaned = super().clean() or {}
        self.rows = [*self.kept]
        for period in PERIODS:
            season = cleaned.get(f"from_{period}"), cleaned.get(f"to_{period}")
            if season[0] and season[1] and season[1] < season[0]:
                self.add_error(f"to_{period}", _("“Valid to” is before “valid from”."))
            for weekday in Weekday:
                self._read(f"day_{period}_{weekday.value}", weekday.value, season, cleaned)
        self._refuse_overlap(cleaned)
        return cleaned

    def _read(self, name: str, weekday: int, season: Season, cleaned: dict[str, Any]) -> None:
        try:
            found = parse_day(cleaned.get(name) or "", weekday)
        except ValidationError as error:
            self.add_error(name, error)
            return
        for row in found:
            self.rows.append(
                HoursRow(weekday, row.opens, row.closes, row.closes_next_day, season[0], season[1])
            )

    def _refuse_overlap(self, cleaned: dict[str, Any]) -> None:
        seasons = {(row.valid_from, row.valid_to) for row in self.rows}
        undated = not (cleaned.get("from_2") or cleaned.get("to_2"))
        if undated and any(cleaned.get(field.name) for field in self.second_days()):
            seasons.add((None, date.max))
        ordered = sorted(seasons, key=_earliest)
        for (_start, end), (start, _end) in pairwise(ordered):
            if end is None or start is None or start <= end:
                self.add_error(
                    "from_2", _("Two seasons need dates that do not overlap: from … to … for each of them.")
                )
                return


def _earliest(season: Season) -> tuple[date, date]:
    return season[0] or date.min, season[1] or date.max


class HoursForm(WeekForm):
    """The hours of a structure."""

    closed_on_public_holidays = forms.BooleanField(
        label=gettext_lazy("closed on public holidays"), required=False
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)


class ExceptionForm(RowForm, forms.ModelForm[HoursException]):
    """Days that differ; an empty row says nothing."""

    class Meta:
        """Closed unless hours are given."""

        model = HoursException
        fields = ["first_day", "last_day", "opens", "closes", "closes_next_day", "reason_el", "reason_en"]
        widgets = {
            "first_day": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "last_day": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "opens": forms.TimeInput({"type": "time"}, "%H:%M"),
            "closes": forms.TimeInput({"type": "time"}, "%H:%M"),
        }

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure = structure

    def clean(self) -> dict[str, Any]:
        """A local feast would tell the town of a confidential structure."""
        cleaned = super().clean() or {}
        if self.structure.is_confidential:
            refuse_names_of_places(self, ("reason_el", "reason_en"), self.structure.region)
        return cleaned

    def row(self) -> ExceptionRow:
        """What the row says."""
        values = {name: self.cleaned_data.get(name) for name in self.Meta.fields}
        return ExceptionRow(**values)  # type: ignore[arg-type]
