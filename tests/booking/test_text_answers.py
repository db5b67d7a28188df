"""Texts that come back: confirming, moving, cancelling, STOP, and what nobody understands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from booking.models.appointments import Appointment
from booking.models.reminding import AttendanceAnswer, TextConsent
from booking.models.services import Service
from booking.reminding import consents, planning
from practice.core.carriers import RefusedError
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking
from tests.booking.texting import DAY, HOUR, answer, link_in, send, states
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingTexter


def test_c_confirms_once_and_the_counselor_sees_it(
    texted: str, booked: Appointment, as_: Callable, ines: Person
) -> None:
    assert answer(" c. ") == "Stillpoint: thank you, Wed 25 Nov at 10:00 is confirmed."
    assert answer("X") == "Stillpoint: thank you, Wed 25 Nov at 10:00 is confirmed."  # the same text, delivered again
    assert db.session.query(AttendanceAnswer).count() == 1
    shown = as_(ines).get(f"/appointments/{booked.id}").text
    assert "Alice will be there: answered by text" in shown


def test_m_answers_with_a_way_to_other_times_and_x_cancels_while_that_costs_nothing(
    texted: str, booked: Appointment, client: object, clock: FrozenClock
) -> None:
    moving = answer("M")
    page = client.get(link_in(moving) + "/move")  # type: ignore[attr-defined]  # a page client
    assert "Choose another time" in page.text
    booked.cancellation_notice_hours = 2
    db.session.commit()
    assert answer("x", sid="SM-2") == "Stillpoint: Wed 25 Nov at 10:00 is cancelled. You get a letter by e-mail."
    assert booked.status == "cancelled"
    assert answer("c", sid="SM-3") == "Stillpoint: there is no appointment waiting for an answer."


def test_x_close_to_the_start_leads_to_the_page_that_says_what_it_costs(texted: str, booked: Appointment) -> None:
    assert "See here what cancelling means now: http" in answer("X")
    assert booked.status == "confirmed"


def test_x_with_two_appointments_ahead_asks_which(
    texted: str, booked: Appointment, offer: Service, alice: Person, texter: RecordingTexter, clock: FrozenClock
) -> None:
    other = a_booking(offer, alice, WEDNESDAY_AT_TEN + 2 * HOUR, now=MONDAY_MORNING)
    clock.instant = WEDNESDAY_AT_TEN - DAY + 2 * HOUR
    send()
    assert "more than one appointment" in answer("X")
    assert "Wed 25 Nov at 12:00 is confirmed" in answer("C", sid="SM-2")  # the latest text
    assert (booked.status, other.status) == ("confirmed", "confirmed")


def test_stop_ends_texts_at_once_and_start_brings_them_back(
    booked: Appointment, consent: TextConsent, texter: RecordingTexter, alice: Person
) -> None:
    assert "START brings texts back" in answer("Stop")
    assert states() == [("1440", "withdrawn"), ("60", "withdrawn")]
    assert (consent.ended_by, planning.consent_of(alice.id)) == ("stop", None)
    assert "on again" in answer("START", sid="SM-2")
    assert states() == [("60", "planned"), ("1440", "withdrawn")] or states() == [
        ("1440", "withdrawn"),
        ("60", "planned"),
    ]
    assert answer("start", sid="SM-3", phone="+12125550199") == "Stillpoint: choose texts on your page first."


def test_what_the_provider_answered_itself_is_not_answered_twice(booked: Appointment, consent: TextConsent) -> None:
    assert answer("STOP", handled="STOP") == ""
    assert consent.ended_by == "stop"


@pytest.mark.parametrize("body", ["", "Cancel", "I feel worse today", "C and X", "STOP it"])
def test_what_is_not_one_of_the_words_changes_nothing(texted: str, booked: Appointment, body: str) -> None:
    assert "nobody reads texts here" in answer(body)
    assert (booked.status, db.session.query(AttendanceAnswer).count()) == ("confirmed", 0)


def test_a_stranger_confirms_nothing(texted: str) -> None:
    assert "no appointment waiting" in answer("C", phone="+12125550199")


def test_a_telephone_that_the_carrier_says_opted_out_is_texted_no_more(
    booked: Appointment, consent: TextConsent, texter: RecordingTexter, clock: FrozenClock
) -> None:
    texter.refusal = RefusedError("unsubscribed", "21610")
    clock.instant = WEDNESDAY_AT_TEN - DAY
    send()
    assert consents.end_where_carriers_refuse(clock.now()) == 1
    db.session.commit()
    assert states() == [("1440", "failed"), ("60", "withdrawn")]
    assert consents.end_where_carriers_refuse(clock.now()) == 0
