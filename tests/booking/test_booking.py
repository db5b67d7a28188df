"""Holding and booking a time: what is kept, for whom, and what is refused in words."""

from datetime import timedelta

import pytest

from booking import events, services
from booking.models.hours import TimeOff
from booking.policy import CONFIRMED, EXPIRED, HELD
from booking.refusals import ClientBusyError, NotAllowedError, NotOfferedError, SlotTakenError
from practice.core.db import db
from practice.models import Practice
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_offer, audited
from tests.builders import saved
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


def test_a_hold_keeps_the_time_for_ten_minutes_at_todays_price_and_policy(ines, alice, heard):
    service = an_offer(ines, buffer_before=5)
    held = a_hold(service, alice)
    assert held.status == HELD
    assert held.held_until == MONDAY_MORNING + timedelta(minutes=10)
    assert held.span.minutes == 50
    assert held.blocked.minutes == 65
    assert str(held.price) == "$120.00"
    assert held.cancellation_notice_hours == 24
    db.session.get_one(Practice, 1).cancellation_notice_hours = 48
    service.price_cents = 15000
    db.session.commit()
    assert (held.cancellation_notice_hours, held.price_cents) == (24, 12000)
    assert heard == [events.Held(held, MONDAY_MORNING)]
    assert audited() == ["appointment.held"]


def test_a_free_service_is_confirmed_at_once(ines, alice):
    assert a_hold(an_offer(ines, price_cents=0), alice).status == CONFIRMED


def test_pressing_twice_holds_once(ines, alice, heard):
    service = an_offer(ines)
    assert a_hold(service, alice).id == a_hold(service, alice).id
    assert len(heard) == 1


def test_a_time_held_by_one_client_is_taken_for_another(ines, alice, ben):
    service = an_offer(ines)
    a_hold(service, alice)
    with pytest.raises(SlotTakenError, match="just been taken"):
        a_hold(service, ben)


def test_a_hold_that_ran_out_blocks_nobody_though_no_sweep_has_run(ines, alice, ben, heard):
    service = an_offer(ines)
    lapsed = a_hold(service, alice)
    later = MONDAY_MORNING + timedelta(minutes=10)
    assert a_hold(service, ben, now=later).client_id == ben.id
    assert lapsed.status == EXPIRED
    assert events.Released(lapsed, events.Ending.LAPSED, later) in heard


def test_a_client_keeps_one_hold_at_a_time(ines, clara, alice):
    first = a_hold(an_offer(ines), alice)
    second = a_hold(an_offer(clara), alice, WEDNESDAY_AT_TEN + HOUR)
    assert (first.status, second.status) == (EXPIRED, HELD)


def test_a_client_may_change_their_mind_by_half_an_hour(ines, alice):
    service = an_offer(ines)
    a_hold(service, alice)
    assert a_hold(service, alice, WEDNESDAY_AT_TEN + timedelta(minutes=30)).status == HELD


def test_a_client_is_not_booked_twice_at_one_time(ines, clara, alice):
    a_booking(an_offer(ines), alice)
    with pytest.raises(ClientBusyError, match="already have a session"):
        a_hold(an_offer(clara), alice)


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (timedelta(minutes=5), "not on offer"),
        (timedelta(seconds=1), "not on offer"),
        (timedelta(hours=12), "not on offer"),
        (timedelta(days=3), "not on offer"),
        (timedelta(days=-4), "has passed"),
        (timedelta(days=98), "60 days ahead"),
    ],
)
def test_a_form_made_by_hand_gets_only_what_the_page_offers(ines, alice, shift, words):
    with pytest.raises(NotOfferedError, match=words):
        a_hold(an_offer(ines), alice, WEDNESDAY_AT_TEN + shift)


def test_notice_is_named_when_a_time_is_too_near(ines, alice):
    with pytest.raises(NotOfferedError, match="at least 2 hours ahead"):
        a_hold(an_offer(ines), alice, now=WEDNESDAY_AT_TEN - HOUR)


def test_time_off_is_not_offered(ines, alice):
    service = an_offer(ines)
    saved(TimeOff(counselor_id=ines.id, starts_at=WEDNESDAY_AT_TEN, ends_at=WEDNESDAY_AT_TEN + HOUR))
    with pytest.raises(NotOfferedError):
        a_hold(service, alice)


def test_a_service_of_somebody_else_or_out_of_use_is_refused(ines, clara, alice):
    an_offer(ines)
    other, retired = a_service(clara), a_service(ines, active=False)
    for service in (other, retired):
        with pytest.raises(NotOfferedError, match="no longer offered"):
            services.hold(counselor=ines, client=alice, service=service, starts_at=WEDNESDAY_AT_TEN, now=MONDAY_MORNING)


def test_a_counselor_who_is_not_published_takes_no_bookings(ines, alice):
    service = an_offer(ines)
    ines.profile.published = False
    with pytest.raises(NotOfferedError, match="not taking bookings"):
        a_hold(service, alice)


def test_nobody_books_themselves(ines):
    with pytest.raises(NotAllowedError):
        a_hold(an_offer(ines), ines)
