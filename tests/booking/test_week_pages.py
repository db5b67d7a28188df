"""The counselor's calendar: its views, moving and stretching on it, new sessions, and finding a client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from booking.models.appointments import Appointment
from booking.models.calendars import BusyTime, ExternalCalendar
from booking.models.services import Service
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_appointment, an_offer
from tests.builders import saved
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
PANEL = {"HX-Request": "true"}


@pytest.fixture
def service(ines: Person) -> Service:
    """Half-hour grid, nine to five."""
    return an_offer(ines)


@pytest.fixture
def booked(service: Service, ben: Person) -> Appointment:
    """A session of Ben, in Chicago, on Wednesday at ten in New York."""
    return a_booking(service, ben)


def test_a_day_and_a_month_show_the_same_sessions(as_: As, ines: Person, booked: Appointment) -> None:
    browser = as_(ines)
    day = browser.get("/week/day?day=2026-11-25").text
    assert "week-confirmed at-10 m-0 for-50" in day
    assert "09:00 Chicago time" in day
    assert "Nothing booked" in browser.get("/week/day?day=2026-11-26").text
    month = browser.get("/month").text
    assert "Ben Okafor" in month
    assert month.count("weeks-closed") == 12
    assert "/month?day=2026-10-01" in month
    assert "/month?day=2026-12-01" in month
    assert browser.get("/month?day=2200-12-31").status_code == 200


def test_a_full_day_of_a_month_counts_what_does_not_fit(as_: As, ines: Person, alice: Person) -> None:
    for hour in range(6):
        an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=hour))
    page = as_(ines).get("/month").text
    assert page.count("weeks-entry ") == 3
    assert "3 more" in page


def test_initials_stand_for_names_on_paper_that_others_may_see(as_: As, ines: Person, booked: Appointment) -> None:
    for path in ("/week", "/week/day?day=2026-11-25&", "/month"):
        page = as_(ines).get(f"{path}{'' if '?' in path else '?'}names=initials").text
        assert "Ben Okafor" not in page
        assert ">BO<" in page


def test_one_client_stands_out_in_the_week_of_their_next_session(
    as_: As, ines: Person, clara: Person, alice: Person, ben: Person, service: Service
) -> None:
    an_appointment(ines, alice)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + timedelta(days=14))
    browser = as_(ines)
    page = browser.get(f"/week?client={ben.id}").text
    assert "December" in page
    assert "Ben Okafor</strong> stands out" in page
    assert page.count("week-entry-found") == 1
    assert "stands out" not in as_(clara).get(f"/week?client={ben.id}").text
    assert browser.get("/week?client=x").status_code == 200


def test_clients_are_found_by_a_few_letters_and_only_ones_own(
    as_: As, ines: Person, clara: Person, alice: Person, ben: Person
) -> None:
    an_appointment(ines, alice)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + timedelta(hours=1))
    browser = as_(ines)
    found = browser.get("/clients/find?q=mor+al", headers=PANEL)
    assert "Alice Moreau" in found.text
    assert "Ben" not in found.text
    assert "None of your clients is called “%”" in browser.get("/clients/find?q=%25", headers=PANEL).text
    page = browser.get("/clients/find").text
    assert page.index("Alice Moreau") < page.index("Ben Okafor")
    assert "Next Wednesday 25 November, 10:00" in page
    assert "Alice" not in as_(clara).get("/clients/find", headers=PANEL).text


def test_the_calendar_knows_where_a_session_may_go(as_: As, ines: Person, alice: Person, booked: Appointment) -> None:
    an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=2))
    places = as_(ines).get(f"/appointments/{booked.id}/places?day=2026-11-25&days=1").get_json()
    starts = [minute for minute, _ in places["2026-11-25"]]
    assert starts == [540, 570, 600, 630, 660, *range(780, 961, 30)]
    assert [600, "2026-11-25T15:00Z"] in places["2026-11-25"]
    assert as_(ines).get(f"/appointments/{booked.id}/places?day=never").status_code == 400


def test_a_move_is_looked_at_made_and_undone_from_the_week(
    as_: As, ines: Person, booked: Appointment, clock: FrozenClock
) -> None:
    browser, path = as_(ines), f"/appointments/{booked.id}/change"
    sheet = browser.get(f"{path}?starts_at=2026-11-25T18:00Z&minutes=50", headers=PANEL).text
    assert "Wednesday 25 November, 13:00–13:50" in sheet
    assert "12:00–12:50 for Ben" in sheet
    assert "Reminders move along" in sheet
    done = browser.post(path, data={"starts_at": "2026-11-25T18:00Z", "minutes": "50"})
    assert done.location == "/week?day=2026-11-25"
    week = browser.get("/week").text
    assert "at-13 m-0 for-50" in week
    assert 'data-toast="180"' in week
    assert browser.post(f"{path}/undo").location == "/week?day=2026-11-25"
    assert "at-10 m-0 for-50" in browser.get("/week").text
    assert "data-toast" not in browser.get("/week").text
    assert "nothing to undo" in browser.post(f"{path}/undo", follow_redirects=True).text


def test_a_session_is_stretched_and_both_are_named(as_: As, ines: Person, booked: Appointment) -> None:
    browser, path = as_(ines), f"/appointments/{booked.id}/change"
    page = browser.get(f"{path}?minutes=80").text
    assert "80 minutes instead of 50" in page
    assert "by e-mail in three minutes" in page
    browser.post(path, data={"minutes": "80"})
    assert "at-10 m-0 for-80" in browser.get("/week").text
    assert "10 to 240 minutes" in browser.get(f"{path}?minutes=300").text
    assert browser.post(path, data={"minutes": "300"}).status_code == 409


def test_a_time_that_went_meanwhile_is_answered_with_the_nearest(
    as_: As, ines: Person, alice: Person, booked: Appointment
) -> None:
    an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=3))
    answer = as_(ines).post(f"/appointments/{booked.id}/change", data={"starts_at": "2026-11-25T18:00Z"})
    assert answer.status_code == 409
    assert "just been taken" in answer.text
    assert "Free nearby" in answer.text


def test_the_calendar_of_another_is_not_changed(
    as_: As, ines: Person, clara: Person, ben: Person, booked: Appointment
) -> None:
    for person in (clara, ben):
        browser = as_(person)
        for address in ("places?day=2026-11-25", "change?minutes=80"):
            assert browser.get(f"/appointments/{booked.id}/{address}").status_code == 404
        assert browser.post(f"/appointments/{booked.id}/change", data={"minutes": "80"}).status_code == 404
        assert browser.post(f"/appointments/{booked.id}/change/undo").status_code == 404
    assert as_(ines).get(f"/appointments/{booked.id}/change").location == f"/appointments/{booked.id}/move"


def test_a_session_is_entered_for_a_client_at_the_place_that_was_pressed(
    as_: As, ines: Person, ben: Person, service: Service, booked: Appointment
) -> None:
    browser = as_(ines)
    sheet = browser.get(f"/week/new?day=2026-11-26&minute=700&client_id={ben.id}", headers=PANEL).text
    assert 'value="2026-11-26T16:30Z" selected' in sheet
    assert "11:30 (10:30 for Ben)" in sheet
    form = {"client_id": str(ben.id), "service_id": str(service.id), "starts_at": "2026-11-26T16:30Z"}
    done = browser.post("/week/new", data=form)
    entered = db.session.query(Appointment).order_by(Appointment.id.desc()).first()
    assert entered is not None
    assert done.location == f"/week?day=2026-11-26#session-{entered.id}"
    assert entered.status == "confirmed"
    page = browser.get("/week").text
    assert "is booked for Ben" in page
    assert "at-11 m-30 for-50" in page
    assert "Pay $120.00" in as_(ben).get(f"/appointments/{entered.id}").text


def test_the_way_to_meet_is_chosen_where_there_are_several(
    as_: As, ines: Person, ben: Person, service: Service, booked: Appointment
) -> None:
    service.by_phone = True
    db.session.commit()
    browser = as_(ines)
    assert "By phone" in browser.get("/week/new", headers=PANEL).text
    form = {"client_id": str(ben.id), "service_id": str(service.id), "starts_at": "2026-11-26T16:30Z"}
    assert browser.post("/week/new", data=form | {"mode": "in_person"}).status_code == 409
    assert browser.post("/week/new", data=form | {"mode": "by owl"}).status_code == 422
    browser.post("/week/new", data=form | {"mode": "phone"})
    assert "Individual session, by phone" in browser.get("/week/day?day=2026-11-26").text


def test_requests_and_times_busy_elsewhere_are_on_the_calendar(as_: As, ines: Person, ben: Person) -> None:
    start = WEDNESDAY_AT_TEN
    an_appointment(ines, ben, start, status="requested", confirmed_at=None, answer_by=start - timedelta(hours=1))
    address = "https://calendar.example/ines.ics"
    kept = saved(ExternalCalendar(counselor_id=ines.id, label="Home", address=address, added_at=start, due_at=start))
    for begins in (start + timedelta(hours=2), start + timedelta(hours=3)):
        saved(
            BusyTime(calendar_id=kept.id, counselor_id=ines.id, starts_at=begins, ends_at=begins + timedelta(hours=1))
        )
    page = as_(ines).get("/week").text
    assert "week-requested at-10" in page
    assert page.count("Busy elsewhere") == 1
    assert "week-off at-12 m-0 for-120" in page
    assert "Nothing booked" in page


def test_a_new_session_that_lacks_something_keeps_the_rest(
    as_: As, ines: Person, alice: Person, ben: Person, service: Service, booked: Appointment
) -> None:
    browser = as_(ines)
    answer = browser.post("/week/new", data={"service_id": str(service.id), "day": "2026-11-26"})
    assert answer.status_code == 422
    assert "Choose a client." in answer.text
    assert 'value="2026-11-26"' in answer.text
    stranger = {"client_id": str(alice.id), "service_id": str(service.id), "starts_at": "2026-11-26T16:30Z"}
    assert browser.post("/week/new", data=stranger).status_code == 422
    taken = {"client_id": str(ben.id), "service_id": str(service.id), "starts_at": "2026-11-25T15:30Z"}
    assert browser.post("/week/new", data=taken).status_code == 409


def test_without_services_or_clients_the_way_to_them_is_shown(as_: As, ines: Person, clara: Person) -> None:
    assert "No services yet" in as_(clara).get("/week/new").text
    an_offer(ines)
    assert "No clients yet" in as_(ines).get("/week/new").text


def test_a_time_of_ones_own_is_asked_about_once_more(
    as_: As, ines: Person, ben: Person, service: Service, booked: Appointment
) -> None:
    browser = as_(ines)
    form = {"client_id": str(ben.id), "service_id": str(service.id), "day": "2026-11-28", "at": "19:35"}
    asked = browser.post("/week/new", data=form)
    assert asked.status_code == 409
    assert "outside your hours" in asked.text
    assert 'value="19:35"' in asked.text
    wrong = browser.post("/week/new", data=form | {"at": "20:00", "knowing": "2026-11-29T00:35Z"})
    assert wrong.status_code == 409
    assert browser.post("/week/new", data=form | {"knowing": "2026-11-29T00:35Z"}).status_code == 303
    assert "at-19 m-35" in browser.get("/week?day=2026-11-28").text
    assert browser.post("/week/new", data=form | {"day": "2026-11-26", "at": "10:00"}).status_code == 303


def test_of_a_time_that_comes_twice_the_counselor_chooses_one(
    as_: As, ines: Person, ben: Person, service: Service, booked: Appointment
) -> None:
    browser = as_(ines)
    form = {"client_id": str(ben.id), "service_id": str(service.id), "day": "2027-11-07", "at": "01:30"}
    asked = browser.post("/week/new", data=form)
    assert (asked.status_code, "01:30 comes twice" in asked.text) == (422, True)
    assert "The second 01:30" in asked.text
    second = form | {"coming": "second", "knowing": "2027-11-07T06:30Z"}
    assert browser.post("/week/new", data=second).status_code == 303
    assert db.session.query(Appointment).order_by(Appointment.id.desc()).first().starts_at.hour == 6
    never = browser.post("/week/new", data=form | {"day": "2027-03-14", "at": "02:30"})
    assert (never.status_code, "There is no 02:30" in never.text) == (422, True)


def test_the_menu_knows_where_a_day_and_a_month_belong(as_: As, ines: Person) -> None:
    for path in ("/week", "/week/day", "/month"):
        assert 'href="/week" aria-current="page"' in as_(ines).get(path).text


def test_a_session_moves_to_another_day_of_the_month_at_the_same_hour(
    as_: As, ines: Person, booked: Appointment
) -> None:
    browser = as_(ines)
    month = browser.get("/month").text
    assert f'data-id="{booked.id}" data-movable' in month
    look = browser.get(f"/appointments/{booked.id}/change?day=2027-03-31", headers=PANEL).text
    assert "Wednesday 31 March, 10:00–10:50" in look
    assert 'value="2027-03-31T14:00Z"' in look
    assert browser.get(f"/appointments/{booked.id}/change?day=2026-11-25").status_code == 303
