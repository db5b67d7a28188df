"""The pages of a series, for the client, the counselor, and whoever has no business there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.policy import CANCELLED, CONFIRMED, HELD
from booking.series import queries
from practice.core import outbox
from practice.core.db import db
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, an_appointment, an_offer
from tests.booking.test_series import a_wish, booked

WEEK = timedelta(weeks=1)
RULE = {"rhythm": "weekly", "every": "1", "ends": "sessions", "sessions": "3", "until": ""}
FIRST = "2026-11-25T15:00Z"


def dates(*numbers: int) -> dict[str, str]:
    starts = [WEDNESDAY_AT_TEN + number * WEEK for number in numbers]
    return {f"choice-{each:%Y-%m-%d}": f"{each:%Y-%m-%dT%H:%MZ}" for each in starts}


@pytest.fixture
def weekly(ines):
    return an_offer(ines, recurring_allowed=True)


@pytest.fixture
def regular(ines, alice, weekly):
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - WEEK)
    return booked(a_wish(weekly, alice, ines))


def test_a_client_sees_every_date_and_is_led_to_paying_for_the_first(as_, ines, alice, ben, weekly):
    a_booking(weekly, ben, WEDNESDAY_AT_TEN + WEEK)
    asked = RULE | {"service_id": str(weekly.id), "starts_at": FIRST}
    address = f"/counselors/{ines.id}/series"
    assert (
        "every week or month"
        in as_(alice)
        .get(f"/counselors/{ines.id}/appointments/new", query_string={"service_id": weekly.id, "starts_at": FIRST})
        .text
    )
    assert (
        "First: Wednesday 25 November, 10:00"
        in as_(alice).get(address, query_string={"service_id": weekly.id, "starts_at": FIRST}).text
    )
    page = as_(alice).get(address, query_string=asked)
    assert "1 date is not free" in page.text
    assert "Leave this date out" in page.text
    answer = as_(alice).post(address, data=asked | dates(0, 2))
    sessions = db.session.scalars(
        select(Appointment).where(Appointment.client_id == alice.id).order_by(Appointment.starts_at)
    ).all()
    assert answer.headers["Location"].endswith(f"/appointments/{sessions[0].id}/payment")
    assert [each.status for each in sessions] == [HELD, HELD]
    assert as_(alice).get("/start", follow_redirects=True).text.count("Go on with it") == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": ""}, "It cannot go on forever"),
        ({"sessions": "400"}, "whole number from 2 to 52"),
        ({"rhythm": ""}, "Choose how often"),
        ({"starts_at": "tomorrow"}, "Choose a time"),
        ({"service_id": "999"}, "Choose a kind of session"),
        ({"ends": "until", "until": "2099-01-01"}, "a year at most"),
        ({"rhythm": "last", "starts_at": "2026-11-18T15:00Z"}, "is not the last Wednesday of its month"),
    ],
)
def test_a_series_that_makes_no_sense_comes_back_with_words(as_, ines, alice, weekly, changes, words):
    asked = RULE | {"service_id": str(weekly.id), "starts_at": FIRST} | changes
    page = as_(alice).get(f"/counselors/{ines.id}/series", query_string=asked)
    assert page.status_code == 422
    assert words in page.text
    assert as_(alice).post(f"/counselors/{ines.id}/series", data=asked).status_code == 422
    assert db.session.scalars(select(AppointmentSeries)).all() == []


def test_a_date_that_went_meanwhile_is_shown_again_and_nothing_is_booked(as_, ines, alice, ben, weekly):
    asked = RULE | {"service_id": str(weekly.id), "starts_at": FIRST} | dates(0, 1, 2)
    a_booking(weekly, ben, WEDNESDAY_AT_TEN + WEEK)
    page = as_(alice).post(f"/counselors/{ines.id}/series", data=asked)
    assert page.status_code == 409
    assert "Something changed while you looked: 2 December" in page.text
    assert db.session.scalars(select(AppointmentSeries)).all() == []


def test_a_counselor_books_for_a_client_and_an_hour_that_does_not_exist_is_refused_in_words(as_, ines, alice):
    service = an_offer(ines)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - WEEK)
    address = f"/clients/{alice.id}/series/new"
    assert "Book a series" in as_(ines).get(address).text
    asked = RULE | {"service_id": str(service.id), "first_on": "2026-11-25", "at": "10:00"}
    missing = as_(ines).get(address, query_string=asked | {"first_on": "2027-03-14", "at": "02:30"})
    assert missing.status_code == 422
    assert "02:30 does not exist on this day" in missing.text
    assert "All 3 dates are free" in as_(ines).get(address, query_string=asked).text
    answer = as_(ines).post(address, data=asked | dates(0, 1, 2))
    page = as_(ines).get(answer.headers["Location"])
    assert "Every week on Wednesday at 10:00" in page.text
    assert page.text.count("Confirmed") == 3


def test_a_series_is_seen_where_its_sessions_are(as_, ines, alice, omar, regular):
    first = queries.sessions_of(regular.id)[0]
    assert "This is 1 of 4" in as_(alice).get(f"/appointments/{first.id}").text
    assert "Cancel this and the following" in as_(alice).get(f"/appointments/{first.id}/cancellation").text
    assert "Change this and the following" in as_(alice).get(f"/appointments/{first.id}/move").text
    assert "Your series" in as_(alice).get("/appointments").text
    assert "Alice Moreau" in as_(ines).get("/series").text
    assert "4 ahead" in as_(ines).get(f"/clients/{alice.id}/chart").text
    assert "Individual session" in as_(omar).get(f"/series/{regular.id}").text
    onward = as_(ines).get("/series/new", query_string={"client_id": alice.id})
    assert onward.headers["Location"].endswith(f"/clients/{alice.id}/series/new")
    assert as_(ines).get("/series/new", query_string={"client_id": "9" * 40}).headers["Location"].endswith("/series")


def test_a_series_is_nobody_elses(as_, ben, clara, regular):
    first = queries.sessions_of(regular.id)[0]
    for stranger in (ben, clara):
        browser = as_(stranger)
        for page in (
            f"/series/{regular.id}",
            *(f"/appointments/{first.id}/series/{part}" for part in ("times", "cancellation")),
        ):
            assert browser.get(page).status_code == 404
        assert browser.post(f"/appointments/{first.id}/series/cancellation").status_code == 404
    assert as_(clara).get(f"/clients/{regular.client_id}/series/new").status_code == 404


def test_this_and_the_following_move_together_and_stay_the_sessions_they_were(as_, ines, regular):
    sessions = queries.sessions_of(regular.id)
    before = [(each.id, each.uid) for each in sessions]
    address = f"/appointments/{sessions[1].id}/series/times"
    asked = {"scope": "following", "weekday": "3", "at": "11:00", "service_id": str(regular.service_id)}
    assert "Change the series" in as_(ines).get(address).text
    page = as_(ines).get(address, query_string=asked)
    assert page.text.count('type="checkbox"') == 3
    moved = [each.starts_at + timedelta(days=1, hours=1) for each in sessions[1:]]
    choices = {f"choice-{each.id}": f"{at:%Y-%m-%dT%H:%MZ}" for each, at in zip(sessions[1:], moved, strict=True)}
    answer = as_(ines).post(address, data=asked | choices)
    assert answer.status_code == 303
    db.session.expire_all()
    rest = [db.session.get_one(Appointment, number) for number, _ in before]
    assert [(each.id, each.uid) for each in rest] == before
    assert [each.starts_at for each in rest] == [WEDNESDAY_AT_TEN, *moved]
    assert [each.sequence for each in rest] == [0, 1, 1, 1]
    parted = rest[1].series
    assert (parted.words, parted.id != regular.id) == ("every week on Thursday at 11:00", True)
    assert rest[0].series_id == regular.id
    letters = db.session.scalars(select(outbox.OutboxMessage).where(outbox.OutboxMessage.state == "planned")).all()
    kinds = [each.kind for each in letters]
    assert kinds.count("booking.series_changed") == 2
    assert kinds.count("booking.moved") == 0


def test_a_change_that_no_longer_fits_changes_nothing(as_, ines, ben, regular):
    sessions = queries.sessions_of(regular.id)
    asked = {"scope": "all", "weekday": "2", "at": "11:00"}
    choices = {f"choice-{each.id}": f"{each.starts_at + timedelta(hours=1):%Y-%m-%dT%H:%MZ}" for each in sessions}
    an_appointment(ines, ben, sessions[2].starts_at + timedelta(hours=1))
    page = as_(ines).post(f"/appointments/{sessions[0].id}/series/times", data=asked | choices)
    assert page.status_code == 409
    assert "9 December" in page.text
    db.session.expire_all()
    assert [each.starts_at for each in sessions] == [WEDNESDAY_AT_TEN + number * WEEK for number in range(4)]


def test_all_that_is_ahead_takes_another_kind_of_session_unless_it_is_billed(as_, ines, regular):
    longer = a_service(ines, name="Long session", minutes=80, price_cents=18000)
    sessions = queries.sessions_of(regular.id)
    asked = {"scope": "all", "weekday": "2", "at": "10:00", "service_id": str(longer.id)}
    page = as_(ines).get(f"/appointments/{sessions[0].id}/series/times", query_string=asked)
    assert page.status_code == 200
    choices = {f"choice-{each.id}": f"{each.starts_at:%Y-%m-%dT%H:%MZ}" for each in sessions}
    answer = as_(ines).post(f"/appointments/{sessions[0].id}/series/times", data=asked | choices)
    assert answer.status_code == 303
    db.session.expire_all()
    kept, *changed = [(each.service_id, each.span.minutes, each.price_cents) for each in sessions]
    assert "It is billed already" in page.text
    assert kept[1:] == (50, 12000)
    assert set(changed) == {(longer.id, 80, 18000)}


def test_this_and_the_following_are_cancelled_each_by_its_own_policy(as_, alice, clock, regular):
    sessions = queries.sessions_of(regular.id)
    clock.instant = sessions[0].starts_at - timedelta(hours=2)
    address = f"/appointments/{sessions[0].id}/series/cancellation"
    page = as_(alice).get(address)
    assert page.text.count("After the notice") == 1
    answer = as_(alice).post(address, data={"session": [str(each.id) for each in sessions[:3]], "reason": ""})
    assert answer.status_code == 303
    db.session.expire_all()
    assert [each.status for each in sessions] == [CANCELLED] * 3 + [CONFIRMED]
    assert [each.cancelled_late for each in sessions[:3]] == [True, False, False]
    assert as_(alice).post(address, data={"reason": ""}).status_code == 422


def test_a_client_changes_the_hour_within_the_notice_but_not_the_kind_of_session(as_, clock, ines, alice, weekly):
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - WEEK)
    far = booked(a_wish(weekly, alice, ines, sessions=12))
    sessions = queries.sessions_of(far.id)
    clock.instant = sessions[0].starts_at - timedelta(hours=3)
    address = f"/appointments/{sessions[0].id}/series/times"
    asked = {"scope": "all", "weekday": "2", "at": "11:00"}
    page = as_(alice).get(address, query_string=asked)
    assert page.text.count("Sessions can be moved until 24 hours before") == 1
    assert page.text.count('type="checkbox"') == 11
    assert as_(alice).get(address, query_string=asked | {"service_id": "999"}).status_code == 422
    choices = {f"choice-{each.id}": f"{each.starts_at + timedelta(hours=1):%Y-%m-%dT%H:%MZ}" for each in sessions}
    assert as_(alice).post(address, data=asked | choices).status_code == 409
    del choices[f"choice-{sessions[0].id}"]
    before = [each.starts_at for each in sessions]
    assert as_(alice).post(address, data=asked | choices).status_code == 303
    db.session.expire_all()
    assert [each.starts_at for each in sessions] == [before[0], *(at + timedelta(hours=1) for at in before[1:])]
