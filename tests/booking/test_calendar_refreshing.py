"""Calendars kept elsewhere are read in the background, and what they say keeps times from being booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from booking import services
from booking.calendars import refreshing, subscriptions
from booking.calendars.fetching import Known, Road
from booking.calendars.jobs import read_calendars
from booking.calendars.refreshing import Claim, Outcome, claim, settle
from booking.models.calendars import BusyTime, ExternalCalendar
from booking.refusals import SlotTakenError
from practice.core.db import db
from practice.core.settings import MissingSettingsError, Settings
from practice.core.spans import Span
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer
from tests.booking.calendar_server import SMALL, CalendarServer, calendar_server, sends
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock
from tests.support.apps import settings_for
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

DENTIST = Span.lasting(WEDNESDAY_AT_TEN, 60)


@pytest.fixture(scope="module")
def server() -> Iterator[CalendarServer]:
    """A server with a calendar that has a version."""
    with calendar_server() as running:
        yield running


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that let calendars be read from this machine."""
    return settings.model_copy(update={"calendars_from_loopback": True})


def a_calendar(counselor: Person, address: str = "https://calendar.example/secret.ics") -> ExternalCalendar:
    added = subscriptions.add(counselor, label="Private", address=address, now=NOW)
    db.session.commit()
    return added


def busy() -> list[Span]:
    rows = db.session.scalars(select(BusyTime).order_by(BusyTime.starts_at))
    return [Span(each.starts_at, each.ends_at) for each in rows]


def read(now: datetime, outcome: Outcome) -> None:
    """Let one reading of what is due come out like this."""
    for claimed in claim(now, most=9):
        settle(claimed, outcome, now)
    db.session.commit()


def test_busy_times_block_what_clients_may_book(ines: Person, alice: Person) -> None:
    service = an_offer(ines)
    a_calendar(ines)
    read(NOW, Outcome(Known(), [DENTIST]))
    for minutes in (-30, 0, 30):
        with pytest.raises(SlotTakenError):
            services.hold(
                counselor=ines,
                client=alice,
                service=service,
                starts_at=WEDNESDAY_AT_TEN + timedelta(minutes=minutes),
                now=NOW,
            )
        db.session.rollback()
    assert a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(minutes=60)).status == "confirmed"


