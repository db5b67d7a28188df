"""The counselor's day and week, and what booking shows on the pages of others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from booking.models.hours import TimeOff
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_appointment, an_offer
from tests.builders import a_client, a_person, saved
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

MONDAY_AT_TEN = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/today", "/week"])
def test_day_and_week_are_the_counselors_own(
    path: str, as_: As, client: PageClient, ines: Person, clara: Person, alice: Person, omar: Person
) -> None:
    an_appointment(ines, alice, MONDAY_AT_TEN)
    assert "Alice Moreau" in as_(ines).get(path).text
    assert "Alice Moreau" not in as_(clara).get(path).text
    assert as_(alice).get(path).status_code == as_(omar).get(path).status_code == 404
    assert client.get(path).location.startswith("/sign-in")


def test_a_new_counselor_is_led_through_three_steps(as_: As) -> None:
    new = a_person("Nora Lind", "counselor")
    page = as_(new).get("/today").text
    assert "Three steps to your first client" in page
    assert "Write your profile" in page
    assert "Set your hours" in page


def test_the_steps_disappear_when_they_are_done(as_: As, ines: Person) -> None:
    an_offer(ines)
    page = as_(ines).get("/today").text
    assert "Three steps" not in page
    assert "No sessions today" in page
    assert "Nothing booked." in page


def test_the_next_session_is_one_press_from_its_room(
    as_: As, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    first = an_appointment(ines, alice, MONDAY_AT_TEN)
    an_appointment(ines, ben, MONDAY_AT_TEN + timedelta(hours=2))
    page = as_(ines).get("/today").text
    front = page.split('aria-labelledby="up-next"')[1].split("</section>")[0]
    assert "Alice Moreau" in front
    assert f"/appointments/{first.id}/room" in front
    assert "button-secondary" in front
    clock.instant = MONDAY_AT_TEN - timedelta(minutes=10)
    assert "up-next-open" in as_(ines).get("/today").text
    clock.instant = MONDAY_AT_TEN + timedelta(minutes=20)
    assert 'id="up-next">Now<' in as_(ines).get("/today").text
    clock.instant = MONDAY_AT_TEN + timedelta(hours=1)
    page = as_(ines).get("/today").text
    assert "Ben Okafor" in page.split('aria-labelledby="up-next"')[1].split("</section>")[0]
    assert "Alice Moreau came" in page


def test_another_day_can_be_looked_at_and_tomorrow_is_in_sight(as_: As, ines: Person, alice: Person) -> None:
    an_appointment(ines, alice, MONDAY_AT_TEN + timedelta(days=1))
    browser = as_(ines)
    page = browser.get("/today").text
    assert "Alice Moreau" in page.split('id="glance"')[1]
    other = browser.get("/today?day=2026-11-24").text
    assert "Tuesday 24 November</h1>" in other
    assert "Alice Moreau" in other
    assert browser.get("/today?day=someday").status_code == 200


def test_the_week_places_sessions_buffers_hours_and_now(
    as_: As, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    a_booking(an_offer(ines), alice)
    clock.instant = MONDAY_AT_TEN + timedelta(minutes=7)
    page = as_(ines).get("/week").text
    assert "week-entry week-confirmed at-10 m-0 for-50" in page
    assert "week-buffer at-10 m-50 for-10" in page
    assert page.count("week-open at-9 m-0 for-480") == 5
    assert "week-now at-10 m-7" in page
    assert "week-days-5" in page
    assert "from-8 to-18" in page
    assert "<strong" in page
    assert " style=" not in page


def test_held_times_time_off_and_weekends_show(as_: As, ines: Person, alice: Person) -> None:
    a_hold(an_offer(ines), alice)
    noon = datetime(2026, 11, 26, 17, tzinfo=UTC)
    saved(TimeOff(counselor_id=ines.id, starts_at=noon, ends_at=noon + timedelta(hours=30), label="Training"))
    browser = as_(ines)
    page = browser.get("/week").text
    assert "week-held at-10" in page
    assert "week-off at-12 m-0 for-360" in page
    assert page.count("Training") == 2
    assert browser.get("/week?days=7").text.count("week-day-name") == 7
    an_appointment(ines, alice, datetime(2026, 11, 28, 15, tzinfo=UTC))
    assert browser.get("/week").text.count("week-day-name") == 7


def test_on_a_saturday_the_weekend_is_in_sight(as_: As, ines: Person, clock: FrozenClock) -> None:
    an_offer(ines)
    clock.instant = datetime(2026, 11, 28, 15, tzinfo=UTC)
    page = as_(ines).get("/week").text
    assert page.count("week-day-name") == 7
    assert "week-now at-10 m-0" in page
    assert as_(ines).get("/week?day=2026-12-02").text.count("week-day-name") == 5


def test_a_session_outside_the_usual_hours_stretches_the_day(as_: As, ines: Person, alice: Person) -> None:
    an_appointment(ines, alice, datetime(2026, 11, 25, 11, 30, tzinfo=UTC))
    an_appointment(ines, alice, datetime(2026, 11, 26, 1, 0, tzinfo=UTC))
    assert "from-6 to-21" in as_(ines).get("/week").text


def test_a_clients_own_clock_is_named_in_the_week(as_: As, ines: Person, ben: Person) -> None:
    a_booking(an_offer(ines), ben)
    assert "09:00 Chicago time" in as_(ines).get("/week").text


def test_weeks_are_turned_by_links_and_days(as_: As, ines: Person, alice: Person) -> None:
    an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(days=7))
    browser = as_(ines)
    page = browser.get("/week").text
    assert "/week?day=2026-11-16" in page
    assert "/week?day=2026-11-30" in page
    assert "Alice Moreau" not in page
    assert "Alice Moreau" in browser.get("/week?day=2026-12-04").text
    assert "Nov – Dec 2026" in browser.get("/week?day=2026-12-04").text
    assert browser.get("/week?day=9999-12-31").status_code == 200


def test_a_hundred_sessions_in_a_week_come_from_few_questions(as_: As, ines: Person) -> None:
    an_offer(ines)
    client = a_client("Ruth Adler", email="ruth@example.org")
    service_end = timedelta(minutes=60)
    for day in range(5):
        for step in range(20):
            start = datetime(2026, 11, 23 + day, 5, tzinfo=UTC) + step * service_end
            an_appointment(ines, client, start)
    browser, asked = as_(ines), []

    def count(*_: object) -> None:
        asked.append(1)

    event.listen(db.engine, "before_cursor_execute", count)
    page = browser.get("/week").text
    event.remove(db.engine, "before_cursor_execute", count)
    assert page.count("data-drawer data-id") == 100
    assert len(asked) < 40


def test_a_client_begins_at_their_next_session(as_: As, ines: Person, alice: Person, clock: FrozenClock) -> None:
    browser = as_(alice)
    assert "No session booked" in browser.get("/my").text
    service = an_offer(ines)
    booked = a_booking(service, alice)
    page = browser.get("/my").text
    assert "Wednesday 25 November, 10:00" in page
    assert f"/appointments/{booked.id}/room" not in page
    clock.instant = booked.starts_at - timedelta(minutes=5)
    assert f"/appointments/{booked.id}/room" in as_(alice).get("/my").text


def test_a_client_is_reminded_of_a_time_they_hold(as_: As, ines: Person, alice: Person) -> None:
    held = a_hold(an_offer(ines), alice)
    page = as_(alice).get("/my").text
    assert "You keep Wednesday 25 November, 10:00" in page
    assert f"/appointments/{held.id}" in page


def test_the_administrator_sees_the_day_of_every_counselor(
    as_: As, ines: Person, clara: Person, alice: Person, ben: Person, omar: Person
) -> None:
    an_appointment(ines, alice, MONDAY_AT_TEN)
    an_appointment(clara, ben, MONDAY_AT_TEN, status="cancelled", cancelled_at=MONDAY_AT_TEN - timedelta(days=1))
    page = as_(omar).get("/day").text
    assert "Alice Moreau" in page
    assert "Clara Voss" in page
    assert "row-quiet" in page
    assert "No sessions this day" in as_(omar).get("/day?date=2026-11-24").text
