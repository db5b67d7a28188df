"""Which freed times suit whom, how long an offer stands, and when nobody is disturbed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = (("morning", "before noon", 0, 12), ("afternoon", "noon to five", 12, 17), ("evening", "from five on", 17, 24))
EVERY_DAY, ALL_DAY = 127, 7
ALWAYS = (1 << len(DAYS) * len(PARTS)) - 1
QUIET_FROM, QUIET_UNTIL = 21, 8
SHORTEST = timedelta(minutes=10)
"""The least time to answer in; a time sooner than that is not offered any more."""
PAYING = timedelta(minutes=30)
"""How long an accepted time is kept while it is paid."""
PATIENCE = 2
"""Offers that run out without a word before somebody's place is paused."""


def patience(*, for_group: bool) -> int:
    """Return how many offers may run out without a word before somebody's place is paused; of a group's, one."""
    return 1 if for_group else PATIENCE


@dataclass(frozen=True, slots=True)
class Stretch:
    """Times of the week that suit between two days, both included."""

    times: int
    """A bit for each part of each weekday, Monday morning the lowest."""
    first_on: date
    last_on: date

    def suits(self, local: datetime) -> bool:
        """Tell whether a time on the clock lies in it."""
        part = next(number for number, (*_, begins, ends) in enumerate(PARTS) if begins <= local.hour < ends)
        bit = self.times >> (local.weekday() * len(PARTS) + part) & 1
        return bool(bit) and self.first_on <= local.date() <= self.last_on


@dataclass(frozen=True, slots=True)
class Window:
    """The times that suit somebody, by their own clock."""

    times: int
    """A bit for each part of each weekday, Monday morning the lowest."""
    first_on: date
    last_on: date
    notice_minutes: int
    zone: str
    stretches: tuple[Stretch, ...] = ()
    """Where different times suit on different dates: each with its own. Without any, the above are the only ones."""

    @property
    def parts(self) -> tuple[Stretch, ...]:
        """The times, each with the days on which they suit."""
        return self.stretches or (Stretch(self.times, self.first_on, self.last_on),)

    def suits(self, starts_at: datetime, now: datetime) -> bool:
        """Tell whether a time lies in it, with the notice this person needs."""
        local = starts_at.astimezone(ZoneInfo(self.zone))
        in_time = starts_at - now >= timedelta(minutes=self.notice_minutes)
        return in_time and any(each.suits(local) for each in self.parts)


def times(weekdays: int, parts: int) -> int:
    """Return these parts of each of these weekdays."""
    chosen = (day * len(PARTS) for day in range(len(DAYS)) if weekdays >> day & 1)
    return sum((parts & ALL_DAY) << first for first in chosen)


def is_night(now: datetime, zone: str) -> bool:
    """Tell whether people in a zone are left in peace now."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def wakes_at(now: datetime, zone: str) -> datetime:
    """Return when somebody may next be written to: now, or once their night is over."""
    if not is_night(now, zone):
        return now
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=local.hour >= QUIET_FROM)
    return datetime.combine(day, time(QUIET_UNTIL), ZoneInfo(zone)).astimezone(UTC)


def offer_ends(now: datetime, starts_at: datetime, minutes: int) -> datetime | None:
    """Return until when an offer of a time stands, or None when that leaves too little time to answer."""
    ends = min(now + timedelta(minutes=minutes), starts_at - SHORTEST)
    return ends if ends - now >= SHORTEST else None


def payment_ends(now: datetime, starts_at: datetime, expires_at: datetime) -> datetime:
    """Return until when an accepted time is kept for paying: never less than the offer was to stand."""
    return min(max(now + PAYING, expires_at), starts_at)


def in_words(window: Window) -> str:
    """Read `Mondays and Wednesdays, mornings; Fridays, any time`, or each with its dates where they have their own."""
    if not window.stretches:
        return _capital(_week(window.times))
    return _capital(". ".join(f"{_between(each)}: {_week(each.times)}" for each in window.stretches))


def place_in_words(ahead: int) -> str:
    """Say where somebody stands in a line."""
    if ahead == 0:
        return "You are the first in line."
    return f"{'One person is' if ahead == 1 else f'{ahead} people are'} ahead of you."


def _week(times: int) -> str:
    alike: dict[int, int] = {}
    for day in range(len(DAYS)):
        if parts := times >> day * len(PARTS) & ALL_DAY:
            alike[parts] = alike.get(parts, 0) | 1 << day
    return "; ".join(f"{_days(weekdays)}, {_parts(parts)}" for parts, weekdays in alike.items())


def _between(stretch: Stretch) -> str:
    first, last = stretch.first_on, stretch.last_on
    if first == last:
        return f"{last.day} {last:%B}"
    begins = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%B}"
    return f"{begins} to {last.day} {last:%B}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _days(weekdays: int) -> str:
    if weekdays == EVERY_DAY:
        return "any day"
    if weekdays == 0b0011111:
        return "Monday to Friday"
    return _listed([f"{name}s" for number, name in enumerate(DAYS) if weekdays >> number & 1])


def _parts(parts: int) -> str:
    return (
        "any time"
        if parts == ALL_DAY
        else _listed([f"{name}s" for n, (name, *_) in enumerate(PARTS) if parts >> n & 1])
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
