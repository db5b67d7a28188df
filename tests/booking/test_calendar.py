from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from booking.calendar import Entry, Method, content_type, ics
from practice.core.spans import Span

BEFORE_SPRING = datetime(2027, 3, 13, 14, 0, tzinfo=UTC)
AFTER_SPRING = datetime(2027, 3, 14, 13, 0, tzinfo=UTC)
ACROSS_AUTUMN = datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def an_entry(starts_at: datetime = AFTER_SPRING, zone: str = "America/New_York", sequence: int = 0) -> Entry:
    return Entry(
        uid="5f0c@stillpoint",
        sequence=sequence,
        span=Span.lasting(starts_at, 50),
        zone=zone,
        title="Appointment with Ines",
        url="https://practice.example/appointments/7",
        changed_at=datetime(2027, 1, 1, 9, 0, tzinfo=UTC),
        organizer="hello@stillpoint.example",
        attendee="alice@example.org",
    )


def read(entry: Entry, method: Method = Method.REQUEST) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(ics(entry, method))
    (event,) = calendar.events
    return calendar, event


@pytest.mark.parametrize("starts_at", [BEFORE_SPRING, AFTER_SPRING, ACROSS_AUTUMN, ACROSS_AUTUMN + timedelta(hours=1)])
@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
def test_a_calendar_reads_back_the_same_instant(starts_at: datetime, zone: str) -> None:
    _, event = read(an_entry(starts_at, zone))
    assert event.start.astimezone(UTC) == starts_at
    assert event.end.astimezone(UTC) == starts_at + timedelta(minutes=50)


def test_the_hour_is_nine_on_the_wall_on_both_sides_of_a_clock_change() -> None:
    assert [read(an_entry(each))[1].start.hour for each in (BEFORE_SPRING, AFTER_SPRING)] == [9, 9]


def test_the_zones_rules_travel_with_the_entry_and_agree_with_ours() -> None:
    calendar, event = read(an_entry())
    (rules,) = calendar.timezones
    assert rules.tz_name == "America/New_York"
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    offsets = {(part.name, part["TZOFFSETTO"].td) for part in rules.subcomponents}
    assert offsets == {("STANDARD", timedelta(hours=-5)), ("DAYLIGHT", timedelta(hours=-4))}
    own = rules.to_tz(lookup_tzid=False)
    for instant in (BEFORE_SPRING, AFTER_SPRING, ACROSS_AUTUMN + timedelta(hours=3)):
        wall = instant.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
        assert wall.replace(tzinfo=own).utcoffset() == instant.astimezone(ZoneInfo("America/New_York")).utcoffset()


def test_an_entry_says_who_when_and_where_and_nothing_more() -> None:
    calendar, event = read(an_entry(sequence=3))
    assert calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("5f0c@stillpoint", 3, "CONFIRMED")
    assert event["SUMMARY"] == "Appointment with Ines"
    assert event["URL"] == "https://practice.example/appointments/7"
    assert event["CLASS"] == "PRIVATE"
    assert str(event["ORGANIZER"]) == "mailto:hello@stillpoint.example"
    assert str(event["ATTENDEE"]) == "mailto:alice@example.org"
    assert event["LAST-MODIFIED"].dt == datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    assert event.subcomponents == []
    assert "DESCRIPTION" not in event
    assert "LOCATION" not in event


def test_a_cancellation_takes_the_entry_back_and_frees_the_time() -> None:
    calendar, event = read(an_entry(sequence=1), Method.CANCEL)
    assert (calendar["METHOD"], event["STATUS"], event["TRANSP"]) == ("CANCEL", "CANCELLED", "TRANSPARENT")
    assert event["UID"] == "5f0c@stillpoint"


def test_a_download_invites_nobody() -> None:
    calendar, event = read(an_entry(), Method.PUBLISH)
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event


def test_no_line_is_longer_than_a_calendar_may_read() -> None:
    assert max(len(line) for line in ics(an_entry(), Method.REQUEST).split(b"\r\n")) <= 75


def test_the_media_type_names_the_method() -> None:
    assert content_type(Method.CANCEL) == "text/calendar; method=CANCEL; charset=utf-8"
