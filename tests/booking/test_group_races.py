"""Processes race for the places of a session and for the counselor's time, on each database."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from booking.groups import services as groups
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.policy import LIVE
from practice.core.db import db
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, an_appointment, open_hours, overlaps
from tests.booking.group_builders import a_group, a_group_service, overfull, shared_overlaps
from tests.booking.racers import OK, Deed, race
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING as NOW

TAKEN, FULL = "SlotTakenError", "FullError"
ROUNDS = 4


@pytest.fixture
def run(app, settings, tmp_path):
    def _run(rounds):
        db.session.commit()
        outcomes = race(settings.database_url, tmp_path, rounds)
        db.session.expire_all()
        return outcomes

    return _run


@pytest.fixture
def service(ines):
    open_hours(ines, 0, 1440, step_minutes=5, notice_minutes=0)
    return a_group_service(ines, price_cents=0)


def at(number: int):
    return WEDNESDAY_AT_TEN + timedelta(days=7 * (number // 3) + number % 3)


def a_crowd(count: int):
    return [a_client(f"Client{number} Doe") for number in range(count)]


@pytest.mark.race
def test_of_four_who_want_the_last_two_places_two_get_them(run, service):
    crowd = a_crowd(4)
    sessions = [a_group(service, at(number), capacity=2) for number in range(ROUNDS)]
    outcomes = run([[Deed("join", NOW, each.id, client.id) for client in crowd] for each in sessions])
    assert [sorted(each) for each in outcomes] == [[FULL, FULL, OK, OK]] * ROUNDS
    assert overfull() == overlaps() == []


@pytest.mark.race
def test_sessions_and_appointments_never_overlap_whoever_comes_first(run, service, ines):
    alone, crowd = a_service(ines), a_crowd(2)
    moving = [a_group(service, at(number) + timedelta(days=28)) for number in range(ROUNDS)]
    rounds = [
        [
            Deed("schedule", NOW, service.id, starts_at=at(number)),
            Deed("hold", NOW, alone.id, crowd[0].id, at(number) + timedelta(minutes=60)),
            Deed("hold", NOW, alone.id, crowd[1].id, at(number) + timedelta(minutes=30)),
            Deed("shift", NOW, moving[number].id, starts_at=at(number) - timedelta(minutes=30)),
        ]
        for number in range(ROUNDS)
    ]
    outcomes = run(rounds)
    assert {outcome for each in outcomes for outcome in each} == {OK, TAKEN}
    assert all(each.count(OK) == 1 for each in outcomes)
    assert shared_overlaps() == overlaps() == overfull() == []


@pytest.mark.race
def test_a_session_that_moves_takes_along_who_joins_meanwhile(run, service):
    (alice,) = a_crowd(1)
    sessions = [a_group(service, at(number)) for number in range(ROUNDS)]
    rounds = [
        [
            Deed("join", NOW, each.id, alice.id),
            Deed("shift", NOW, each.id, starts_at=each.starts_at + timedelta(hours=3)),
        ]
        for each in sessions
    ]
    assert run(rounds) == [[OK, OK]] * ROUNDS
    assert overfull() == []
    assert db.session.query(Appointment).filter(Appointment.status.in_(LIVE)).count() == ROUNDS


def test_the_database_itself_refuses_what_no_service_would_write(app, service, ines, alice, ben):
    session = a_group(service, capacity=2)
    with pytest.raises(IntegrityError, match="ex_appointments_counselor_overlap"):
        an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(minutes=30))
    db.session.rollback()
    an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=4))
    for later in (1, 4):
        _copy_at(session, WEDNESDAY_AT_TEN + timedelta(hours=later))
        with pytest.raises(IntegrityError, match="ex_group_sessions_counselor"):
            db.session.flush()
        db.session.rollback()
    for client in (alice, ben):
        groups.join(session, client, now=NOW)
    db.session.commit()
    session.status = "cancelled"
    with pytest.raises(IntegrityError, match="seated"):
        db.session.flush()
    db.session.rollback()
    seat = db.session.scalars(select(Appointment).where(Appointment.group_session_id == session.id)).first()
    seat.ends_at += timedelta(minutes=5)
    with pytest.raises(IntegrityError, match="seat_in_place"):
        db.session.flush()
    db.session.rollback()


def _copy_at(session: GroupSession, starts_at) -> None:
    names = {column.name for column in inspect(GroupSession).columns} - {"id"}
    values = {name: getattr(session, name) for name in names}
    shift = starts_at - session.starts_at
    for name in ("starts_at", "ends_at", "blocked_from", "blocked_until"):
        values[name] += shift
    db.session.add(GroupSession(**values))
