"""Freed times are offered in order, one to one person at a time, and move on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking import services
from booking.holds import expire_overdue
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.models.waitlist import Offer, Turn, Wish
from booking.refusals import SlotTakenError
from booking.waitlist import answering, making, places, queries, rules, turns
from booking.waitlist.forms import Wanted
from booking.waitlist.jobs import offer_waitlist
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.outbox import OutboxMessage
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, open_hours, overlaps
from tests.builders import a_client, a_counselor
from tests.fakes import FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

NOW = datetime.fromisoformat("2026-11-23T10:00-05:00")
"""Monday at ten where everybody is: nobody sleeps."""
LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def awake(clock: FrozenClock) -> None:
    """Begin at an hour at which people may be written to."""
    clock.instant = NOW


@pytest.fixture
def service(ines: Person) -> Service:
    """One hour a week with Ines: Wednesdays from ten to eleven."""
    open_hours(ines, 10 * 60, 11 * 60, horizon_days=6)
    return a_service(ines, buffer_after=0)


@pytest.fixture
def booked(service: Service) -> Appointment:
    """That hour, taken by somebody else."""
    return a_booking(service, a_client("Greta Holm"), now=NOW)


def wanted(**changes: object) -> Wanted:
    usual = {
        "kind": "",
        "times": rules.times(0b0000100, rules.ALL_DAY),
        "first_on": NOW.date(),
        "last_on": NOW.date() + timedelta(days=30),
        "notice_minutes": 60,
    }
    return Wanted(**(usual | changes))  # type: ignore[arg-type]


def waits(client: Person, service: Service | None, **changes: object) -> Wish:
    wish = places.join(client, wanted(**changes), service, NOW)
    db.session.commit()
    return wish


def offers(status: str = "open") -> list[tuple[str, datetime]]:
    rows = db.session.scalars(select(Offer).where(Offer.status == status).order_by(Offer.id))
    return [(each.client.first_name, each.starts_at) for each in rows]


def free(appointment: Appointment) -> None:
    services.cancel(appointment, by=appointment.client, now=NOW)
    db.session.commit()


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


def test_an_offer_outlives_what_its_client_holds_besides(service: Service, alice: Person) -> None:
    waits(alice, service)
    offer_waitlist(NOW)
    clara = a_counselor("Clara Voss")
    open_hours(clara)
    a_hold(a_service(clara), alice, WEDNESDAY_AT_TEN + timedelta(days=1), now=NOW)
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


def test_the_link_shows_on_looking_and_books_on_pressing(
    app: Flask, client: PageClient, service: Service, alice: Person, mailer: RecordingMailer
) -> None:
    service.price_cents = 0
    waits(alice, service)
    offer_waitlist(NOW)
    while deliver_due("tests"):
        pass
    path = re.search(r"(/offers/[\w-]{22})", mailer.to(alice.email)[-1].text)[1]  # type: ignore[index]
    for _ in range(2):
        page = client.get(path).text
        assert "Wednesday 25 November, 10:00" in page
        assert "until Today, 10:30" in page
    assert offers() == [("Alice", WEDNESDAY_AT_TEN)]
    for _ in range(2):
        assert "Your session is booked" in client.post(f"{path}/acceptance").text
    assert offers("taken") == [("Alice", WEDNESDAY_AT_TEN)]
    assert client.get("/offers/guessed").status_code == 404


def test_a_link_too_late_is_told_so_without_blame(
    client: PageClient, service: Service, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    waits(alice, service)
    offer_waitlist(NOW)
    while deliver_due("tests"):
        pass
    path = re.search(r"(/offers/[\w-]{22})", mailer.to(alice.email)[-1].text)[1]  # type: ignore[index]
    clock.instant = LATER
    late = client.post(f"{path}/acceptance")
    assert late.status_code == 409
    assert "You keep your place" in late.text


def test_a_client_joins_sees_the_place_answers_and_leaves(as_: As, service: Service, alice: Person) -> None:
    browser, form = as_(alice), f"/waiting/new?service_id={service.id}"
    assert "You are not waiting for anything" in browser.get("/waiting").text
    assert "Wait for a time" in browser.get(form).text
    refused = browser.post(form, data={"times": [], "last_on": "2026-01-01", "notice_minutes": "60"})
    assert refused.status_code == 422
    assert "Choose at least one time of the week." in refused.text
    assert "Choose a day that is still ahead" in refused.text
    typed = {"times": ["6", "12"], "last_on": "2026-12-20", "notice_minutes": "60"}
    assert browser.post(form, data=typed).location == "/waiting"
    page = browser.get("/waiting").text
    assert "Wednesdays and Fridays, mornings, until 20 Dec 2026" in page
    assert "You are the first in line." in page
    offer_waitlist(NOW)
    assert "A time has come free" in browser.get("/start", follow_redirects=True).text
    [offer] = queries.offers_open(client=alice)
    assert "/payment" in browser.post(f"/waiting/offers/{offer.id}/acceptance").location
    browser.post(f"/waiting/{offer.wish_id}/end")
    assert "You are not waiting for anything" in browser.get("/waiting").text


def test_a_counselor_sees_the_line_orders_it_offers_by_hand_and_removes(
    as_: As, service: Service, ines: Person, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    browser = as_(ines)
    assert "Nobody is waiting" in browser.get("/waitlist").text
    first, second = waits(alice, service, times=rules.ALL_DAY), waits(ben, service, times=rules.ALL_DAY)
    page = browser.get("/waitlist").text
    assert page.index("Alice Moreau") < page.index("Ben Okafor")
    browser.post(f"/waitlist/{second.id}/place", data={"place": "0"})
    page = browser.get("/waitlist").text
    assert page.index("Ben Okafor") < page.index("Alice Moreau")
    assert queries.ahead_of(first) == 1
    assert "Would like: Mondays, any time" in browser.get(f"/waitlist/{first.id}/offer").text
    made = browser.post(f"/waitlist/{first.id}/offer", data={"starts_at": "2026-11-25T15:00Z"})
    assert made.location == "/waitlist"
    assert "Offered Wednesday 25 November, 10:00" in browser.get("/waitlist").text
    again = browser.post(f"/waitlist/{second.id}/offer", data={"starts_at": "2026-11-25T15:00Z"})
    assert again.status_code == 409
    [offer] = queries.offers_open()
    browser.post(f"/waitlist/offers/{offer.id}/withdrawal")
    assert offers("withdrawn") == [("Alice", WEDNESDAY_AT_TEN)]
    browser.post(f"/waitlist/{second.id}/removal")
    while deliver_due("tests"):
        pass
    assert "no longer on the waitlist" in mailer.to(ben.email)[-1].subject
    browser.post("/waitlist/rules", data={"offer_minutes": "60"})
    assert (queries.rules_of(ines.id).active, queries.rules_of(ines.id).offer_minutes) == (False, 60)


def test_what_is_somebody_elses_is_not_there(
    as_: As, service: Service, alice: Person, ben: Person, clara: Person
) -> None:
    wish = waits(alice, service)
    offer_waitlist(NOW)
    [offer] = queries.offers_open()
    for path in (f"/waiting/{wish.id}/end", f"/waiting/offers/{offer.id}/acceptance"):
        assert as_(ben).post(path).status_code == 404
    for path in (
        f"/waitlist/{wish.id}/place",
        f"/waitlist/{wish.id}/removal",
        f"/waitlist/offers/{offer.id}/withdrawal",
    ):
        assert as_(clara).post(path, data={"place": "0"}).status_code == 404
