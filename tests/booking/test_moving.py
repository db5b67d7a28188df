"""Moving an appointment: it stays the same one, within the policy and the guards."""

from datetime import timedelta

import pytest

from booking import events, services
from booking.refusals import ClientBusyError, NotAllowedError, NotOfferedError, SlotTakenError
from practice.core.db import db
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_offer
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


def test_a_moved_appointment_stays_the_same_one(ines, alice, ben, heard):
    service = an_offer(ines, buffer_before=10)
    booked = a_booking(service, alice)
    identity, before = (booked.id, booked.uid), booked.span
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + 2 * HOUR, by=alice, now=MONDAY_MORNING)
    db.session.commit()
    assert (booked.id, booked.uid) == identity
    assert (booked.sequence, booked.starts_at) == (1, WEDNESDAY_AT_TEN + 2 * HOUR)
    assert (booked.span.minutes, booked.blocked.minutes) == (50, 70)
    undo_until = MONDAY_MORNING + timedelta(minutes=3)
    assert heard[-1] == events.Moved(booked, before, alice, MONDAY_MORNING, undo_until)
    assert a_booking(service, ben).starts_at == WEDNESDAY_AT_TEN


def test_an_appointment_may_move_within_its_own_time(ines, alice):
    booked = a_booking(an_offer(ines), alice)
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + timedelta(minutes=30), by=alice, now=MONDAY_MORNING)
    assert booked.starts_at == WEDNESDAY_AT_TEN + timedelta(minutes=30)


def test_moving_to_the_same_time_changes_nothing(ines, alice, heard):
    booked = a_booking(an_offer(ines), alice)
    services.move(booked, starts_at=WEDNESDAY_AT_TEN, by=alice, now=MONDAY_MORNING)
    assert booked.sequence == 0
    assert not isinstance(heard[-1], events.Moved)


def test_a_client_moves_until_the_notice_and_a_counselor_until_the_start(ines, alice):
    booked = a_booking(an_offer(ines), alice)
    later = WEDNESDAY_AT_TEN + timedelta(days=1)
    with pytest.raises(NotAllowedError, match="24 hours before"):
        services.move(booked, starts_at=later, by=alice, now=WEDNESDAY_AT_TEN - timedelta(hours=23))
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + HOUR, by=ines, now=WEDNESDAY_AT_TEN - timedelta(minutes=1))
    assert booked.starts_at == WEDNESDAY_AT_TEN + HOUR
    with pytest.raises(NotAllowedError, match="already started"):
        services.move(booked, starts_at=later, by=ines, now=WEDNESDAY_AT_TEN + HOUR)


def test_a_move_onto_somebody_elses_time_is_refused_and_undone(ines, clara, alice, ben):
    service = an_offer(ines)
    booked = a_booking(service, alice)
    a_booking(service, ben, WEDNESDAY_AT_TEN + HOUR)
    with pytest.raises(SlotTakenError):
        services.move(booked, starts_at=WEDNESDAY_AT_TEN + HOUR, by=alice, now=MONDAY_MORNING)
    a_booking(an_offer(clara), alice, WEDNESDAY_AT_TEN + 3 * HOUR)
    with pytest.raises(ClientBusyError):
        services.move(booked, starts_at=WEDNESDAY_AT_TEN + 3 * HOUR, by=alice, now=MONDAY_MORNING)
    with pytest.raises(NotOfferedError):
        services.move(booked, starts_at=WEDNESDAY_AT_TEN + 12 * HOUR, by=alice, now=MONDAY_MORNING)
    assert (booked.starts_at, booked.sequence) == (WEDNESDAY_AT_TEN, 0)


def test_a_hold_is_not_moved(ines, alice):
    with pytest.raises(NotAllowedError, match="not booked yet"):
        services.move(a_hold(an_offer(ines), alice), starts_at=WEDNESDAY_AT_TEN + HOUR, by=alice, now=MONDAY_MORNING)
