"""Freed times are offered in order, one to one person at a time, and move on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from booking.holds import expire_overdue
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.models.waitlist import Offer, Turn
from booking.refusals import SlotTakenError
from booking.waitlist import places, queries, rules, turns
from booking.waitlist.jobs import offer_waitlist
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, open_hours, overlaps
from tests.booking.waiting.builders import LATER, NOW, free, offers, waits
from tests.builders import a_client, a_counselor
from tests.fakes import RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def test_nothing_is_offered_while_nothing_is_free(booked: Appointment, service: Service, alice: Person) -> None:
    waits(alice, service)
    offer_waitlist(NOW)
    assert offers() == []


def test_a_cancelled_hour_is_offered_to_the_first_in_line_and_kept_from_everybody_else(
    booked: Appointment, service: Service, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    waits(alice, service)
    waits(ben, service)
    offer_waitlist(NOW)
    free(booked)
    offer_waitlist(NOW)
    offer_waitlist(NOW)
    assert offers() == [("Alice", WEDNESDAY_AT_TEN)]
    with pytest.raises(SlotTakenError):
        a_hold(service, ben, now=NOW)
    db.session.rollback()
    while deliver_due("tests"):
        pass
    [letter] = [each for each in mailer.to(alice.email) if "come free" in each.subject]
    assert letter.subject == "A time has come free: Wednesday 25 November, 10:00"
    assert "until\nMonday 23 November, 10:30" in letter.text
    assert re.search(r"/offers/[\w-]{22}", letter.text)


def test_an_offer_without_an_answer_moves_on_in_order(
    booked: Appointment, service: Service, alice: Person, ben: Person
) -> None:
    waits(alice, service)
    waits(ben, service)
    free(booked)
    offer_waitlist(NOW)
    expire_overdue(LATER)
    db.session.commit()
    offer_waitlist(LATER)
    assert offers("lapsed") == [("Alice", WEDNESDAY_AT_TEN)]
    assert offers() == [("Ben", WEDNESDAY_AT_TEN)]
    expire_overdue(LATER + timedelta(minutes=30))
    db.session.commit()
    offer_waitlist(LATER + timedelta(minutes=30))
    assert offers() == []
    a_hold(service, a_client("Hugo Lind"), now=LATER + timedelta(minutes=31))


def test_nobody_is_woken_the_next_one_is_asked_instead(service: Service, alice: Person, ben: Person) -> None:
    alice.zone = "Asia/Tokyo"
    wish = waits(alice, service, times=rules.ALWAYS)
    waits(ben, service)
    offer_waitlist(NOW)
    assert offers() == [("Ben", WEDNESDAY_AT_TEN)]
    assert queries.ahead_of(wish) == 0


def test_whom_the_time_does_not_suit_is_passed_over(service: Service, alice: Person, ben: Person) -> None:
    waits(alice, service, times=rules.times(0b1000000, rules.ALL_DAY))
    waits(ben, service)
    offer_waitlist(NOW)
    assert offers() == [("Ben", WEDNESDAY_AT_TEN)]


def test_whoever_waits_for_anybody_gets_the_first_that_comes(service: Service, alice: Person) -> None:
    clara = a_counselor("Clara Voss")
    open_hours(clara, 10 * 60, 11 * 60, horizon_days=6)
    a_service(clara, name="INDIVIDUAL session")
    a_booking(service, a_client("Greta Holm"), now=NOW)
    waits(alice, None, kind="Individual session")
    offer_waitlist(NOW)
    [offer] = queries.offers_open(client=alice)
    assert offer.counselor_id == clara.id


def test_a_cancellation_short_of_the_counselors_notice_is_offered_still(
    booked: Appointment, service: Service, alice: Person, ines: Person
) -> None:
    from booking.models.hours import BookingRules

    db.session.get_one(BookingRules, ines.id).notice_minutes = 3 * 24 * 60
    waits(alice, service)
    free(booked)
    offer_waitlist(NOW)
    assert offers() == [("Alice", WEDNESDAY_AT_TEN)]


def test_the_database_knows_no_two_offers_of_one_time_or_to_one_person(
    service: Service, alice: Person, ben: Person
) -> None:
    waits(alice, service)
    theirs = waits(ben, service)
    offer_waitlist(NOW)
    [offer] = queries.offers_open()
    same = {name: getattr(offer, name) for name in ("counselor_id", "starts_at", "offered_at", "expires_at")}
    other = a_hold(service, ben, WEDNESDAY_AT_TEN + timedelta(days=1), now=NOW)
    db.session.add(
        Offer(wish_id=theirs.id, client_id=ben.id, appointment_id=other.id, status="open", token_hash="x", **same)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    assert overlaps() == []


def test_a_line_is_looked_at_by_one_scheduler_at_a_time_and_again_when_stirred(
    service: Service, alice: Person, ines: Person
) -> None:
    waits(alice, service)
    [(counselor_id, number)] = turns.claim(NOW, most=9)
    assert turns.claim(NOW, most=9) == []
    turns.stir(ines.id, NOW)
    turns.finish(counselor_id, number)
    assert turns.claim(NOW, most=9) == [(ines.id, number + 1)]
    turns.finish(counselor_id, number)
    assert db.session.get_one(Turn, ines.id, populate_existing=True).leased_until is not None


def test_a_wish_ends_with_its_last_day(service: Service, alice: Person) -> None:
    wish = waits(alice, service, last_on=NOW.date())
    places.end_past(NOW + timedelta(hours=12))
    assert wish.status == "waiting"
    places.end_past(NOW + timedelta(hours=15))
    assert wish.status == "ended"
