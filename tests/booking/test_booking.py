from datetime import timedelta

import pytest
from sqlalchemy import select

from booking import events, services
from booking.models.appointments import Appointment
from booking.models.hours import TimeOff
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, EXPIRED, HELD, NO_SHOW, Side
from booking.refusals import ClientBusyError, HoldGoneError, NotAllowedError, NotOfferedError, SlotTakenError
from practice.core import scheduler
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person, Practice
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_offer, overlaps
from tests.builders import saved
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


@pytest.fixture
def heard() -> list[object]:
    """Everything booking told the features above it."""
    told: list[object] = []
    every = (events.held, events.confirmed, events.moved, events.cancelled, events.released, events.completed)
    for event in every:
        event.subscribe(told.append)
    yield told
    for event in every:
        event._subscribers.remove(told.append)


def audited() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


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
