"""A session's own page for both sides, the list of a client, the calendar file and who came."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import CLIENT, Person, PersonRole
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_appointment, an_offer
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.fixture
def booked(ines: Person, alice: Person) -> Appointment:
    """A session of Alice with Ines on Wednesday at ten."""
    return a_booking(an_offer(ines), alice)


def test_both_sides_and_the_practice_see_the_session(
    as_: As, booked: Appointment, ines: Person, alice: Person, omar: Person
) -> None:
    for person, other in ((alice, "Ines Calder"), (ines, "Alice Moreau"), (omar, "Alice Moreau")):
        page = as_(person).get(f"/appointments/{booked.id}")
        assert page.status_code == 200
        assert "Wednesday 25 November, 10:00" in page.text
        assert other in page.text
        assert "$120.00" in page.text


@pytest.mark.parametrize("page", ["", "/calendar.ics", "/cancellation", "/move"])
def test_nobody_else_finds_it(
    page: str, as_: As, client: PageClient, booked: Appointment, ben: Person, clara: Person
) -> None:
    path = f"/appointments/{booked.id}{page}"
    assert as_(ben).get(path).status_code == 404
    assert as_(clara).get(path).status_code == 404
    assert client.get(path).location.startswith("/sign-in")


def test_both_clocks_are_named_when_they_differ(as_: As, ines: Person, ben: Person) -> None:
    booked = a_booking(an_offer(ines), ben)
    page = as_(ben).get(f"/appointments/{booked.id}").text
    assert "Wednesday 25 November, 09:00" in page
    assert "10:00–10:50" in page
    assert "New York time (UTC−5), for Ines" in page


def test_one_clock_is_named_once_when_they_agree(as_: As, booked: Appointment, alice: Person) -> None:
    assert ", for Ines" not in as_(alice).get(f"/appointments/{booked.id}").text


def test_the_drawer_of_the_week_gets_only_the_middle_of_the_page(as_: As, booked: Appointment, ines: Person) -> None:
    part = as_(ines).get(f"/appointments/{booked.id}", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Alice Moreau" in part


def test_a_held_time_tells_the_counselor_that_somebody_is_paying(as_: As, ines: Person, alice: Person) -> None:
    held = a_hold(an_offer(ines), alice)
    page = as_(ines).get(f"/appointments/{held.id}").text
    assert "Alice is paying at the moment" in page
    assert "/release" not in page


def test_the_calendar_file_keeps_its_uid_and_counts_its_changes(
    as_: As, booked: Appointment, alice: Person, ines: Person
) -> None:
    answer = as_(alice).get(f"/appointments/{booked.id}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert "appointment.ics" in answer.headers["Content-Disposition"]
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    assert event["SUMMARY"] == "Appointment with Ines"
    assert event.decoded("DTSTART") == WEDNESDAY_AT_TEN
    assert event["SEQUENCE"] == 0
    as_(ines).post(f"/appointments/{booked.id}/cancellation", data={"reason": "I am ill."})
    cancelled = Calendar.from_ical(as_(alice).get(f"/appointments/{booked.id}/calendar.ics").text)
    assert cancelled["METHOD"] == "CANCEL"
    assert cancelled.walk("VEVENT")[0]["UID"] == event["UID"]
    assert cancelled.walk("VEVENT")[0]["SEQUENCE"] == 1


def test_a_held_time_has_no_calendar_file(as_: As, ines: Person, alice: Person) -> None:
    held = a_hold(an_offer(ines), alice)
    assert as_(alice).get(f"/appointments/{held.id}/calendar.ics").status_code == 404


def test_the_counselor_marks_who_came_and_may_correct_it(
    as_: As, booked: Appointment, ines: Person, clock: FrozenClock
) -> None:
    clock.instant = booked.ends_at
    browser = as_(ines)
    assert "Did Alice come?" in browser.get(f"/appointments/{booked.id}").text
    for sent, status, word in (("yes", "completed", "Completed"), ("no", "no_show", "Missed")):
        assert browser.post(f"/appointments/{booked.id}/attendance", data={"attended": sent}).status_code == 303
        db.session.refresh(booked)
        assert booked.status == status
        assert word in browser.get(f"/appointments/{booked.id}").text


def test_who_came_is_marked_by_the_counselor_and_not_before_the_start(
    as_: As, booked: Appointment, ines: Person, clara: Person, alice: Person, omar: Person, client: PageClient
) -> None:
    path = f"/appointments/{booked.id}/attendance"
    early = as_(ines).post(path, data={"attended": "yes"}, follow_redirects=True)
    assert "This session has not started yet." in early.text
    assert as_(ines).post(path, data={"attended": "perhaps"}).status_code == 400
    for person in (clara, alice, omar):
        assert as_(person).post(path, data={"attended": "yes"}).status_code == 404
    assert client.post(path, data={"attended": "yes"}).status_code == 401
    db.session.refresh(booked)
    assert booked.status == "confirmed"


def test_a_client_finds_what_is_ahead_and_what_lies_behind(
    as_: As, booked: Appointment, alice: Person, ines: Person, ben: Person
) -> None:
    an_appointment(ines, alice, datetime(2026, 11, 4, 15, tzinfo=UTC), status="completed")
    an_appointment(ines, ben, datetime(2026, 11, 5, 15, tzinfo=UTC), status="completed")
    page = as_(alice).get("/appointments").text
    ahead, behind = page.split("Past and cancelled")
    assert "Wednesday 25 November, 10:00" in ahead
    assert "Wednesday 4 November, 10:00" in behind
    assert "Thursday 5 November" not in page


def test_a_client_without_sessions_is_shown_the_way(as_: As, alice: Person) -> None:
    page = as_(alice).get("/appointments").text
    assert "Nothing booked" in page
    assert 'href="/counselors"' in page


def test_a_long_past_has_pages(as_: As, alice: Person, ines: Person) -> None:
    for weeks in range(1, 24):
        an_appointment(ines, alice, WEDNESDAY_AT_TEN - timedelta(weeks=weeks), status="completed")
    browser = as_(alice)
    first, second = browser.get("/appointments").text, browser.get("/appointments?page=2").text
    assert first.count('class="leaf"') == 20
    assert second.count('class="leaf"') == 3
    assert "Nothing on this page" in browser.get("/appointments?page=9").text
    for odd in ("0", "-1", "x", "99999999999"):
        assert browser.get(f"/appointments?page={odd}").status_code == 200


def test_the_list_is_for_clients(as_: As, ines: Person, client: PageClient) -> None:
    assert as_(ines).get("/appointments").status_code == 404
    assert client.get("/appointments").status_code == 303


def test_a_counselor_who_is_somebodys_client_does_not_mark_their_own_session(
    as_: As, ines: Person, clara: Person
) -> None:
    clara.role_rows.append(PersonRole(role=CLIENT, granted_at=WEDNESDAY_AT_TEN))
    db.session.commit()
    booked = a_booking(an_offer(ines), clara)
    browser = as_(clara)
    assert "Your counselor" in browser.get(f"/appointments/{booked.id}").text
    assert browser.post(f"/appointments/{booked.id}/attendance", data={"attended": "yes"}).status_code == 404
