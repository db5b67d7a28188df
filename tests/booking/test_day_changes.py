"""Days that differ for some sessions only: of one service, held one way, at one place."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from booking import availability, published
from booking.availability import need_of
from booking.models.locations import Location
from practice.core.spans import Span
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, an_offer
from tests.builders import saved
from tests.fakes import MONDAY_MORNING
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SINCE = date(2026, 11, 23)
HOURS = {"falls_on": "2026-11-25", "kind": "hours", "opens-0-0": "10:00", "closes-0-0": "12:00"}


def test_a_day_differs_for_some_sessions_beside_what_it_is_for_all(as_: As, ines: Person) -> None:
    browser, service = as_(ines), an_offer(ines, in_person=True)
    place = saved(Location(counselor_id=ines.id, name="Main Street"))
    service.location_id = place.id
    scope = {"service_id": str(service.id), "mode": "in_person", "location_id": str(place.id)}
    assert browser.post("/hours/days", data=HOURS | scope).status_code == 303
    assert browser.post("/hours/days", data={"falls_on": "2026-11-25", "kind": "closed"}).status_code == 303
    page = browser.get("/hours/days").text
    assert "Only “Individual session”, only in person, at Main Street" in page
    assert published.changed_days(ines.id, SINCE) == {date(2026, 11, 25): ()}
    day = Span.lasting(WEDNESDAY_AT_TEN - timedelta(hours=10), 24 * 60)
    free = {
        mode: availability.free_times(ines.id, need_of(service, mode), day, MONDAY_MORNING)
        for mode in ("video", "in_person")
    }
    assert (free["video"], free["in_person"][0]) == ([], WEDNESDAY_AT_TEN)
    removed = {"service_id": scope["service_id"], "mode": scope["mode"]}
    assert browser.post("/hours/days/2026-11-25/removal", data=removed).status_code == 303
    assert [(rows[0].service_id, rows[0].opens) for rows in published.day_changes_of(ines.id, SINCE)] == [(None, None)]


def test_the_same_day_for_the_same_sessions_is_kept_once(as_: As, ines: Person) -> None:
    browser = as_(ines)
    browser.post("/hours/days", data=HOURS | {"mode": "phone"})
    browser.post("/hours/days", data=HOURS | {"mode": "phone", "opens-0-0": "11:00"})
    ((row,),) = published.day_changes_of(ines.id, SINCE)
    assert (row.mode, row.opens) == ("phone", 660)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"service_id": "999"}, "Choose one from the list"),
        ({"mode": "telepathy"}, "Choose one from the list"),
        ({"mode": "phone", "location_id": "PLACE"}, "A place matters only in person"),
    ],
)
def test_sessions_that_cannot_be_meant_are_refused_in_words(
    changes: dict[str, str], words: str, as_: As, ines: Person, clara: Person
) -> None:
    place = saved(Location(counselor_id=ines.id, name="Main Street"))
    a_service(clara)
    sent = {name: value.replace("PLACE", str(place.id)) for name, value in changes.items()}
    answer = as_(ines).post("/hours/days", data=HOURS | sent)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert 'value="10:00"' in answer.text
    assert published.day_changes_of(ines.id, SINCE) == []


def test_hours_in_the_hour_that_comes_twice_say_which_was_taken(as_: As, ines: Person) -> None:
    browser = as_(ines)
    browser.post("/hours/days", data=HOURS | {"falls_on": "2027-11-07", "opens-0-0": "01:30"})
    assert "01:30 comes twice. Your hours begin at the first one" in browser.get("/hours/days").text
    browser.post("/hours/time-off", data={"first_day": "2027-11-07", "from_time": "01:15", "until_time": "01:45"})
    page = browser.get("/hours/time-off").text
    assert "your time off ends at the second" in page
    assert "01:15 (the first) to 01:45 (the second)" in page
