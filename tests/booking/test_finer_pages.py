"""A counselor's other weeks, places and limits, and how clients choose the way to meet."""

from collections.abc import Callable
from datetime import date

import pytest

from booking import published, queries
from booking.models.appointments import Appointment
from booking.models.hours import HoursPlan, PlanHours
from booking.models.locations import Location
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, an_offer
from tests.booking.test_publishing_pages import SERVICE
from tests.builders import saved
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
STAMP = "2026-11-25T15:00Z"
PLAN = {
    "name": "Saturday clinic",
    "kind": "beside",
    "every_weeks": "2",
    "anchor_on": "2026-11-28",
    "starts_on": "",
    "ends_on": "",
    "opens-5-0": "09:00",
    "closes-5-0": "13:00",
}
RULES = {"notice_minutes": "0", "horizon_days": "60", "step_minutes": "15"}


def a_place(counselor: Person, name: str = "Main Street") -> Location:
    return saved(Location(counselor_id=counselor.id, name=name, address="12 Main Street"))


@pytest.mark.parametrize("path", ["/hours/weeks", "/hours/weeks/new", "/hours/places"])
def test_only_counselors_open_these_pages(path: str, as_: As, client: PageClient, ines: Person, alice: Person) -> None:
    assert as_(ines).get(path).status_code == 200
    assert as_(alice).get(path).status_code == 404
    assert client.get(path).location.startswith("/sign-in")


