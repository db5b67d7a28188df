"""A held time that is paid, late or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking import services
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED, EXPIRED, HELD
from booking.refusals import HoldGoneError, SlotTakenError
from practice.core import scheduler
from practice.core.db import db
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_offer, overlaps
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


def test_paying_confirms_once(ines, alice, heard):
    held = a_hold(an_offer(ines), alice)
    for _ in range(2):
        services.confirm(held, now=MONDAY_MORNING)
    db.session.commit()
    assert (held.status, held.held_until, held.confirmed_at) == (CONFIRMED, None, MONDAY_MORNING)
    assert [type(each).__name__ for each in heard] == ["Held", "Confirmed"]


@pytest.mark.parametrize("swept", [True, False])
def test_a_late_payment_still_counts_while_the_time_is_free(ines, alice, swept):
    held = a_hold(an_offer(ines), alice)
    later = MONDAY_MORNING + HOUR
    if swept:
        services.release(held, now=later)
    assert services.confirm(held, now=later).status == CONFIRMED


def test_a_late_payment_for_a_time_that_went_to_another_is_refused(ines, alice, ben):
    service = an_offer(ines)
    held = a_hold(service, alice)
    a_booking(service, ben, now=MONDAY_MORNING + HOUR)
    with pytest.raises(SlotTakenError):
        services.confirm(held, now=MONDAY_MORNING + HOUR)
    assert held.status == EXPIRED
    assert overlaps() == []


def test_a_payment_after_the_start_or_a_cancellation_is_refused(ines, alice):
    held = a_hold(an_offer(ines), alice)
    with pytest.raises(HoldGoneError, match="would have started"):
        services.confirm(held, now=WEDNESDAY_AT_TEN)
    services.confirm(held, now=MONDAY_MORNING)
    services.cancel(held, by=alice, now=MONDAY_MORNING)
    with pytest.raises(HoldGoneError, match="cancelled"):
        services.confirm(held, now=MONDAY_MORNING)


def test_leaving_the_payment_frees_the_time_and_touches_nothing_booked(ines, alice, ben):
    service = an_offer(ines)
    services.release(a_hold(service, alice), now=MONDAY_MORNING)
    booked = a_booking(service, ben)
    services.release(booked, now=MONDAY_MORNING)
    assert booked.status == CONFIRMED


def test_the_sweep_frees_every_hold_that_ran_out(app, ines, alice, ben, clock):
    service = an_offer(ines)
    holds = [a_hold(service, alice), a_hold(service, ben, WEDNESDAY_AT_TEN + HOUR)]
    clock.advance(minutes=9, seconds=59)
    scheduler.run_once(app, "booking.expire_holds")
    assert {each.status for each in db.session.scalars(select(Appointment))} == {HELD}
    db.session.commit()
    clock.advance(seconds=1)
    scheduler.run_once(app, "booking.expire_holds")
    assert {each.status for each in holds} == {EXPIRED}
