"""One's own agenda under a secret address, in any calendar program."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import icalendar
import pytest
from flask import Flask

from booking import services
from booking.models.appointments import Appointment
from booking.models.calendars import CalendarFeed
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

PATH = "/account/calendar"


@pytest.fixture
def booked(ines: Person, alice: Person) -> Appointment:
    """A session of Alice with Ines on Wednesday at ten."""
    return a_booking(an_offer(ines), alice)


def an_address(browser: PageClient, titles: str = "neutral") -> str:
    made = browser.post(PATH, data={"titles": titles})
    assert made.status_code == 201
    found = re.search(r'value="http://[^/]+(/calendar/[\w-]{43}\.ics)"', made.text)
    assert found
    return found[1]


def entries(client: PageClient, address: str) -> list[icalendar.Event]:
    answer = client.get(address)
    assert answer.content_type == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.data).events)


def test_a_client_reads_sessions_with_nothing_given_away(
    as_: As, client: PageClient, booked: Appointment, alice: Person
) -> None:
    address = an_address(as_(alice))
    answer = client.get(address)
    calendar = icalendar.Calendar.from_ical(answer.data)
    [zone] = calendar.timezones
    assert zone.tz_name == "America/New_York"
    [event] = calendar.events
    assert (event["SUMMARY"], event["STATUS"], event["UID"]) == (
        "Appointment",
        "CONFIRMED",
        f"{booked.uid}@stillpoint",
    )
    assert event.start == WEDNESDAY_AT_TEN
    assert "Ines" not in answer.text
    assert answer.headers["Cache-Control"] == "private, max-age=300"


@pytest.mark.parametrize(
    ("titles", "counselors", "clients"),
    [("neutral", "Appointment", "Appointment"), ("busy", "Busy", "Busy"), ("initials", "Appointment AM", None)],
)
def test_titles_are_each_persons_own_choice(
    as_: As, client: PageClient, booked: Appointment, ines: Person, alice: Person, *,
    titles: str, counselors: str, clients: str | None,
) -> None:  # fmt: skip
    [event] = entries(client, an_address(as_(ines), titles))
    assert event["SUMMARY"] == counselors
    assert ("URL" in event) is (titles != "busy")
    if clients:
        assert entries(client, an_address(as_(alice), titles))[0]["SUMMARY"] == clients
    else:
        assert as_(alice).post(PATH, data={"titles": titles}).status_code == 422


def test_moves_and_cancellations_reach_the_entry_they_belong_to(
    as_: As, client: PageClient, booked: Appointment, alice: Person
) -> None:
    address = an_address(as_(alice))
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + timedelta(hours=2), by=alice, now=NOW)
    db.session.commit()
    [moved] = entries(client, address)
    assert (moved["UID"], moved["SEQUENCE"]) == (f"{booked.uid}@stillpoint", 1)
    services.cancel(booked, by=alice, now=NOW)
    db.session.commit()
    [cancelled] = entries(client, address)
    assert (cancelled["UID"], cancelled["SEQUENCE"], cancelled["STATUS"]) == (moved["UID"], 2, "CANCELLED")
    assert cancelled["TRANSP"] == "TRANSPARENT"


def test_a_time_merely_held_is_not_in_it(as_: As, client: PageClient, ines: Person, alice: Person) -> None:
    a_hold(an_offer(ines), alice)
    assert entries(client, an_address(as_(alice))) == []


def test_a_calendar_that_has_it_already_is_not_sent_it_again(
    as_: As, client: PageClient, booked: Appointment, alice: Person
) -> None:
    address = an_address(as_(alice))
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_new_address_ends_the_old_one_and_keeps_the_titles(
    as_: As, client: PageClient, booked: Appointment, ines: Person
) -> None:
    browser = as_(ines)
    old = an_address(browser, "initials")
    new = an_address(browser, "initials")
    assert client.get(old).status_code == 404
    assert entries(client, new)[0]["SUMMARY"] == "Appointment AM"
    assert browser.post(f"{PATH}/titles", data={"titles": "busy"}).location == PATH
    assert entries(client, new)[0]["SUMMARY"] == "Busy"
    browser.post(f"{PATH}/removal")
    assert client.get(new).status_code == 404


def test_the_address_is_shown_once_and_kept_nowhere(
    as_: As, client: PageClient, booked: Appointment, alice: Person, clock: FrozenClock
) -> None:
    browser = as_(alice)
    assert "Make the address" in browser.get(PATH).text
    address = an_address(browser)
    secret = address.split("/")[2].removesuffix(".ics")
    page = browser.get(PATH).text
    assert secret not in page
    assert "No calendar has read it so far" in page
    assert secret not in db.session.query(CalendarFeed).one().token_hash
    client.get(address)
    clock.advance(hours=2)
    assert "last read it 2 hours ago" in browser.get(PATH).text


def test_guessing_and_asking_without_end_are_answered_with_patience(
    app: Flask, as_: As, client: PageClient, alice: Person
) -> None:
    assert client.get("/calendar/guessed.ics").status_code == 404
    address = an_address(as_(alice))
    answers = [client.get(address).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_an_account_that_is_closed_has_no_feed(as_: As, client: PageClient, alice: Person) -> None:
    address = an_address(as_(alice))
    alice.closed_at = NOW
    assert client.get(address).status_code == 404