def test_another_week_is_kept_changed_and_removed(as_: As, ines: Person, clara: Person) -> None:
    browser, service, place = as_(ines), a_service(ines), a_place(ines)
    scope = {"service_id": str(service.id), "mode": "in_person", "location_id": str(place.id)}
    assert browser.post("/hours/weeks/new", data=PLAN | scope).status_code == 303
    (plan,) = published.plans_of(ines.id)
    assert (plan.anchor_on, plan.every_weeks, plan.replaces) == (date(2026, 11, 28), 2, False)
    listed = browser.get("/hours/weeks").text
    assert "Every second week, only “Individual session”, only in person, at Main Street" in listed
    assert "09:00–13:00" in listed
    shown = browser.get(f"/hours/weeks/{plan.id}").text
    assert 'value="2026-11-28"' in shown
    closed = {name: value for name, value in PLAN.items() if "-5-" not in name} | {"kind": "instead"}
    assert browser.post(f"/hours/weeks/{plan.id}", data=closed).status_code == 303
    (plan,) = published.plans_of(ines.id)
    assert (plan.replaces, plan.hours, plan.service_id) == (True, [], None)
    assert as_(clara).get(f"/hours/weeks/{plan.id}").status_code == 404
    assert as_(clara).post(f"/hours/weeks/{plan.id}/removal").status_code == 404
    assert as_(ines).post(f"/hours/weeks/{plan.id}/removal").status_code == 303
    assert published.plans_of(ines.id) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Give these hours a name"),
        ({"kind": ""}, "Choose how these hours go with your usual week"),
        ({"closes-5-0": "08:00"}, "end after you begin"),
        ({"opens-5-0": "22:00", "closes-5-0": "02:00"}, "If you work past midnight, end at 00:00"),
        ({"opens-5-1": "12:00", "closes-5-1": "14:00"}, "these hours overlap 09:00 to 13:00"),
        ({"opens-5-0": "", "closes-5-0": ""}, "Add hours on at least one day"),
        ({"starts_on": "2026-12-24", "ends_on": "2026-12-23"}, "on or after the first"),
        ({"ends_on": "2026-11-01"}, "not over yet"),
        ({"starts_on": "2036-12-24"}, "within the next three years"),
        ({"starts_on": "someday"}, "Enter a day like"),
        ({"anchor_on": ""}, "Choose a day in a week in which these hours are open"),
        ({"service_id": "999"}, "Choose one from the list"),
        ({"mode": "telepathy"}, "Choose one from the list"),
    ],
)
def test_another_week_that_cannot_be_says_why_and_loses_nothing(
    changes: dict[str, str], words: str, as_: As, ines: Person
) -> None:
    answer = as_(ines).post("/hours/weeks/new", data=PLAN | {"name": "Kept words"} | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text or "name" in changes
    assert published.plans_of(ines.id) == []


def test_rows_of_another_week_are_added_without_saving(as_: As, ines: Person) -> None:
    answer = as_(ines).post("/hours/weeks/new", data=PLAN | {"deed": "add-0", "name": "Kept words"})
    assert answer.status_code == 200
    assert 'id="opens-0-0"' in answer.text
    assert "Kept words" in answer.text


def test_places_are_kept_changed_and_archived(as_: As, ines: Person, clara: Person) -> None:
    browser = as_(ines)
    assert browser.post("/hours/places", data={"name": "", "address": ""}).status_code == 422
    assert browser.post("/hours/places", data={"name": "Town", "address": "1 High Street"}).status_code == 303
    (place,) = published.places_of(ines.id)
    path = f"/hours/places/{place.id}"
    assert browser.post(path, data={"name": "Town hall", "address": "2 High Street"}).status_code == 303
    assert "Town hall" in browser.get(path).text
    assert as_(clara).get(path).status_code == 404
    assert as_(ines).post(f"{path}/archive").status_code == 303
    assert published.places_of(ines.id) == []
    assert as_(ines).post(f"{path}/restoration").status_code == 303
    assert len(published.places_of(ines.id)) == 1


def test_a_service_in_person_needs_a_place_of_ones_own(as_: As, ines: Person, clara: Person) -> None:
    browser, wanted = as_(ines), SERVICE | {"modes": ["video", "in_person"]}
    assert "first add the place" in browser.post("/services", data=wanted).text
    place, other = a_place(ines), a_place(clara)
    answer = browser.post("/services", data=wanted | {"location_id": str(other.id)})
    assert answer.status_code == 422
    assert "Choose where you meet in person" in answer.text
    assert browser.post("/services", data=wanted | {"location_id": str(place.id)}).status_code == 303
    (service,) = queries.services_of(ines.id)
    assert (service.modes, service.location_id) == (("video", "in_person"), place.id)
    assert "Choose at least one way" in browser.post("/services", data=SERVICE | {"modes": []}).text


def test_limits_are_kept_and_half_a_break_is_refused(as_: As, ines: Person) -> None:
    browser = as_(ines)
    limits = {"most_per_day": "5", "most_per_week": "20", "long_break_after": "3", "long_break_minutes": "45"}
    assert browser.post("/hours/rules", data=RULES | limits).status_code == 303
    assert 'value="45"' in browser.get("/hours/rules").text
    answer = browser.post("/hours/rules", data=RULES | limits | {"long_break_after": ""})
    assert (answer.status_code, "Enter both" in answer.text) == (422, True)
    assert "at least as many" in browser.post("/hours/rules", data=RULES | limits | {"most_per_week": "4"}).text
    assert browser.post("/hours/rules", data=RULES).status_code == 303
    assert published.rules_of(ines.id).most_per_day is None


def test_a_client_chooses_how_to_meet_and_the_session_shows_it(as_: As, ines: Person, alice: Person) -> None:
    place = a_place(ines)
    service = an_offer(ines, price_cents=0, by_phone=True, in_person=True, location_id=place.id)
    path, browser = f"/counselors/{ines.id}", as_(alice)
    page = browser.get(f"{path}?service_id={service.id}&mode=in_person").text
    assert "By video" in page
    assert "In person" in page
    look = browser.get(f"{path}/appointments/new?service_id={service.id}&mode=in_person&starts_at={STAMP}").text
    assert "In person, Main Street, 12 Main Street" in look
    data = {"service_id": str(service.id), "mode": "in_person", "starts_at": STAMP}
    assert browser.post(f"{path}/appointments", data=data).status_code == 303
    booked = db.session.query(Appointment).one()
    assert (booked.mode, booked.location, booked.starts_at) == ("in_person", place, WEDNESDAY_AT_TEN)
    shown = browser.get(f"/appointments/{booked.id}").text
    assert "In person, Main Street" in shown
    assert "You meet by video" not in shown


def test_a_made_up_way_to_meet_is_refused_in_words(as_: As, ines: Person, alice: Person) -> None:
    service = an_offer(ines)
    data = {"service_id": str(service.id), "mode": "telepathy", "starts_at": STAMP}
    answer = as_(alice).post(f"/counselors/{ines.id}/appointments", data=data)
    assert answer.status_code == 409
    assert "not offered in that way" in answer.text


def test_another_week_names_an_hour_that_comes_twice(as_: As, ines: Person) -> None:
    early = PlanHours(weekday=6, opens=90, closes=300)
    saved(HoursPlan(counselor_id=ines.id, name="Early", starts_on=date(2027, 10, 1), hours=[early]))
    page = as_(ines).get("/hours/weeks").text
    assert "On Sunday 7 November the clocks go back and 01:30 comes twice." in page
