"""An appointment as calendars know it: iCalendar (RFC 5545) and its scheduling messages (RFC 5546). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration

from practice.core.spans import Span

PRODUCT = "-//Stillpoint//Appointments//EN"
UID_DOMAIN = "stillpoint"
"""What the unique ids of our own entries end in."""


class Method(StrEnum):
    """What the calendar is asked to do with the entry (RFC 5546, section 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment for one person's calendar. The title gives nothing away."""

    uid: str
    sequence: int
    span: Span
    zone: str
    title: str
    url: str
    changed_at: datetime
    organizer: str
    attendee: str
    cancelled: bool = False
    place: str = ""
    words: str = ""


def ics(entry: Entry, method: Method) -> bytes:
    """Write the entry as a calendar file; times are on the person's own clock, with the zone's rules."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", str(method))
    if entry.zone != "UTC":
        calendar.add_component(_rules(entry.zone, entry.span.starts_at.year))
    calendar.add_component(_event(entry, method))
    return bytes(calendar.to_ical())


def agenda(entries: Iterable[Entry], *, name: str, zone: str, now: datetime) -> bytes:
    """Write a person's whole agenda, for programs that come back for it every so often (RFC 7986, section 5.7)."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", str(Method.PUBLISH))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", zone)
    calendar.add("REFRESH-INTERVAL", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    if zone != "UTC":
        calendar.add_component(_rules(zone, now.year))
    for entry in entries:
        calendar.add_component(_event(entry, Method.PUBLISH))
    return bytes(calendar.to_ical())


def ics_of_many(entries: Sequence[Entry]) -> bytes:
    """Write several entries of one person as one file, those that are off included.

    A request may hold one appointment only, so this is a publication (RFC 5546, sections 3.2.1 and 3.2.2).
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", str(Method.PUBLISH))
    if (zone := entries[0].zone) != "UTC":
        calendar.add_component(_rules(zone, min(entry.span.starts_at.year for entry in entries)))
    for entry in entries:
        calendar.add_component(_event(entry, Method.PUBLISH))
    return bytes(calendar.to_ical())


def content_type(method: Method) -> str:
    """Return the media type that lets mail programs offer to keep the entry (RFC 6047, section 2.4)."""
    return f"text/calendar; method={method}; charset=utf-8"


@lru_cache(maxsize=256)
def _rules(zone: str, year: int) -> Timezone:
    """Return the zone's clock changes around a year."""
    return Timezone.from_tzid(zone, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))


def _event(entry: Entry, method: Method) -> Event:
    zone = ZoneInfo(entry.zone)
    cancelled = entry.cancelled or method is Method.CANCEL
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("DTSTART", _written(entry.span.starts_at, zone))
    event.add("DTEND", _written(entry.span.ends_at, zone))
    event.add("SUMMARY", entry.title)
    for name, value in (("LOCATION", entry.place), ("DESCRIPTION", entry.words), ("URL", entry.url)):
        if value:
            event.add(name, value)
    event.add("CLASS", "PRIVATE")
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("ORGANIZER", vCalAddress(f"mailto:{entry.organizer}"))
    if method is not Method.PUBLISH:
        event.add("ATTENDEE", _attendee(entry.attendee))
    return event


def _written(instant: datetime, zone: ZoneInfo) -> datetime:
    """Put an instant on the zone's clock, or leave it in UTC when that clock reads it for the second time.

    A local time that comes twice means its first coming (RFC 5545, section 3.3.5).
    """
    local = instant.astimezone(zone)
    return instant.astimezone(UTC) if local.fold else local


def _attendee(address: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["RSVP"] = "FALSE"
    return attendee
