"""A counselor makes themselves bookable: services, hours, days that differ, time off, rules."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from booking import published, queries
from booking.hours import Hours
from practice.models import Person
from tests.booking.builders import a_service, an_appointment
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

SERVICE = {
    "name": "Individual session",
    "description": "",
    "minutes": "50",
    "price": "120",
    "buffer_before": "0",
    "buffer_after": "10",
    "cpt_code": "90834",
    "modes": "video",
}
PAGES = ["/services", "/services/new", "/hours", "/hours/days", "/hours/time-off", "/hours/rules"]


@pytest.mark.parametrize("path", PAGES)
def test_only_counselors_open_these_pages(
    path: str, as_: As, client: PageClient, ines: Person, alice: Person, omar: Person
) -> None:
    assert as_(ines).get(path).status_code == 200
    assert as_(alice).get(path).status_code == 404
    assert as_(omar).get(path).status_code == 404
    assert client.get(path).location.startswith("/sign-in")


def test_a_new_service_can_be_booked_and_changed(as_: As, ines: Person) -> None:
    browser = as_(ines)
    assert browser.post("/services", data=SERVICE).status_code == 303
    (service,) = queries.services_of(ines.id)
    assert (service.name, str(service.price), service.buffer_after) == ("Individual session", "$120.00", 10)
    assert "Individual session" in browser.get("/services").text
    assert 'value="120"' in browser.get(f"/services/{service.id}").text
    assert browser.post(f"/services/{service.id}", data=SERVICE | {"price": "99.50"}).status_code == 303
    assert str(queries.services_of(ines.id)[0].price) == "$99.50"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Give the service a name"),
        ("minutes", "5", "from 10 to 240"),
        ("price", "much", "Enter an amount"),
        ("cpt_code", "99999", "Choose a code from the list"),
        ("cpt_code", "90837", "90837 stands for 53 minutes or more; this service lasts 50."),
    ],
)
def test_a_service_that_cannot_be_kept_says_why_and_loses_nothing(
    field: str, value: str, words: str, as_: As, ines: Person
) -> None:
    answer = as_(ines).post("/services", data=SERVICE | {"description": "Kept words", field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text
    assert queries.services_of(ines.id) == []


def test_an_archived_service_can_be_offered_again(as_: As, ines: Person) -> None:
    service = a_service(ines)
    browser = as_(ines)
    browser.post(f"/services/{service.id}/archive")
    assert queries.services_of(ines.id) == []
    assert "Archived services (1)" in browser.get("/services").text
    browser.post(f"/services/{service.id}/restoration")
    assert len(queries.services_of(ines.id)) == 1


def test_somebody_elses_service_is_not_found(as_: As, ines: Person, clara: Person) -> None:
    service = a_service(ines)
    browser = as_(clara)
    assert browser.get(f"/services/{service.id}").status_code == 404
    for deed in ("", "/archive", "/restoration"):
        assert browser.post(f"/services/{service.id}{deed}", data=SERVICE).status_code == 404


def test_a_week_is_kept_with_several_openings_a_day(as_: As, ines: Person) -> None:
    data = {"opens-0-0": "09:00", "closes-0-0": "12:00", "opens-0-1": "13:00", "closes-0-1": "00:00"}
    browser = as_(ines)
    assert browser.post("/hours", data=data).status_code == 303
    assert published.week_of(ines.id) == {0: (Hours(540, 720), Hours(780, 1440))}
    page = browser.get("/hours").text
    assert 'value="13:00"' in page
    assert "14 hours" in page
    assert browser.post("/hours", data={"opens-0-0": "", "closes-0-0": ""}).status_code == 303
    assert published.week_of(ines.id) == {}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"opens-0-0": "17:00", "closes-0-0": "09:00"}, "Monday: end after you begin. If you work past midnight"),
        ({"opens-1-0": "09:00", "closes-1-0": ""}, "Tuesday: enter when you end"),
        ({"opens-1-0": "nine", "closes-1-0": "10:00"}, "Tuesday: enter when you begin"),
        (
            {"opens-2-0": "09:00", "closes-2-0": "12:00", "opens-2-1": "11:00", "closes-2-1": "13:00"},
            "Wednesday: these hours overlap 09:00 to 12:00.",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(data: dict[str, str], words: str, as_: As, ines: Person) -> None:
    answer = as_(ines).post("/hours", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert all(f'value="{value}"' in answer.text for value in data.values() if value)
    assert published.week_of(ines.id) == {}


def test_rows_are_added_removed_and_copied_without_saving(as_: As, ines: Person) -> None:
    browser = as_(ines)
    row = {"opens-0-0": "08:15", "closes-0-0": "12:45"}
    added = browser.post("/hours", data=row | {"deed": "add-0"})
    assert added.status_code == 200
    assert 'id="opens-0-1"' in added.text
    copied = browser.post("/hours", data={**row, "deed": "copy-0", "copy-0": ["1", "4", "9"]})
    assert copied.text.count('value="08:15"') == 3
    removed = browser.post("/hours", data=row | {"deed": "remove-0-0"})
    assert 'value="08:15"' not in removed.text
    assert published.week_of(ines.id) == {}


@pytest.mark.parametrize("deed", ["add-99", "add", "copy-0-0-0", "remove-0", "explode-0", "add-x"])
def test_a_deed_that_makes_no_sense_does_no_harm(deed: str, as_: As, ines: Person) -> None:
    answer = as_(ines).post("/hours", data={"opens-0-0": "09:00", "closes-0-0": "10:00", "deed": deed})
    assert answer.status_code in {200, 303}


def test_a_single_day_can_be_closed_or_have_other_hours(as_: As, ines: Person) -> None:
    browser = as_(ines)
    browser.post("/hours/days", data={"falls_on": "2026-12-24", "kind": "closed"})
    browser.post(
        "/hours/days",
        data={"falls_on": "2026-12-03", "kind": "hours", "opens-0-0": "10:00", "closes-0-0": "13:00"},
    )
    days = published.changed_days(ines.id, date(2026, 11, 23))
    assert days == {date(2026, 12, 3): (Hours(600, 780),), date(2026, 12, 24): ()}
    page = browser.get("/hours/days").text
    assert "Thursday 24 December" in page
    assert "10:00–13:00" in page
    browser.post("/hours/days/2026-12-24/removal")
    assert date(2026, 12, 24) not in published.changed_days(ines.id, date(2026, 11, 23))
    assert browser.post("/hours/days/tomorrow/removal").status_code == 404


def test_more_hours_can_be_added_to_a_single_day_before_saving(as_: As, ines: Person) -> None:
    data = {"falls_on": "2026-12-03", "kind": "closed", "opens-0-0": "10:00", "closes-0-0": "13:00", "deed": "add-0"}
    answer = as_(ines).post("/hours/days", data=data)
    assert answer.status_code == 200
    assert 'id="opens-0-1"' in answer.text
    assert 'value="2026-12-03"' in answer.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"falls_on": "", "kind": "closed"}, "Choose a day."),
        ({"falls_on": "2026-11-01", "kind": "closed"}, "Choose today or a day to come."),
        ({"falls_on": "9999-12-31", "kind": "closed"}, "within the next three years"),
        ({"falls_on": "2026-12-03", "kind": "hours"}, "Enter your hours for that day"),
        ({"falls_on": "2026-12-03"}, "Choose whether you are closed"),
        (
            {"falls_on": "2026-12-03", "kind": "hours", "opens-0-0": "13:00", "closes-0-0": "10:00"},
            "End after you begin",
        ),
    ],
)
def test_a_day_that_cannot_be_kept_says_why(data: dict[str, str], words: str, as_: As, ines: Person) -> None:
    answer = as_(ines).post("/hours/days", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert published.changed_days(ines.id, date(2026, 1, 1)) == {}


def test_time_off_covers_whole_days_on_the_counselors_clock(as_: As, ines: Person) -> None:
    browser = as_(ines)
    browser.post("/hours/time-off", data={"first_day": "2026-12-21", "last_day": "2026-12-26", "label": "Holiday"})
    (absence,) = published.time_off_of(ines.id)
    assert absence.starts_at == datetime(2026, 12, 21, 5, tzinfo=UTC)
    assert absence.ends_at == datetime(2026, 12, 27, 5, tzinfo=UTC)
    assert "Monday 21 December to Saturday 26 December" in browser.get("/hours/time-off").text
    browser.post(f"/hours/time-off/{absence.id}/removal")
    assert published.time_off_of(ines.id) == []


def test_time_off_may_be_some_hours_of_a_day(as_: As, ines: Person) -> None:
    browser = as_(ines)
    browser.post("/hours/time-off", data={"first_day": "2026-12-03", "from_time": "14:00", "until_time": "16:30"})
    (absence,) = published.time_off_of(ines.id)
    assert absence.starts_at == datetime(2026, 12, 3, 19, tzinfo=UTC)
    assert "Thursday 3 December, 14:00 to 16:30" in browser.get("/hours/time-off").text


def test_time_off_over_a_session_names_it_first(as_: As, ines: Person, alice: Person) -> None:
    an_appointment(ines, alice)
    browser = as_(ines)
    data = {"first_day": "2026-11-25", "label": "Training"}
    warned = browser.post("/hours/time-off", data=data)
    assert warned.status_code == 409
    assert "Wednesday 25 November, 10:00" in warned.text
    assert "Alice Moreau" in warned.text
    assert 'value="Training"' in warned.text
    assert published.time_off_of(ines.id) == []
    assert browser.post("/hours/time-off", data=data | {"knowing": "1"}).status_code == 303
    assert len(published.time_off_of(ines.id)) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"first_day": ""}, "Choose a day."),
        ({"first_day": "2026-11-01", "last_day": "2026-11-02"}, "days that are not over yet"),
        ({"first_day": "2026-12-05", "last_day": "2026-12-01"}, "on or after the first"),
        ({"first_day": "2026-12-05", "last_day": "2028-12-01"}, "at most a year"),
        ({"first_day": "9999-12-31"}, "within the next three years"),
        ({"first_day": "2026-12-05", "from_time": "12:00", "until_time": "11:00"}, "End after you begin."),
    ],
)
def test_time_off_that_cannot_be_says_why(data: dict[str, str], words: str, as_: As, ines: Person) -> None:
    answer = as_(ines).post("/hours/time-off", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert published.time_off_of(ines.id) == []


def test_somebody_elses_time_off_is_not_found(as_: As, ines: Person, clara: Person) -> None:
    as_(ines).post("/hours/time-off", data={"first_day": "2026-12-21"})
    (absence,) = published.time_off_of(ines.id)
    assert as_(clara).post(f"/hours/time-off/{absence.id}/removal").status_code == 404
    assert len(published.time_off_of(ines.id)) == 1


def test_booking_rules_are_kept(as_: As, ines: Person) -> None:
    data = {"notice_minutes": "120", "horizon_days": "90", "step_minutes": "30", "restarts": "1"}
    browser = as_(ines)
    assert browser.post("/hours/rules", data=data).status_code == 303
    rules = published.rules_of(ines.id)
    assert (rules.notice_minutes, rules.horizon_days, rules.step_minutes, rules.restarts) == (120, 90, 30, True)
    assert browser.post("/hours/rules", data=data | {"step_minutes": "7"}).status_code == 422
    assert published.rules_of(ines.id).step_minutes == 30
