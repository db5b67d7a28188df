"""How times, days and amounts read to people. Pure; registered as Jinja filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo


def local(instant: datetime, zone: str) -> datetime:
    """Move an instant onto the clock of a zone."""
    return instant.astimezone(ZoneInfo(zone))


def when(instant: datetime, zone: str) -> str:
    """Read `Tuesday 24 November, 14:00`."""
    moment = local(instant, zone)
    return f"{day(moment)}, {moment:%H:%M}{_coming(moment)}"


def day(moment: date) -> str:
    """Read `Tuesday 24 November`."""
    return f"{moment:%A} {moment.day} {moment:%B}"


def day_in(instant: datetime, zone: str) -> str:
    """Read the day an instant falls on in a zone."""
    return day(local(instant, zone))


def short_day(moment: date) -> str:
    """Read `24 Nov 2026`."""
    return f"{moment.day} {moment:%b} {moment.year}"


def short_day_in(instant: datetime, zone: str) -> str:
    """Read the short day an instant falls on in a zone."""
    return short_day(local(instant, zone))


def clock(instant: datetime, zone: str) -> str:
    """Read `14:00` on the clock of a zone, or `01:30 (the first)` in an hour that comes twice."""
    moment = local(instant, zone)
    return f"{moment:%H:%M}{_coming(moment)}"


def zone_name(zone: str, at: datetime | None = None) -> str:
    """Read `Berlin time`, with the offset at an instant when one is given: `Berlin time (UTC+1)`."""
    city = zone.rpartition("/")[2].replace("_", " ") + " time"
    if at is None:
        return city
    seconds = int((local(at, zone).utcoffset() or at - at).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "\u2212" if seconds < 0 else "+"
    return f"{city} (UTC{sign}{hours}{f':{minutes:02d}' if minutes else ''})"


def iso(instant: datetime) -> str:
    """Write the instant for a `datetime` attribute."""
    return instant.isoformat(timespec="seconds")


def ago(instant: datetime, now: datetime) -> str:
    """Read `just now`, `5 minutes ago`, `2 days ago`."""
    seconds = int((now - instant).total_seconds())
    if seconds < 60:
        return "just now"
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"


def initials(name: str) -> str:
    """Take the first letters of the first and last name; what stands in brackets behind it is no name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _coming(moment: datetime) -> str:
    """Say which of two is meant where the clocks go back and a time of day comes twice."""
    if moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset():
        return ""
    return " (the second)" if moment.fold else " (the first)"


FILTERS: dict[str, Callable[..., Any]] = {
    "when": when,
    "day": day,
    "day_in": day_in,
    "short_day": short_day,
    "short_day_in": short_day_in,
    "clock": clock,
    "zone_name": zone_name,
    "iso": iso,
    "ago": ago,
    "initials": initials,
    "local": local,
    "money": str,
}
