"""The picker of free times: seven days on the clock of whoever looks, with the way to earlier and later ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from booking import agenda, availability, eligibility, glance, published
from booking.availability import need_of
from booking.glance import Month
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import Side
from booking.slots import Need
from practice.core.spans import Span
from practice.models import Person

DAYS = 7
PARTS = (("Night", 0, 6), ("Morning", 6, 12), ("Afternoon", 12, 17), ("Evening", 17, 24))


@dataclass(frozen=True, slots=True)
class TimesOfDay:
    """One day with its free times, in parts of the day that have any."""

    day: date
    parts: tuple[tuple[str, tuple[datetime, ...]], ...]

    @property
    def count(self) -> int:
        """How many times the day has."""
        return sum(len(times) for _, times in self.parts)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The month around the days shown, at a glance, with the way to the months beside it."""

    month: Month
    today: date
    earlier: date | None
    later: date | None


@dataclass(frozen=True, slots=True)
class Times:
    """What the picker shows."""

    zone: str
    days: tuple[TimesOfDay, ...]
    earlier: date | None
    later: date | None
    sheet: Sheet
    next_free: datetime | None
    """Where to jump when these days have no time at all; None when nowhere else has one either."""

    @property
    def any(self) -> bool:
        """Tell whether these days have a time."""
        return any(day.count for day in self.days)

    @property
    def first(self) -> date:
        """The first of the days."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The last of the days."""
        return self.days[-1].day


class Seeker(Protocol):
    """Whoever knows free times, of one counselor or of several."""

    @property
    def horizon_days(self) -> int:
        """How far ahead there may be any."""

    def free(self, window: Span, now: datetime) -> list[datetime]:
        """Return the free times within a window."""

    def first_free(self, since: datetime, now: datetime) -> datetime | None:
        """Return the first free time from an instant on."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Whose time is looked for, and for what; a move leaves out the appointment that moves."""

    counselor_id: int
    need: Need
    horizon_days: int
    client_id: int | None = None
    leaving_out: int | None = None
    hurried: bool = False
    """Whether the counselor chooses, who may come short of their own notice."""

    @classmethod
    def booking(cls, service: Service, *, client: Person | None, mode: str | None = None) -> Sought:
        """Look for a new session, held in a way the service offers."""
        horizon = published.rules_of(service.counselor_id).horizon_days
        return cls(service.counselor_id, need_of(service, mode), horizon, client.id if client else None)

    @classmethod
    def moving(cls, appointment: Appointment, *, side: Side) -> Sought:
        """Look for another time for a session that is booked."""
        return cls(
            appointment.counselor_id,
            eligibility.need_of(appointment),
            published.rules_of(appointment.counselor_id).horizon_days,
            appointment.client_id,
            leaving_out=appointment.id,
            hurried=side is not Side.CLIENT,
        )

    def free(self, window: Span, now: datetime) -> list[datetime]:
        """Return the free times within a window."""
        return availability.free_times(
            self.counselor_id,
            self.need,
            window,
            now,
            client_id=self.client_id,
            leaving_out=self.leaving_out,
            free_of_notice=self.hurried,
        )

    def first_free(self, since: datetime, now: datetime) -> datetime | None:
        """Return the first free time from an instant on."""
        end = now + timedelta(days=self.horizon_days + 1)
        return next(iter(self.free(Span(since, end), now)), None) if since < end else None

    def nearest(self, wanted: datetime, now: datetime, count: int = 3) -> list[datetime]:
        """Return the free times nearest to one that is gone, in order of time."""
        free = self.free(Span(wanted - timedelta(days=7), wanted + timedelta(days=14)), now)
        return glance.nearest(free, wanted, count)


def times_of(sought: Seeker, *, zone: str, first: date | None, now: datetime) -> Times:
    """Load the free times of seven days, from the first one asked for or from where there is one, and their month."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    final = today + timedelta(days=sought.horizon_days)
    if first is None:
        soonest = sought.first_free(now, now)
        first = today if soonest is None else _opening_day(soonest.astimezone(place).date(), today)
    first = min(max(first, today), final)
    window = agenda.days_from(first, DAYS, place)
    around = sought.free(_with_its_month(window, first, place), now)
    free = [each for each in around if window.starts_at <= each < window.ends_at]
    following = first + timedelta(days=DAYS)
    return Times(
        zone=zone,
        days=_by_day(free, first, place),
        earlier=max(today, first - timedelta(days=DAYS)) if first > today else None,
        later=following if following <= final else None,
        sheet=_sheet(around, first, today, final, place),
        next_free=None if free else sought.first_free(window.ends_at, now) or sought.first_free(now, now),
    )


def _with_its_month(window: Span, first: date, place: ZoneInfo) -> Span:
    month = agenda.days_from(first.replace(day=1), (glance.next_month(first) - first.replace(day=1)).days, place)
    return Span(min(window.starts_at, month.starts_at), max(window.ends_at, month.ends_at))


def _sheet(times: list[datetime], first: date, today: date, final: date, place: ZoneInfo) -> Sheet:
    before, after = glance.month_before(first), glance.next_month(first)
    return Sheet(
        glance.month_of(first, glance.count_by_day(times, place)),
        today,
        earlier=max(before, today) if glance.last_of(before) >= today else None,
        later=after if after <= final else None,
    )


def _opening_day(soonest: date, today: date) -> date:
    """Begin today while that shows the soonest time, and otherwise on its day."""
    return today if (soonest - today).days < 3 else soonest


def _by_day(free: list[datetime], first: date, zone: ZoneInfo) -> tuple[TimesOfDay, ...]:
    found: dict[tuple[date, str], list[datetime]] = defaultdict(list)
    for each in free:
        local = each.astimezone(zone)
        part = next(name for name, begins, ends in PARTS if begins <= local.hour < ends)
        found[local.date(), part].append(each)
    days = [first + timedelta(days=step) for step in range(DAYS)]
    return tuple(
        TimesOfDay(day, tuple((name, tuple(found[day, name])) for name, *_ in PARTS if found[day, name]))
        for day in days
    )
