"""The time zones people choose from. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def options(now: datetime, *kept: str) -> list[tuple[str, str]]:
    """List zones as (name, words) with the offset of this hour, by area; `kept` are among them if they exist."""
    listed = list(_options(now.replace(minute=0, second=0, microsecond=0)))
    known = {name for name, _ in listed}
    more = [zone for zone in dict.fromkeys(kept) if zone not in known and zone in available_timezones()]
    return [(zone, _words(zone, now)) for zone in more] + listed


@lru_cache(maxsize=4)
def _options(hour: datetime) -> tuple[tuple[str, str], ...]:
    names = [zone for zone in available_timezones() if zone.partition("/")[0] in AREAS]
    names.sort(key=lambda zone: (zone.partition("/")[0], zone.partition("/")[2].replace("_", " ")))
    return (("UTC", "UTC"), *((zone, _words(zone, hour)) for zone in names))


def _words(zone: str, at: datetime) -> str:
    area, _, place = zone.partition("/")
    city = " – ".join(reversed(place.replace("_", " ").split("/"))) or area
    seconds = int((at.astimezone(ZoneInfo(zone)).utcoffset() or at - at).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{area}: {city} (UTC{'−' if seconds < 0 else '+'}{hours}{f':{minutes:02d}' if minutes else ''})"