def test_a_calendar_is_read_from_its_server_and_again_when_it_changes(
    app: Flask, clock: FrozenClock, ines: Person, server: CalendarServer
) -> None:
    server.answers["/x.ics"] = sends(SMALL, ETag='"v1"')
    calendar = a_calendar(ines, server.url("/x.ics"))
    read_calendars(NOW)
    assert busy() == [DENTIST]
    assert (calendar.read_at, calendar.problem, calendar.etag) == (NOW, "", '"v1"')

    server.answers["/x.ics"] = sends(b"", 304)
    later = clock.advance(minutes=15)
    read_calendars(later)
    assert server.asked[-1][1]["If-None-Match"] == '"v1"'
    assert (busy(), calendar.read_at) == ([DENTIST], later)

    asked = len(server.asked)
    read_calendars(clock.advance(minutes=14))
    assert len(server.asked) == asked

    server.answers["/x.ics"] = sends(SMALL[:200])
    read_calendars(clock.advance(minutes=1))
    assert "cut off" in calendar.problem
    assert (busy(), calendar.read_at) == ([DENTIST], later)

    server.answers["/x.ics"] = sends(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n")
    read_calendars(clock.advance(minutes=15))
    assert (busy(), calendar.problem) == ([], "")


def test_the_machine_itself_is_not_read_where_that_is_not_asked_for(ines: Person, server: CalendarServer) -> None:
    calendar = a_calendar(ines, server.url("/x.ics").replace("http:", "https:"))
    asked = len(server.asked)
    for claimed in claim(NOW, most=9):
        settle(claimed, refreshing.read(claimed, NOW, Road()), NOW)
    assert "not on the public internet" in calendar.problem
    assert len(server.asked) == asked


def test_production_refuses_to_read_from_itself(tmp_path) -> None:
    named = {"calendars_from_loopback": True, "environment": "production", "base_url": "https://practice.example"}
    given = dict.fromkeys(("smtp_url", "stripe_api_key"), "given")
    with pytest.raises(MissingSettingsError, match="CALENDARS_FROM_LOOPBACK"):
        settings_for("sqlite://", tmp_path, **named, **given).check()


def test_a_failed_reading_keeps_what_was_known_and_waits_longer_each_time(ines: Person) -> None:
    calendar = a_calendar(ines)
    read(NOW, Outcome(Known(), [DENTIST]))
    pauses, now = [], NOW
    for _ in range(7):
        now = calendar.due_at
        read(now, Outcome(Known(), problem="Nothing answers at calendar.example."))
        pauses.append((calendar.due_at - now) / timedelta(minutes=1))
    assert pauses == [15, 30, 60, 120, 240, 360, 360]
    assert (busy(), calendar.read_at, calendar.failures) == ([DENTIST], NOW, 7)
    read(calendar.due_at, Outcome(Known()))
    assert (calendar.failures, calendar.problem, busy()) == (0, "", [DENTIST])


def test_two_schedulers_do_not_read_one_calendar_twice_and_a_late_one_writes_nothing(ines: Person) -> None:
    calendar = a_calendar(ines)
    [slow] = claim(NOW, most=9)
    db.session.commit()
    assert claim(NOW, most=9) == []
    later = NOW + refreshing.EVERY + timedelta(seconds=1)
    [quick] = claim(later, most=9)
    assert settle(quick, Outcome(Known(), [DENTIST]), later)
    assert not settle(slow, Outcome(Known(), []), later)
    assert busy() == [DENTIST]
    assert calendar.leased_until is None


def test_a_calendar_removed_while_it_was_read_stays_removed(ines: Person) -> None:
    calendar = a_calendar(ines)
    [claimed] = claim(NOW, most=9)
    subscriptions.remove(calendar)
    assert not settle(claimed, Outcome(Known(), [DENTIST]), NOW)
    assert busy() == []


def test_content_is_taken_in_again_for_a_new_zone_and_once_a_day(ines: Person) -> None:
    a_calendar(ines)
    read(NOW, Outcome(Known('"v1"', ""), [DENTIST]))

    def asks(now: datetime) -> Claim:
        [claimed] = claim(now, most=9)
        db.session.rollback()
        return claimed

    assert asks(NOW + timedelta(minutes=15)).known == Known('"v1"', "")
    assert asks(NOW + timedelta(hours=20)).known == Known()
    ines.zone = "Europe/Berlin"
    db.session.commit()
    assert asks(NOW + timedelta(minutes=15)).known == Known()


def test_the_address_is_sealed_where_it_is_kept(ines: Person) -> None:
    a_calendar(ines, "https://calendar.example/a-secret.ics")
    raw = db.session.execute(text("SELECT address FROM external_calendars")).scalar_one()
    assert b"secret" not in bytes(raw)


PATH = "/hours/calendars"


def test_a_counselor_adds_a_calendar_sees_how_fresh_it_is_and_removes_it(
    as_: As, ines: Person, clock: FrozenClock
) -> None:
    browser = as_(ines)
    assert "No other calendars yet" in browser.get(PATH).text
    typed = {"label": "Private", "address": "webcal://calendar.example/a-secret.ics"}
    assert browser.post(PATH, data=typed).location == PATH
    assert "Reading now" in browser.get(PATH).text
    read(NOW, Outcome(Known(), [DENTIST]))
    clock.advance(minutes=12)
    page = browser.get(PATH).text
    assert "12 minutes ago" in page
    assert "1 busy time ahead" in page
    assert "a-secret" not in page
    calendar = db.session.scalars(select(ExternalCalendar)).one()
    browser.post(f"{PATH}/{calendar.id}/reading")
    assert "Reading now" in browser.get(PATH).text
    read(clock.now(), Outcome(Known(), problem="Nothing answers at calendar.example."))
    page = browser.get(PATH).text
    assert "Nothing answers at calendar.example." in page
    assert "its times from then still block yours" in page
    browser.post(f"{PATH}/{calendar.id}/removal")
    assert busy() == []


def test_what_cannot_be_an_address_is_said_and_kept(as_: As, ines: Person) -> None:
    refused = as_(ines).post(PATH, data={"label": "Private", "address": "ftp://calendar.example/x"})
    assert refused.status_code == 422
    assert "Use an address that begins with https:// or webcal://." in refused.text
    assert "ftp://calendar.example/x" in refused.text


def test_nobody_elses_calendar_is_there(as_: As, ines: Person, clara: Person) -> None:
    calendar = a_calendar(ines)
    browser = as_(clara)
    for deed in ("reading", "removal"):
        assert browser.post(f"{PATH}/{calendar.id}/{deed}").status_code == 404


def test_ten_calendars_are_enough(as_: As, ines: Person) -> None:
    for _ in range(10):
        a_calendar(ines)
    refused = as_(ines).post(PATH, data={"label": "One more", "address": "https://calendar.example/x"})
    assert refused.status_code == 422
    assert "ten calendars already" in refused.text


def test_sessions_that_fall_into_busy_times_are_named(as_: As, ines: Person, alice: Person) -> None:
    a_booking(an_offer(ines), alice)
    a_calendar(ines)
    read(NOW, Outcome(Known(), [Span(DENTIST.starts_at.astimezone(UTC), DENTIST.ends_at)]))
    page = as_(ines).get(PATH).text
    assert "These sessions fall into busy times" in page
    assert "Wednesday 25 November, 10:00" in page
