"""A series is lengthened in its own rhythm, and a payment books what was kept with it and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from booking import services as single
from booking.models.series import AppointmentSeries
from booking.policy import CONFIRMED, EXPIRED, HELD
from booking.series import changing, jobs, queries
from booking.series.changing import Change
from booking.series.rules import Pattern
from practice.core.db import db
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment, an_offer
from tests.booking.test_series import WEEK, a_wish, booked, letters
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING

MORE = {"ends": "sessions", "sessions": "2", "first_on": "2026-12-23"}
DATES = {"choice-2026-12-23": "2026-12-23T15:00Z", "choice-2026-12-30": "2026-12-30T15:00Z"}


@pytest.fixture
def weekly(ines):
    return an_offer(ines, recurring_allowed=True)


@pytest.fixture
def regular(ines, alice, weekly):
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - WEEK)
    return booked(a_wish(weekly, alice, ines))


def starts(series: AppointmentSeries, status: str = CONFIRMED) -> list[datetime]:
    return [each.starts_at for each in queries.sessions_of(series.id) if each.status == status]


def test_a_counselor_lengthens_a_series_after_looking_at_the_dates(as_, ines, clara, regular):
    address = f"/series/{regular.id}/more"
    assert "from Wednesday 23 December" in as_(ines).get(address).text
    assert "Lengthen" in as_(ines).get(f"/series/{regular.id}").text
    page = as_(ines).get(address, query_string={"ends": "sessions", "sessions": "2"})
    assert "All 2 dates are free" in page.text
    for _ in range(2):
        assert as_(ines).post(address, data=MORE | DATES).location.endswith(f"/series/{regular.id}")
    assert starts(regular) == [WEDNESDAY_AT_TEN + number * WEEK for number in range(6)]
    assert (regular.sessions, regular.until_on) == (None, date(2026, 12, 30))
    assert as_(clara).get(address).status_code == 404
    too_long = as_(ines).get(address, query_string={"ends": "sessions", "sessions": "400"})
    assert (too_long.status_code, "whole number from 2 to 52" in too_long.text) == (422, True)


def test_a_client_keeps_the_new_dates_while_paying_for_the_first_of_them(as_, alice, regular):
    answer = as_(alice).post(f"/series/{regular.id}/more", data=MORE | DATES)
    first, later = (each for each in queries.sessions_of(regular.id) if each.status == HELD)
    assert answer.location.endswith(f"/appointments/{first.id}/payment")
    assert as_(alice).get(f"/appointments/{later.id}/payment").location.endswith(f"/appointments/{first.id}/payment")
    single.confirm(first, now=MONDAY_MORNING)
    db.session.commit()
    assert len(starts(regular)) == 6


def test_what_ran_out_unpaid_does_not_stand_with_later_dates(as_, alice, regular, clock):
    as_(alice).post(f"/series/{regular.id}/more", data=MORE | DATES)
    lost = [each for each in queries.sessions_of(regular.id) if each.status == HELD]
    for each in lost:
        single.release(each, now=MONDAY_MORNING)
    db.session.commit()
    clock.instant += timedelta(minutes=1)
    again = as_(alice).post(
        f"/series/{regular.id}/more",
        data={"ends": "sessions", "sessions": "2", "first_on": "2027-01-06"}
        | {"choice-2027-01-06": "2027-01-06T15:00Z", "choice-2027-01-13": "2027-01-13T15:00Z"},
    )
    assert again.status_code == 303
    first = next(each for each in queries.sessions_of(regular.id) if each.status == HELD)
    single.confirm(first, now=MONDAY_MORNING)
    db.session.commit()
    assert {each.status for each in lost} == {EXPIRED}
    assert len(starts(regular)) == 6


def test_paying_for_a_later_session_first_books_that_one_alone(alice, weekly):
    series = booked(a_wish(weekly, alice))
    first, second, *_ = queries.sessions_of(series.id)
    single.confirm(second, now=MONDAY_MORNING)
    db.session.commit()
    assert (starts(series), letters("booking.series_booked")) == ([second.starts_at], [])
    single.confirm(first, now=MONDAY_MORNING)
    db.session.commit()
    assert len(starts(series)) == 4


def test_changing_a_series_from_a_session_on_makes_no_second_letter_about_the_clocks(ines):
    greta = a_client("Greta Holm", zone="Europe/Berlin")
    service = an_offer(ines)
    an_appointment(ines, greta, WEDNESDAY_AT_TEN - WEEK)
    series = booked(a_wish(service, greta, ines, sessions=26))
    now = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)
    jobs.tell_of_moving_hours(now)
    ahead = queries.standing(series.id, now)
    change = Change(2, 11 * 60, service)
    moved = {each.id: each.starts_at + timedelta(hours=1) for each in ahead[1:]}
    changing.apply(series, ahead[1:], change, moved, by=ines, now=now)
    assert [each.continues_id for each in db.session.scalars(select(AppointmentSeries))] == [None, series.id]
    jobs.tell_of_moving_hours(now + timedelta(hours=1))
    assert letters("booking.series_hour_moves") == [("planned", greta.id)]


@pytest.mark.parametrize(
    ("pattern", "day", "following"),
    [
        (Pattern("weekly", 2), date(2026, 12, 16), date(2026, 12, 23)),
        (Pattern("weekly", 2, every=2), date(2026, 12, 17), date(2026, 12, 30)),
        (Pattern("monthly", 4, position=-1), date(2026, 11, 26), date(2026, 11, 27)),
        (Pattern("monthly", 4, position=-1), date(2026, 11, 27), date(2026, 12, 25)),
    ],
)
def test_a_rhythm_goes_on_after_its_last_day(pattern, day, following):
    assert pattern.after(day) == following
