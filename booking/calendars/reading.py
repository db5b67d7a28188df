"""When somebody's own calendar says that they are busy: iCalendar (RFC 5545) goes in, stretches come out. Pure.

Nothing but the times is taken in. What is cancelled or marked as free takes no time, and what we wrote ourselves is in
our own tables already. Whole days, and times without a zone, are meant on the owner's clock (section 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.cal import Component

from booking.calendar import UID_DOMAIN
from practice.core.spans import Span

MOST_STRETCHES = 5000
_BROKEN = "The calendar is broken or was cut off, so it cannot be read."
_FREE = {"FREE", "WORKINGELSEWHERE"}


class NotACalendarError(Exception):
    """The content is no calendar that can be read; `str()` says so in words for its owner."""


def busy_times(content: bytes, window: Span, zone: ZoneInfo) -> list[Span]:
    """Return when the owner is busy within a window, joined where stretches touch; whole minutes, rounded outwards."""
    found: list[Span] = []
    for calendar in _calendars(content):
        for begins, ends in (*_events(calendar, window), *_free_busy(calendar)):
            span = _placed(begins, ends, zone)
            if span and span.overlaps(window):
                found.append(_whole_minutes(span, window))
    joined = list(_joined(found))
    if len(joined) > MOST_STRETCHES:
        raise NotACalendarError(f"The calendar holds more than {MOST_STRETCHES:,} separate times.")
    return joined


def _calendars(content: bytes) -> list[Component]:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].upper()
    if start.startswith((b"<!DOCTYPE", b"<HTML", b"<?XML")):
        raise NotACalendarError("This address shows a web page, not a calendar. Use the address that ends in .ics.")
    if not start.startswith(b"BEGIN:VCALENDAR"):
        raise NotACalendarError("What lies at this address is not a calendar.")
    if not content.rstrip()[-200:].upper().endswith(b"END:VCALENDAR"):
        raise NotACalendarError(_BROKEN)
    try:
        return list(Calendar.from_ical(content, multiple=True))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise NotACalendarError(_BROKEN) from error


def _events(calendar: Component, window: Span) -> Iterator[tuple[date, date]]:
    day = timedelta(days=1)
    try:
        occurrences = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            window.starts_at - day, window.ends_at + day
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise NotACalendarError(_BROKEN) from error
    for event in occurrences:
        # Only now: a single occurrence that is cancelled hides the one its series would have.
        if _takes_time(event):
            yield event["DTSTART"].dt, event["DTEND"].dt


def _takes_time(event: Component) -> bool:
    return not (
        _word(event, "STATUS") == "CANCELLED"
        or _word(event, "TRANSP") == "TRANSPARENT"
        or _word(event, "X-MICROSOFT-CDO-BUSYSTATUS") in _FREE
        or str(event.get("UID", "")).endswith(f"@{UID_DOMAIN}")
    )


def _word(event: Component, name: str) -> str:
    return str(event.get(name, "")).strip().upper()


def _free_busy(calendar: Component) -> Iterator[tuple[date, date]]:
    """Read the periods of calendars that tell nothing but when somebody is busy (RFC 5545, section 3.6.4)."""
    for component in calendar.walk("VFREEBUSY"):
        told = component.get("FREEBUSY", [])
        for each in told if isinstance(told, list) else [told]:
            if str(each.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield each.start, each.end


def _placed(begins: date, ends: date, zone: ZoneInfo) -> Span | None:
    starts_at, ends_at = _instant(begins, zone), _instant(ends, zone)
    return Span(starts_at, ends_at) if starts_at < ends_at else None


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001  whole days have no zone of their own
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _whole_minutes(span: Span, window: Span) -> Span:
    starts_at = max(span.starts_at, window.starts_at).replace(second=0, microsecond=0)
    ends_at = min(span.ends_at, window.ends_at)
    over = timedelta(seconds=ends_at.second, microseconds=ends_at.microsecond)
    return Span(starts_at, ends_at - over + timedelta(minutes=1 if over else 0))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    present: Span | None = None
    for span in sorted(spans):
        if present and span.starts_at <= present.ends_at:
            present = Span(present.starts_at, max(present.ends_at, span.ends_at))
        else:
            if present:
                yield present
            present = span
    if present:
        yield present
