"""The time zones a person can pick from a list, one city for each place that keeps its own clock. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from practice.core.formats import zone_name

COMMON = (
    "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Vancouver", "America/Phoenix",
    "America/Denver", "America/Chicago", "America/Mexico_City", "America/Bogota", "America/New_York",
    "America/Toronto", "America/Caracas", "America/Halifax", "America/Santiago", "America/St_Johns",
    "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Atlantic/Azores", "UTC", "Europe/London", "Europe/Dublin",
    "Europe/Lisbon", "Africa/Lagos", "Africa/Casablanca", "Europe/Paris", "Europe/Madrid", "Europe/Berlin",
    "Europe/Zurich", "Europe/Vienna", "Europe/Rome", "Europe/Warsaw", "Europe/Stockholm", "Africa/Johannesburg",
    "Africa/Cairo", "Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Europe/Bucharest", "Asia/Jerusalem",
    "Europe/Istanbul", "Africa/Nairobi", "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai",
    "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila", "Australia/Perth", "Asia/Seoul", "Asia/Tokyo",
    "Australia/Darwin", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip


def known(zone: str | None) -> str | None:
    """Return the zone when it exists, so that what a browser sends can be trusted."""
    return zone if zone and len(zone) <= 60 and zone in available_timezones() else None


def choices(at: datetime, *, besides: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return zones to pick from with their names and offsets at an instant, from west to east."""
    names = {*COMMON, *besides}
    return [(zone, zone_name(zone, at)) for zone in sorted(names, key=lambda each: (_offset(each, at), each))]


def _offset(zone: str, at: datetime) -> float:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() if offset else 0.0
