"""Processes race for one counselor's and one client's time, on each database; the loser is told, nothing overlaps."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CONFIRMED, EXPIRED, HELD, LIVE
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, an_appointment, open_hours, overlaps
from tests.booking.racers import OK, Deed, race
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING as NOW

pytestmark = pytest.mark.race

TAKEN, BUSY = "SlotTakenError", "ClientBusyError"
ROUNDS = 8


@pytest.fixture
def service(ines) -> Service:
    open_hours(ines, 0, 1440, step_minutes=5, notice_minutes=0)
    return a_service(ines)


@pytest.fixture
def run(app, settings, tmp_path):
    def _run(rounds):
        db.session.commit()
        outcomes = race(settings.database_url, tmp_path, rounds)
        db.session.expire_all()
        return outcomes

    return _run


def at(number: int):
    """A time of its own for every round, on weekdays only."""
    days, place = divmod(number, 10)
    weeks, weekday = divmod(days, 5)
    return WEDNESDAY_AT_TEN + timedelta(days=5 + 7 * weeks + weekday, minutes=70 * place)


def a_crowd(count: int):
    return [a_client(f"Client{number} Doe") for number in range(count)]


def a_held(service, client, starts_at, **changes):
    usual = {"status": HELD, "held_until": NOW + timedelta(minutes=10), "confirmed_at": None}
    return an_appointment(service.counselor, client, starts_at, **(usual | changes))


def live() -> list[Appointment]:
    return list(db.session.scalars(select(Appointment).where(Appointment.status.in_(LIVE))))


def test_of_five_who_want_one_time_one_gets_it(run, service):
    crowd = a_crowd(5)
    rounds = [[Deed("hold", NOW, service.id, each.id, at(number)) for each in crowd] for number in range(ROUNDS)]
    outcomes = run(rounds)
    assert [sorted(each) for each in outcomes] == [sorted([OK] + [TAKEN] * 4)] * ROUNDS
    assert overlaps() == []


def test_a_series_is_booked_whole_or_not_at_all(run, service):
    service.recurring_allowed = True
    crowd = a_crowd(3)
    first = [WEDNESDAY_AT_TEN + timedelta(minutes=70 * number) for number in range(4)]
    rounds = [
        [Deed("series", NOW, service.id, each.id, at) for each in crowd[:2]]
        + [Deed("hold", NOW, service.id, crowd[2].id, at + timedelta(weeks=2))]
        for at in first
    ]
    outcomes = run(rounds)
    assert {outcome for each in outcomes for outcome in each} <= {OK, TAKEN, "SeriesChangedError"}
    assert all(each.count(OK) == 1 for each in outcomes)
    found = [each for each in live() if each.series_id]
    assert all(sum(other.series_id == each.series_id for other in found) == 4 for each in found)
    assert overlaps() == []


def test_of_three_requests_for_one_time_one_is_approved(run, service):
    service.on_request = True
    crowd = a_crowd(3)
    asked = [
        [
            an_appointment(
                service.counselor, each, at(number), status="requested", confirmed_at=None, answer_by=at(number)
            )
            for each in crowd
        ]
        for number in range(4)
    ]
    outcomes = run([[Deed("approve", NOW, each.id) for each in requests] for requests in asked])
    assert [sorted(each) for each in outcomes] == [["NotAllowedError", "NotAllowedError", OK]] * 4
    assert overlaps() == []


def test_neighbouring_times_never_overlap(run, service):
    dice, crowd = random.Random(7), a_crowd(4)
    rounds = [
        [
            Deed("hold", NOW, service.id, each.id, at(number % 3) + timedelta(minutes=5 * dice.randrange(24)))
            for each in crowd
        ]
        for number in range(2 * ROUNDS)
    ]
    outcomes = run(rounds)
    assert {outcome for each in outcomes for outcome in each} <= {OK, TAKEN}
    assert overlaps() == []
    assert live()


def test_pressing_twice_in_two_tabs_books_once(run, service, alice):
    rounds = [[Deed("hold", NOW, service.id, alice.id, at(number))] * 3 for number in range(ROUNDS)]
    assert run(rounds) == [[OK] * 3] * ROUNDS
    assert len(live()) == 1
    assert db.session.scalar(select(func.count()).select_from(Appointment)) == ROUNDS


def test_one_client_gets_one_of_two_counselors_at_one_time(run, ines, clara, alice):
    both = []
    for counselor in (ines, clara):
        open_hours(counselor, 0, 1440, step_minutes=5, notice_minutes=0)
        both.append(a_service(counselor, price_cents=0))
    rounds = [[Deed("hold", NOW, each.id, alice.id, at(number)) for each in both] for number in range(ROUNDS)]
    assert [sorted(each) for each in run(rounds)] == [[BUSY, OK]] * ROUNDS
    assert overlaps() == []


def test_an_overdue_hold_goes_to_one_newcomer_while_the_sweep_runs(run, service, alice):
    crowd, later = a_crowd(3), NOW + timedelta(minutes=10)
    for number in range(ROUNDS):
        a_held(service, alice, at(number))
    rounds = [
        [*(Deed("hold", later, service.id, each.id, at(number)) for each in crowd), Deed("sweep", later)]
        for number in range(ROUNDS)
    ]
    outcomes = run(rounds)
    assert [sorted(each) for each in outcomes] == [[TAKEN, TAKEN, OK, OK]] * ROUNDS
    assert overlaps() == []


def test_a_late_payment_and_a_newcomer_do_not_both_get_the_time(run, service, alice, ben):
    later = NOW + timedelta(minutes=10)
    holds = [a_held(service, alice, at(number)) for number in range(ROUNDS)]
    rounds = [
        [Deed("confirm", later, held.id), Deed("hold", later, service.id, ben.id, held.starts_at)] for held in holds
    ]
    outcomes = run(rounds)
    assert [sorted(each) for each in outcomes] == [[TAKEN, OK]] * ROUNDS
    assert overlaps() == []


def test_a_move_and_a_newcomer_do_not_both_get_the_time(run, service, alice, ben):
    booked = [an_appointment(service.counselor, alice, at(number)) for number in range(ROUNDS)]
    free = [at(50 + number) for number in range(ROUNDS)]
    rounds = [
        [
            Deed("move", NOW, one.id, alice.id, to),
            Deed("hold", NOW, service.id, ben.id, to + timedelta(minutes=10)),
        ]
        for one, to in zip(booked, free, strict=True)
    ]
    assert [sorted(each) for each in run(rounds)] == [[TAKEN, OK]] * ROUNDS
    assert overlaps() == []


def test_two_that_want_each_others_time_wait_in_no_circle(run, service, alice, ben):
    rounds = []
    for number in range(ROUNDS):
        one = an_appointment(service.counselor, alice, at(2 * number))
        other = an_appointment(service.counselor, ben, at(2 * number + 1))
        rounds.append(
            [
                Deed("move", NOW, one.id, alice.id, other.starts_at),
                Deed("move", NOW, other.id, ben.id, one.starts_at),
            ]
        )
    assert run(rounds) == [[TAKEN, TAKEN]] * ROUNDS
    assert overlaps() == []


def test_a_payment_told_twice_at_once_confirms_and_writes_once(run, service, alice):
    holds = [a_held(service, alice, at(number)) for number in range(ROUNDS)]
    assert run([[Deed("confirm", NOW, held.id)] * 3 for held in holds]) == [[OK] * 3] * ROUNDS
    assert {held.status for held in holds} == {CONFIRMED}
    told = db.session.execute(
        select(OutboxMessage.subject_id, func.count())
        .where(OutboxMessage.kind == "booking.confirmed")
        .group_by(OutboxMessage.subject_id)
    ).all()
    assert [tuple(each) for each in told] == [(held.id, 2) for held in holds]


def test_leaving_and_paying_at_once_end_in_one_state_that_both_agree_on(run, service, alice):
    holds = [a_held(service, alice, at(number)) for number in range(ROUNDS)]
    outcomes = run([[Deed("confirm", NOW, held.id), Deed("release", NOW, held.id)] for held in holds])
    assert outcomes == [[OK, OK]] * ROUNDS
    assert {held.status for held in holds} == {CONFIRMED}


def test_cancelling_and_moving_at_once_leaves_no_half_of_either(run, service, alice, ines):
    booked = [an_appointment(service.counselor, alice, at(number)) for number in range(ROUNDS)]
    free = [at(50 + number) for number in range(ROUNDS)]
    rounds = [
        [Deed("cancel", NOW, one.id, alice.id), Deed("move", NOW, one.id, ines.id, to)]
        for one, to in zip(booked, free, strict=True)
    ]
    outcomes = run(rounds)
    assert {each[0] for each in outcomes} == {OK}
    assert {each[1] for each in outcomes} <= {OK, "NotAllowedError"}
    assert {one.status for one in booked} == {"cancelled"}
    planned = select(OutboxMessage).where(OutboxMessage.kind == "booking.reminder", OutboxMessage.state == "planned")
    assert db.session.scalars(planned).all() == []


def test_the_guard_stands_even_where_no_service_asks(app, service, alice, ben):
    from sqlalchemy.exc import IntegrityError

    an_appointment(service.counselor, alice, at(0))
    for other in (ben, alice):
        with pytest.raises(IntegrityError, match="ex_appointments"):
            an_appointment(service.counselor, other, at(0) + timedelta(minutes=30))
        db.session.rollback()
    gone = an_appointment(service.counselor, ben, at(0), status=EXPIRED)
    gone.status = CONFIRMED
    with pytest.raises(IntegrityError, match="ex_appointments_counselor"):
        db.session.commit()
    db.session.rollback()
