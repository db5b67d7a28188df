"""When a calendar kept elsewhere says that its owner is busy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.calendars.apart import busy_times_apart
from booking.calendars.reading import NotACalendarError, busy_times
from practice.core.spans import Span

NEW_YORK = ZoneInfo("America/New_York")
WINDOW = Span(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 21, tzinfo=UTC))
BERLIN = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def a_calendar(*parts: str, before: str = "") -> bytes:
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Elsewhere//EN\n{before}{''.join(parts)}END:VCALENDAR\n"
    return lines.replace("\n", "\r\n").encode()


def an_event(*lines: str, uid: str = "one@elsewhere") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT", ""])


def read(*events: str, window: Span = WINDOW, before: str = "") -> list[str]:
    found = busy_times(a_calendar(*events, before=before), window, NEW_YORK)
    return [f"{each.starts_at:%d %H:%M}-{each.ends_at:%d %H:%M}" for each in found]


PLAIN = ("DTSTART:20261125T150000Z", "DTEND:20261125T160000Z")


@pytest.mark.parametrize(
    ("lines", "stretches"),
    [
        (PLAIN, ["25 15:00-25 16:00"]),
        (("DTSTART:20261125T100000", "DTEND:20261125T110000"), ["25 15:00-25 16:00"]),
        (("DTSTART;TZID=Europe/Berlin:20261125T100000", "DURATION:PT90M"), ["25 09:00-25 10:30"]),
        (("DTSTART:20261125T150030Z", "DTEND:20261125T155901Z"), ["25 15:00-25 16:00"]),
        (("DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261127"), ["25 05:00-27 05:00"]),
        (("DTSTART;VALUE=DATE:20261125",), ["25 05:00-26 05:00"]),
        (("DTSTART:20261125T150000Z",), []),
        ((*PLAIN, "TRANSP:TRANSPARENT"), []),
        ((*PLAIN, "STATUS:CANCELLED"), []),
        ((*PLAIN, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        ((*PLAIN, "STATUS:TENTATIVE"), ["25 15:00-25 16:00"]),
    ],
)
def test_one_event_takes_the_time_it_says(lines: tuple[str, ...], stretches: list[str]) -> None:
    assert read(an_event(*lines)) == stretches


def test_a_zone_that_brings_its_own_rules_is_read_by_them() -> None:
    event = an_event("DTSTART;TZID=W. Europe Standard Time:20261125T100000", "DURATION:PT1H")
    assert read(event, before=BERLIN) == ["25 09:00-25 10:00"]


def test_a_series_keeps_its_hour_on_the_wall_over_a_clock_change() -> None:
    spring = Span(datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 3, 22, tzinfo=UTC))
    weekly = an_event("DTSTART;TZID=America/New_York:20270303T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    assert read(weekly, window=spring) == ["10 14:00-10 15:00", "17 13:00-17 14:00"]


def test_exceptions_moves_and_cancellations_of_a_series_count() -> None:
    series = an_event(*PLAIN, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261202T150000Z")
    moved = an_event("RECURRENCE-ID:20261209T150000Z", "DTSTART:20261209T180000Z", "DTEND:20261209T190000Z")
    cancelled = an_event(
        "RECURRENCE-ID:20261216T150000Z", "DTSTART:20261216T150000Z", "DTEND:20261216T160000Z", "STATUS:CANCELLED"
    )
    assert read(series, moved, cancelled) == ["25 15:00-25 16:00", "09 18:00-09 19:00"]


def test_stretches_that_touch_are_one_and_those_outside_the_window_are_none() -> None:
    hours = [("150000", "160000"), ("160000", "170000"), ("163000", "164000")]
    events = [an_event(f"DTSTART:20261125T{a}Z", f"DTEND:20261125T{b}Z", uid=a) for a, b in hours]
    old = an_event("DTSTART:20251125T150000Z", "DTEND:20251125T160000Z", uid="old")
    across = an_event("DTSTART:20261122T230000Z", "DTEND:20261123T010000Z", uid="across")
    assert read(*events, old, across) == ["23 00:00-23 01:00", "25 15:00-25 17:00"]


def test_our_own_entries_that_came_back_are_left_out() -> None:
    assert read(an_event(*PLAIN, uid="5f0c@stillpoint")) == []


def test_a_calendar_of_mere_busy_times_is_read_too() -> None:
    told = "\n".join([
        "BEGIN:VFREEBUSY", "UID:fb", "DTSTAMP:20261101T000000Z",
        "FREEBUSY;FBTYPE=BUSY:20261125T150000Z/20261125T160000Z,20261126T150000Z/PT2H",
        "FREEBUSY;FBTYPE=FREE:20261127T150000Z/20261127T160000Z", "END:VFREEBUSY", "",
    ])  # fmt: skip
    assert read(told) == ["25 15:00-25 16:00", "26 15:00-26 17:00"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a calendar"),
        (b"<!doctype html><title>Sign in</title>", "web page"),
        (b"\x89PNG\r\n\x1a\n", "not a calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "not a calendar"),
        (a_calendar(an_event(*PLAIN))[:90], "broken or was cut off"),
    ],
)
def test_what_is_no_calendar_is_said_so(content: bytes, words: str) -> None:
    with pytest.raises(NotACalendarError, match=words):
        busy_times(content, WINDOW, NEW_YORK)


def test_more_stretches_than_anybody_has_are_refused() -> None:
    hourly = an_event("DTSTART:20261123T000000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY;INTERVAL=5;COUNT=6000")
    with pytest.raises(NotACalendarError, match="more than 5,000"):
        read(hourly)


def test_a_process_of_its_own_reads_the_same() -> None:
    found = busy_times_apart(a_calendar(an_event(*PLAIN)), WINDOW, "America/New_York")
    assert found == [Span(datetime(2026, 11, 25, 15, tzinfo=UTC), datetime(2026, 11, 25, 16, tzinfo=UTC))]
    with pytest.raises(NotACalendarError, match="web page"):
        busy_times_apart(b"<html>", WINDOW, "UTC")


def test_a_calendar_that_never_ends_repeating_is_given_up() -> None:
    endless = a_calendar(an_event("DTSTART:20200101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"))
    with pytest.raises(NotACalendarError, match="repeats more than we can read"):
        busy_times_apart(
            endless, Span(WINDOW.starts_at, WINDOW.starts_at + timedelta(days=370)), "UTC", patience_seconds=1
        )
