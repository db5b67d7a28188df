"""A series is booked as it was shown, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from booking import services as single
from booking.models.hours import TimeOff
from booking.models.series import AppointmentSeries
from booking.policy import CONFIRMED, EXPIRED, HELD
from booking.refusals import NotAllowedError, NotOfferedError
from booking.series import changing, jobs, queries, services
from booking.series.plans import State
from booking.series.refusals import SeriesChangedError, TooFewDatesError
from booking.series.rules import Ending, Recurrence, pattern_from
from booking.series.services import Wanted
from practice.core import outbox
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, an_appointment, an_offer, overlaps
from tests.booking.test_letters import TELLING
from tests.builders import a_client, saved
from tests.fakes import MONDAY_MORNING

WEDNESDAY = date(2026, 11, 25)
WEEK = timedelta(weeks=1)


def a_wish(service, client, by=None, *, first=WEDNESDAY, minute=600, sessions=4, kind="weekly") -> Wanted:
    rule = Recurrence(pattern_from(kind, first, 1), first, minute, service.counselor.zone, Ending(sessions=sessions))
    return Wanted(service.counselor, client, service, rule, by or client)


def all_free(wanted: Wanted, now=MONDAY_MORNING) -> dict[date, datetime]:
    return {row.moment.day: row.moment.starts_at for row in services.look(wanted, now).rows if row.free}


def booked(wanted: Wanted, now=MONDAY_MORNING) -> AppointmentSeries:
    series = services.book(wanted, all_free(wanted, now), now)
    db.session.commit()
    return series


def letters(kind: str) -> list[tuple[str, int]]:
    rows = db.session.scalars(select(outbox.OutboxMessage).where(outbox.OutboxMessage.kind == kind))
    return [(each.state, each.recipient_id) for each in rows]


@pytest.fixture
def weekly(ines: Person):
    return an_offer(ines, recurring_allowed=True)


def test_every_date_says_what_stands_in_its_way_and_what_is_free_near_it(ines, alice, ben, clara, weekly):
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + WEEK)
    off = WEDNESDAY_AT_TEN + 2 * WEEK
    saved(TimeOff(counselor_id=ines.id, starts_at=off, ends_at=off + timedelta(hours=2), label=""))
    clara_has = WEDNESDAY_AT_TEN + 3 * WEEK
    other = a_service(clara)
    an_appointment(other.counselor, alice, clara_has)
    rows = services.look(a_wish(weekly, alice), MONDAY_MORNING).rows
    assert [row.state for row in rows] == [State.FREE, State.TAKEN, State.AWAY, State.CLIENT_BUSY]
    taken = rows[1].moment.starts_at
    assert rows[1].nearest == (taken - timedelta(hours=1), taken + timedelta(hours=1), taken + timedelta(minutes=90))


def test_an_hour_outside_the_counselors_hours_is_closed_and_one_within_the_notice_too_soon(ines, alice, weekly):
    assert services.look(a_wish(weekly, alice, minute=1200), MONDAY_MORNING).rows[0].state is State.CLOSED
    monday = a_wish(weekly, alice, first=date(2026, 11, 23), minute=10 * 60)
    late = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert services.look(monday, late).rows[0].state is State.TOO_SOON


def test_a_client_keeps_all_dates_while_paying_for_the_first_and_then_all_stand(ines, alice, weekly):
    series = booked(a_wish(weekly, alice))
    sessions = queries.sessions_of(series.id)
    assert [each.status for each in sessions] == [HELD] * 4
    assert [each.starts_at for each in sessions] == [WEDNESDAY_AT_TEN + number * WEEK for number in range(4)]
    single.confirm(sessions[0], now=MONDAY_MORNING)
    db.session.commit()
    assert [each.status for each in queries.sessions_of(series.id)] == [CONFIRMED] * 4
    assert sorted(letters("booking.series_booked")) == sorted([("planned", alice.id), ("planned", ines.id)])
    assert [state for state, _ in letters("booking.confirmed")].count("planned") == 0
    assert len({each.uid for each in sessions}) == 4


def test_letting_the_first_go_lets_all_go(alice, weekly):
    series = booked(a_wish(weekly, alice))
    single.release(queries.sessions_of(series.id)[0], now=MONDAY_MORNING)
    db.session.commit()
    assert {each.status for each in queries.unpaid_holds(series.id)} == {EXPIRED}


def test_a_payment_that_comes_late_still_books_what_is_free(ines, alice, ben, weekly):
    series = booked(a_wish(weekly, alice))
    later = MONDAY_MORNING + timedelta(hours=1)
    first, second, *_ = queries.unpaid_holds(series.id)
    a_booking(weekly, ben, second.starts_at, later)
    single.confirm(first, now=later)
    db.session.commit()
    assert [each.starts_at for each in queries.sessions_of(series.id)] == [
        WEDNESDAY_AT_TEN + number * WEEK for number in (0, 2, 3)
    ]
    message = db.session.scalars(
        select(outbox.OutboxMessage).where(outbox.OutboxMessage.kind == "booking.series_booked")
    ).first()
    assert message.payload["lost"] == [(WEDNESDAY_AT_TEN + WEEK).isoformat()]
    assert overlaps() == []


def test_a_counselor_books_for_their_client_at_once_and_beyond_the_horizon(ines, alice):
    service = an_offer(ines)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - 2 * WEEK)
    series = booked(a_wish(service, alice, ines, sessions=20))
    assert {each.status for each in queries.sessions_of(series.id)} == {CONFIRMED}
    assert len(queries.standing(series.id, MONDAY_MORNING)) == 20
    assert [state for state, _ in letters("booking.confirmed")].count("planned") == 0


def test_a_date_that_went_meanwhile_is_named_and_nothing_is_booked(ines, alice, ben, weekly):
    wanted = a_wish(weekly, alice)
    shown = all_free(wanted)
    a_booking(weekly, ben, WEDNESDAY_AT_TEN + WEEK)
    with pytest.raises(SeriesChangedError, match="2 December") as refusal:
        services.book(wanted, shown, MONDAY_MORNING)
    assert refusal.value.days == (date(2026, 12, 2),)
    db.session.rollback()
    assert db.session.scalars(select(AppointmentSeries)).all() == []


def test_a_stand_in_is_booked_and_one_that_belongs_to_another_date_is_not(ines, alice, ben, weekly):
    a_booking(weekly, ben, WEDNESDAY_AT_TEN + WEEK)
    wanted = a_wish(weekly, alice)
    row = services.look(wanted, MONDAY_MORNING).rows[1]
    choices = all_free(wanted)
    with pytest.raises(SeriesChangedError):
        services.book(wanted, choices | {row.moment.day: WEDNESDAY_AT_TEN + timedelta(days=1)}, MONDAY_MORNING)
    db.session.rollback()
    series = services.book(wanted, choices | {row.moment.day: row.nearest[0]}, MONDAY_MORNING)
    db.session.commit()
    assert [each.starts_at for each in queries.sessions_of(series.id)][1] == row.nearest[0]


def test_pressing_twice_books_once(alice, weekly):
    wanted = a_wish(weekly, alice)
    shown = all_free(wanted)
    one = services.book(wanted, shown, MONDAY_MORNING)
    db.session.commit()
    assert services.book(wanted, shown, MONDAY_MORNING).id == one.id


def test_who_may_book_a_series(ines, alice, ben, weekly):
    with pytest.raises(TooFewDatesError):
        services.book(a_wish(weekly, alice), {}, MONDAY_MORNING)
    with pytest.raises(NotAllowedError, match="own clients"):
        services.look(a_wish(weekly, ben, ines), MONDAY_MORNING)
    with pytest.raises(NotAllowedError, match="own services"):
        services.look(a_wish(weekly, ben, alice), MONDAY_MORNING)
    far = a_wish(weekly, alice, first=WEDNESDAY + 20 * WEEK)
    with pytest.raises(NotOfferedError, match="60 days"):
        services.book(far, all_free(far), MONDAY_MORNING)
    weekly.recurring_allowed = False
    with pytest.raises(NotAllowedError, match="one at a time"):
        services.look(a_wish(weekly, alice), MONDAY_MORNING)


def test_a_client_elsewhere_is_told_once_two_weeks_before_their_hour_moves(app, ines, clock, mailer):

    berlin = a_client("Greta Holm", zone="Europe/Berlin")
    service = an_offer(ines)
    an_appointment(ines, berlin, WEDNESDAY_AT_TEN - WEEK)
    booked(a_wish(service, berlin, ines, sessions=26))
    jobs.tell_of_moving_hours(datetime(2027, 3, 3, 13, 59, tzinfo=UTC))
    assert letters("booking.series_hour_moves") == []
    now = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)
    jobs.tell_of_moving_hours(now)
    jobs.tell_of_moving_hours(now + timedelta(hours=1))
    db.session.commit()
    assert letters("booking.series_hour_moves") == [("planned", berlin.id)]
    clock.instant = now + timedelta(minutes=1)
    while deliver_due("worker"):
        pass
    (letter,) = [mail for mail in mailer.to("greta@example.org") if mail.subject.startswith("From")]
    assert letter.subject == "From Wednesday 17 March at 15:00"
    assert [word for word in TELLING if word in letter.text.lower()] == []
    for body in (letter.text, letter.html):
        assert "16:00" in body
        assert "15:00" in body
        assert "10:00, New York time" in body


def test_the_letters_name_every_date_on_both_clocks_and_bring_each_as_an_entry_of_its_own(
    app, ines, ben, clock, mailer
):
    service = an_offer(ines)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN - WEEK)
    series = booked(a_wish(service, ben, ines, sessions=3))
    while deliver_due("worker"):
        pass
    (letter,) = mailer.to("ben@example.org")
    assert letter.subject == "Your appointments: 3 from Wednesday 25 November"
    assert letter.text.count("(10:00 for Ines)") == 3
    assert [word for word in TELLING if word in letter.subject.lower() + letter.text.lower()] == []
    assert f"/series/{series.id}" in letter.text
    calendar = icalendar.Calendar.from_ical(letter.attachments[0].content)
    assert calendar["METHOD"] == "PUBLISH"
    assert {event["UID"] for event in calendar.events} == {
        f"{each.uid}@stillpoint" for each in queries.sessions_of(series.id)
    }
    changing.cancel(series, queries.sessions_of(series.id)[1:], by=ines, now=MONDAY_MORNING, reason="Away then.")
    db.session.commit()
    while deliver_due("worker"):
        pass
    (_, cancelled) = mailer.to("ben@example.org")
    assert cancelled.subject == "Cancelled: 2 from Wednesday 2 December"
    assert "Away then." in cancelled.text
    assert [word for word in TELLING if word in cancelled.subject.lower() + cancelled.text.lower()] == []
    entries = icalendar.Calendar.from_ical(cancelled.attachments[0].content).events
    assert [(event["STATUS"], event["SEQUENCE"]) for event in entries] == [("CANCELLED", 1)] * 2


def test_a_series_by_phone_is_by_phone_throughout_and_only_where_that_is_offered(ines, alice):
    service = an_offer(ines, by_phone=True, recurring_allowed=True)
    by_phone = replace(a_wish(service, alice), mode="phone")
    series = booked(by_phone)
    assert {each.mode for each in queries.sessions_of(series.id)} == {"phone"}
    assert {each.policy_id is not None for each in queries.sessions_of(series.id)} == {True}
    with pytest.raises(NotOfferedError, match="another way to meet"):
        services.look(replace(by_phone, mode="in_person"), MONDAY_MORNING)


def test_a_shared_service_and_one_by_request_do_not_recur_for_clients(ines, alice):
    service = an_offer(ines, on_request=True, recurring_allowed=True)
    assert not services.may_recur(service)
    with pytest.raises(NotAllowedError):
        services.look(a_wish(service, alice), MONDAY_MORNING)
    family = a_service(ines, name="Family session", kind="family", capacity=4)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - WEEK)
    with pytest.raises(NotAllowedError, match="own services"):
        services.look(a_wish(family, alice, ines), MONDAY_MORNING)
