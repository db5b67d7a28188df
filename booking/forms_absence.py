"""Days that differ from the usual week, time off, and the rules of booking. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from booking.forms_hours import Faults, Rows, read
from booking.forms_plans import EVERY_SESSION, ScopeTerms
from booking.hours import DAY, Comes, Hours, comes, first_reading, instant_of, last_reading
from practice.core.forms import Errors, Reader
from practice.core.spans import Span

NOTICE_CHOICES = {
    0: "No notice", 60: "1 hour", 120: "2 hours", 240: "4 hours", 480: "8 hours", 720: "12 hours",
    1440: "1 day", 2880: "2 days", 4320: "3 days", 10080: "1 week",
}  # fmt: skip
HORIZON_CHOICES = {14: "2 weeks", 30: "1 month", 60: "2 months", 90: "3 months", 180: "6 months", 365: "1 year"}
STEP_CHOICES = {5: "5 minutes", 10: "10 minutes", 15: "15 minutes", 20: "20 minutes", 30: "30 minutes", 60: "1 hour"}


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day with hours of its own; none at all means closed."""

    falls_on: date
    hours: tuple[Hours, ...]
    scope: ScopeTerms = EVERY_SESSION

    @classmethod
    def parse(
        cls,
        data: MultiDict[str, str],
        *,
        today: date,
        zone: ZoneInfo,
        services: Collection[int] = (),
        places: Collection[int] = (),
    ) -> Self | Errors:
        """Read the form; the rows are those of day 0, on the counselor's own clock."""
        reader = Reader(data)
        falls_on = reader.day("falls_on")
        kind = reader.choice("kind", {"closed", "hours"}, missing="Choose whether you are closed that day.")
        if date.min < falls_on < today:
            reader.complain("falls_on", "Choose today or a day to come.")
        if (falls_on - today).days > 3 * 366:
            reader.complain("falls_on", "Choose a day within the next three years.")
        hours = _hours_of_day(reader, data) if kind == "hours" else ()
        scope = ScopeTerms.read(reader, data, services, places)
        if not reader.messages:
            for each in hours:
                for name, wall in (("opens-0-0", each.opens), ("closes-0-0", each.closes)):
                    _must_exist(reader, name, zone, falls_on, wall)
        return reader.errors or cls(falls_on, hours, scope)


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch away from work."""

    span: Span
    label: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, zone: ZoneInfo, today: date) -> Self | Errors:
        """Read the form; whole days unless times are given, on the counselor's own clock.

        A time that comes twice begins at its first coming and ends at its second, so that nothing is left open.
        """
        reader = Reader(data)
        first = reader.day("first_day")
        last = reader.day("last_day", required=False)
        begins = reader.time("from_time", required=False)
        ends = reader.time("until_time", required=False)
        label = reader.text("label", most=80, required=False)
        last = first if last == date.min else last
        if date.min < first and last < today:
            reader.complain("last_day", "Choose days that are not over yet.")
        if last < first:
            reader.complain("last_day", "Choose a last day on or after the first.")
        if (last - first).days > 366:
            reader.complain("last_day", "Enter at most a year at a time.")
        if (first - today).days > 3 * 366:
            reader.complain("first_day", "Choose a day within the next three years.")
        if not reader.messages and first == last and ends != time.min and ends <= begins:
            reader.complain("until_time", "End after you begin.")
        if not reader.messages:
            _must_exist(reader, "from_time", zone, first, begins.hour * 60 + begins.minute)
            _must_exist(reader, "until_time", zone, last, ends.hour * 60 + ends.minute)
        if errors := reader.errors:
            return errors
        return cls(Span(_instant(zone, first, begins), _end(zone, last, ends)), label)


@dataclass(frozen=True, slots=True)
class RulesTerms:
    """How a counselor lets people book, as chosen on the page."""

    notice_minutes: int
    horizon_days: int
    step_minutes: int
    restarts: bool
    most_per_day: int | None = None
    most_per_week: int | None = None
    long_break_after: int | None = None
    long_break_minutes: int | None = None

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form; a limit left empty is none."""
        reader = Reader(data)
        after, length = (
            _limit(reader, data, "long_break_after", 12),
            _limit(reader, data, "long_break_minutes", 240, least=5),
        )
        if not reader.messages and (after is None) != (length is None):
            name = "long_break_after" if after is None else "long_break_minutes"
            reader.complain(name, "Enter both: after how many sessions, and how long. Or leave both empty.")
        terms = cls(
            notice_minutes=_chosen(reader, "notice_minutes", NOTICE_CHOICES),
            horizon_days=_chosen(reader, "horizon_days", HORIZON_CHOICES),
            step_minutes=_chosen(reader, "step_minutes", STEP_CHOICES),
            restarts=reader.flag("restarts"),
            most_per_day=_limit(reader, data, "most_per_day", 24),
            most_per_week=_limit(reader, data, "most_per_week", 120),
            long_break_after=after,
            long_break_minutes=length,
        )
        if (terms.most_per_day or 0) > (terms.most_per_week or 120):
            reader.complain("most_per_week", "Enter at least as many for the week as for one day.")
        return reader.errors or terms


def _hours_of_day(reader: Reader, data: MultiDict[str, str]) -> tuple[Hours, ...]:
    found = read(Rows.sent(data))
    if isinstance(found, Faults):
        for name, words in found.messages.items():
            reader.complain(name, words.removeprefix("Monday: ").capitalize())
        return ()
    hours = found.get(0, ())
    if not hours:
        reader.complain("opens-0-0", "Enter your hours for that day, or choose that you are closed.")
    return hours


def _limit(reader: Reader, data: MultiDict[str, str], name: str, most: int, *, least: int = 1) -> int | None:
    return reader.integer(name, least=least, most=most) if data.get(name, "").strip() else None


def _chosen(reader: Reader, name: str, options: dict[int, str]) -> int:
    value = reader.choice(name, {str(each) for each in options}, missing="Choose one of the options.")
    return int(value) if not reader.messages.get(name) else 0


def _instant(zone: ZoneInfo, day: date, at: time) -> datetime:
    return instant_of(first_reading(zone, day, at.hour * 60 + at.minute))


def _must_exist(reader: Reader, name: str, zone: ZoneInfo, day: date, wall: int) -> None:
    """Complain about a time of day that the clocks skip; midnight stands for whole days and is always well."""
    if wall % DAY and comes(zone, day, wall) is Comes.NEVER:
        said = f"{wall // 60:02d}:{wall % 60:02d}"
        reader.complain(name, f"There is no {said} on that day: the clocks go forward. Choose a time before or after.")


def _end(zone: ZoneInfo, day: date, at: time) -> datetime:
    if at == time.min:
        return _instant(zone, day + timedelta(days=1), time.min)
    return instant_of(last_reading(zone, day, at.hour * 60 + at.minute))
