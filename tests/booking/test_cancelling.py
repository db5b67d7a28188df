"""Cancelling: by whom, until when, and what becomes of the time."""

from datetime import timedelta

import pytest

from booking import events, services
from booking.policy import CANCELLED, CONFIRMED, Side
from booking.refusals import NotAllowedError
from practice.core.db import db
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("hours_before", "late"), [(24, False), (23.99, True), (0.01, True)])
def test_a_client_who_cancels_after_the_notice_is_late(ines, alice, heard, hours_before, late):
    booked = a_booking(an_offer(ines), alice)
    now = WEDNESDAY_AT_TEN - timedelta(hours=hours_before)
    services.cancel(booked, by=alice, now=now, reason="Something came up")
    db.session.commit()
    assert (booked.status, booked.cancelled_late, booked.cancelled_by_id) == (CANCELLED, late, alice.id)
    assert booked.cancel_reason == "Something came up"
    assert booked.sequence == 1
    assert heard[-1] == events.Cancelled(booked, alice, Side.CLIENT, late, now)


def test_a_counselor_and_the_practice_are_never_late(ines, alice, omar, heard):
    service = an_offer(ines)
    for by, side, shift in ((ines, Side.COUNSELOR, 0), (omar, Side.PRACTICE, 1)):
        booked = a_booking(service, alice, WEDNESDAY_AT_TEN + shift * HOUR)
        services.cancel(booked, by=by, now=WEDNESDAY_AT_TEN - timedelta(minutes=5))
        assert (heard[-1].side, heard[-1].late) == (side, False)


def test_cancelling_twice_is_cancelling_once(ines, alice, heard):
    booked = a_booking(an_offer(ines), alice)
    for _ in range(2):
        services.cancel(booked, by=alice, now=MONDAY_MORNING)
    assert sum(isinstance(each, events.Cancelled) for each in heard) == 1


def test_what_has_started_or_is_somebody_elses_is_not_cancelled(ines, alice, ben, clara):
    booked = a_booking(an_offer(ines), alice)
    with pytest.raises(NotAllowedError, match="already started"):
        services.cancel(booked, by=alice, now=WEDNESDAY_AT_TEN)
    for stranger in (ben, clara):
        with pytest.raises(NotAllowedError, match="somebody else"):
            services.cancel(booked, by=stranger, now=MONDAY_MORNING)


def test_a_cancelled_time_can_be_booked_again(ines, alice, ben):
    service = an_offer(ines)
    services.cancel(a_booking(service, alice), by=alice, now=MONDAY_MORNING)
    assert a_booking(service, ben).status == CONFIRMED
