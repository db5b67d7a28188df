"""Who came, what is on record, and whose side somebody is on."""

from datetime import timedelta

import pytest

from booking import events, services
from booking.policy import COMPLETED, NO_SHOW, Side
from booking.refusals import NotAllowedError
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer, audited
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


def test_the_counselor_marks_who_came_and_may_correct_it(ines, alice, heard):
    booked = a_booking(an_offer(ines), alice)
    with pytest.raises(NotAllowedError, match="not started"):
        services.mark_attended(booked, attended=True, by=ines, now=MONDAY_MORNING)
    with pytest.raises(NotAllowedError, match="Your counselor"):
        services.mark_attended(booked, attended=True, by=alice, now=WEDNESDAY_AT_TEN)
    services.mark_attended(booked, attended=False, by=ines, now=WEDNESDAY_AT_TEN)
    assert (booked.status, booked.attended) == (NO_SHOW, False)
    services.mark_attended(booked, attended=True, by=ines, now=WEDNESDAY_AT_TEN)
    assert (booked.status, booked.attended) == (COMPLETED, True)
    assert [each.attended for each in heard if isinstance(each, events.Completed)] == [False, True]
    with pytest.raises(NotAllowedError, match="already taken place"):
        services.cancel(booked, by=ines, now=WEDNESDAY_AT_TEN)


def test_every_deed_is_on_record(ines, alice):
    booked = a_booking(an_offer(ines), alice)
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + HOUR, by=alice, now=MONDAY_MORNING)
    services.cancel(booked, by=ines, now=MONDAY_MORNING)
    db.session.commit()
    assert audited() == [
        "appointment.held",
        "appointment.confirmed",
        "appointment.moved",
        "appointment.cancelled",
    ]


def test_the_reason_for_cancelling_is_sealed_in_the_database(ines, alice):
    booked = a_booking(an_offer(ines), alice)
    services.cancel(booked, by=alice, now=MONDAY_MORNING, reason="I feel worse")
    db.session.commit()
    raw = db.session.connection().exec_driver_sql("SELECT cancel_reason FROM appointments").scalar_one()
    assert b"worse" not in bytes(raw)


def test_strangers_have_no_side(ines, alice, clara, omar):
    booked = a_booking(an_offer(ines), alice)
    sides = [booked.side_of(each) for each in (alice, ines, omar, clara)]
    assert sides == [Side.CLIENT, Side.COUNSELOR, Side.PRACTICE, None]
    assert isinstance(booked.other_than(alice), Person)
    assert booked.other_than(alice) is ines
    assert booked.other_than(ines) is alice
