"""What becomes of an offer: taken, declined, left unanswered, too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking import services
from booking.holds import expire_overdue
from booking.models.services import Service
from booking.waitlist import answering, making, places, queries, rules, turns
from booking.waitlist.jobs import offer_waitlist
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.outbox import OutboxMessage
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, a_service, open_hours
from tests.booking.waiting.builders import LATER, NOW, offers, waits
from tests.builders import a_counselor
from tests.fakes import FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def test_taking_an_offer_books_what_is_free_and_twice_is_once(service: Service, alice: Person, ines: Person) -> None:
    service.price_cents = 0
    wish = waits(alice, service)
    offer_waitlist(NOW)
    [offer] = queries.offers_open(client=alice)
    assert answering.accept(offer, now=NOW).status == "taken"
    assert answering.accept(offer, now=NOW).status == "taken"
    assert (offer.appointment.status, wish.status) == ("confirmed", "booked")
    assert offer.appointment.accepted_policy is not None
    assert queries.line_of(ines.id) == []


def test_taking_an_offer_that_costs_keeps_the_time_while_it_is_paid(service: Service, alice: Person) -> None:
    wish = waits(alice, service)
    offer_waitlist(NOW)
    [offer] = queries.offers_open(client=alice)
    late = NOW + timedelta(minutes=29)
    answering.accept(offer, now=late)
    assert (offer.status, offer.appointment.status) == ("accepted", "held")
    assert offer.appointment.held_until == late + timedelta(minutes=30)
    services.confirm(offer.appointment, now=LATER)
    assert (offer.status, wish.status) == ("taken", "booked")


def test_an_offer_that_ended_cannot_be_taken(service: Service, alice: Person) -> None:
    waits(alice, service)
    offer_waitlist(NOW)
    [offer] = queries.offers_open(client=alice)
    for late in (LATER, LATER + timedelta(hours=1)):
        with pytest.raises(answering.OfferGoneError):
            answering.accept(offer, now=late)
        db.session.rollback()


def test_declining_passes_the_time_on_and_keeps_the_place(service: Service, alice: Person, ben: Person) -> None:
    wish = waits(alice, service)
    waits(ben, service)
    offer_waitlist(NOW)
    answering.decline(queries.offers_open(client=alice)[0], now=NOW)
    db.session.commit()
    offer_waitlist(NOW)
    assert offers() == [("Ben", WEDNESDAY_AT_TEN)]
    assert (wish.status, wish.unanswered, queries.ahead_of(wish)) == ("waiting", 0, 0)


def test_after_two_unanswered_letters_a_place_is_paused_until_its_owner_says_so(
    service: Service, alice: Person, ines: Person, clock: FrozenClock, mailer: RecordingMailer
) -> None:
    open_week = [NOW + timedelta(hours=hours) for hours in (0, 1, 2)]
    wish = waits(alice, service, times=rules.ALWAYS)
    for instant in open_week:
        clock.instant = instant
        offer_waitlist(instant)
        while deliver_due("tests"):
            pass
        expire_overdue(instant + timedelta(minutes=30))
        db.session.commit()
    assert (wish.status, len(offers("lapsed"))) == ("paused", 2)
    assert [each.subject for each in mailer.to(alice.email)][-1] == "Are you still waiting for a time?"
    places.resume(wish, open_week[-1])
    turns.stir(ines.id, open_week[-1])
    offer_waitlist(open_week[-1])
    assert len(offers()) == 1


def test_a_letter_that_never_left_counts_against_nobody(service: Service, alice: Person) -> None:
    wish = waits(alice, service)
    offer_waitlist(NOW)
    expire_overdue(LATER)
    assert (wish.status, wish.unanswered) == ("waiting", 0)
    assert db.session.scalars(select(OutboxMessage.state).where(OutboxMessage.kind == making.OFFER)).all() == [
        "withdrawn"
    ]


def test_an_offer_outlives_what_its_client_holds_besides(service: Service, alice: Person) -> None:
    waits(alice, service)
    offer_waitlist(NOW)
    clara = a_counselor("Clara Voss")
    open_hours(clara)
    a_hold(a_service(clara), alice, WEDNESDAY_AT_TEN + timedelta(days=1), now=NOW)
    assert offers() == [("Alice", WEDNESDAY_AT_TEN)]
