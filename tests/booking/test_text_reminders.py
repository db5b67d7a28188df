"""Texts as they go out: consent, choices, quiet hours, and what the provider reports of them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from booking import services
from booking.models.appointments import Appointment
from booking.models.reminding import ReminderChoice
from booking.models.services import Service
from booking.reminding import choices, consents, messages, planning, reports
from booking.reminding.forms import Choices
from booking.reminding.rules import EMAIL, SMS, Offset, Terms
from practice.core import outbox
from practice.core.carriers import OutcomeUnknownError, RefusedError
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.core.texts import Report
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking
from tests.booking.texting import DAY, HOUR, PHONE, send, states
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer, RecordingTexter


def test_a_text_names_the_time_and_nothing_else_and_fits_one_part(texted: str) -> None:
    said, _, rest = texted.partition("http")
    assert said == "Stillpoint: Wed 25 Nov 10:00 (New York time). C confirms, M moves, X cancels. "
    assert rest.endswith(" STOP ends texts.")
    assert texted.isascii()
    assert len(texted) <= 160


def test_no_text_goes_out_without_consent_that_a_code_has_proved(
    offer: Service, alice: Person, texter: RecordingTexter
) -> None:
    asked = consents.ask(alice, PHONE, practice="Stillpoint", now=MONDAY_MORNING)
    with pytest.raises(consents.WrongCodeError):
        consents.give(alice, "000000x", now=MONDAY_MORNING)
    a_booking(offer, alice)
    assert states() == []
    assert "answering STOP" in asked.words
    assert asked.code_tries == 1


def test_a_code_works_for_ten_minutes_and_five_tries(alice: Person, texter: RecordingTexter) -> None:
    consents.ask(alice, PHONE, practice="Stillpoint", now=MONDAY_MORNING)
    db.session.commit()
    send()
    code = re.findall(r"\d{6}", texter.to(PHONE)[0])[0]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    with pytest.raises(consents.WrongCodeError, match="no longer works"):
        consents.give(alice, code, now=MONDAY_MORNING + timedelta(minutes=10))
    for _ in range(consents.MOST_TRIES):
        with pytest.raises(consents.WrongCodeError, match="not the code"):
            consents.give(alice, wrong, now=MONDAY_MORNING)
    with pytest.raises(consents.WrongCodeError, match="no longer works"):
        consents.give(alice, code, now=MONDAY_MORNING)


def test_consent_given_later_brings_texts_for_what_is_booked_and_a_new_choice_takes_them_back(
    offer: Service, alice: Person, texter: RecordingTexter
) -> None:
    a_booking(offer, alice)
    assert states() == []
    consents.ask(alice, PHONE, practice="Stillpoint", now=MONDAY_MORNING)
    db.session.commit()
    send()
    consents.give(alice, re.findall(r"\d{6}", texter.to(PHONE)[0])[0], now=MONDAY_MORNING)
    assert states() == [("1440", "planned"), ("60", "planned")]
    choices.choose(alice, Choices(frozenset({SMS}), frozenset({1440}), 0, 0), MONDAY_MORNING)
    assert states() == [("1440", "withdrawn"), ("60", "planned")]
    assert sorted(state for _, state in states(EMAIL)) == [
        "planned",
        "withdrawn",
        "withdrawn",
    ]  # one is the counselor's
    choices.choose(alice, Choices(frozenset({SMS}), frozenset(), 0, 0), MONDAY_MORNING)
    assert states() == [("1440", "planned"), ("60", "planned")]


def test_a_counselors_plan_reaches_what_is_booked_already(offer: Service, alice: Person) -> None:
    a_booking(offer, alice)
    terms = Terms((Offset(120, frozenset({EMAIL})),), None)
    choices.plan_service(offer, terms, MONDAY_MORNING)
    db.session.commit()
    assert planning.terms_of(offer.id) == terms
    assert sorted(states(EMAIL)) == [
        ("120", "planned"),
        ("1440", "withdrawn"),
        ("60", "withdrawn"),
        ("60", "withdrawn"),
    ]
    choices.plan_service(offer, Terms((), None), MONDAY_MORNING)
    assert {state for _, state in states(EMAIL)} == {"withdrawn"}


def test_reports_move_a_text_forward_only_and_settle_what_a_scheduler_never_heard_of(
    booked: Appointment, texter: RecordingTexter, clock: FrozenClock
) -> None:
    texter.refusal = OutcomeUnknownError("no answer")
    clock.instant = WEDNESDAY_AT_TEN - DAY
    send()
    message = db.session.query(OutboxMessage).filter_by(channel=SMS, state="planned", attempts=1).one()
    steps = [("sent", True), ("delivered", True), ("sent", False), ("delivered", False), ("failed", False)]
    for fate, changes in steps:
        assert reports.take(message.id, Report("SM1", fate), clock.now()) is changes  # type: ignore[arg-type]  # a fate
    db.session.commit()
    texter.refusal = None
    clock.advance(hours=2)
    send()
    assert states()[0] == ("1440", "delivered")
    assert len([words for words in texter.to(PHONE) if "25 Nov" in words]) == 1


def test_a_report_about_another_message_is_not_believed(texted: str, clock: FrozenClock) -> None:
    message = db.session.query(OutboxMessage).filter_by(channel=SMS, state="sent", kind=planning.KIND).one()
    assert not reports.take(message.id, Report("SM-other", "failed", "30003"), clock.now())


def test_what_falls_into_the_night_after_a_downtime_waits_for_the_morning(
    offer: Service, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    afternoon = WEDNESDAY_AT_TEN + 6 * HOUR
    a_booking(offer, alice, afternoon)
    send()
    mailer.sent.clear()
    clock.instant = afternoon - 11 * HOUR - 2 * HOUR  # three in the morning in New York; the letter was due at 16:00
    send()
    assert mailer.sent == []
    [waiting] = [each for each in db.session.query(OutboxMessage) if each.key.endswith(f"email:1440:{alice.id}")]
    assert waiting.state == "late"  # eight in the morning is past the half of its day


def test_cancelling_takes_texts_back_and_moving_takes_them_along(
    booked: Appointment, alice: Person, texter: RecordingTexter, clock: FrozenClock
) -> None:
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + DAY, by=alice, now=MONDAY_MORNING)
    db.session.commit()
    assert sorted(states()) == [("1440", "planned"), ("1440", "withdrawn"), ("60", "planned"), ("60", "withdrawn")]
    services.cancel(booked, by=alice, now=MONDAY_MORNING)
    db.session.commit()
    assert {state for _, state in states()} == {"withdrawn"}


def test_only_what_certainly_did_not_arrive_is_sent_again(
    offer: Service, alice: Person, omar: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    a_booking(offer, alice)
    mailer.refusal = RefusedError("550 no such mailbox", "550")
    send()
    failed = db.session.query(OutboxMessage).filter_by(recipient_id=alice.id, state="failed").one()
    mailer.refusal = None
    messages.send_again(failed, omar, clock.now())
    db.session.commit()
    send()
    assert [mail.to for mail in mailer.sent] == ["alice@example.org"]
    with pytest.raises(messages.NotAgainError):
        messages.send_again(failed, omar, clock.now())
    failed.state, failed.uncertain = "failed", True
    with pytest.raises(messages.NotAgainError, match="may have arrived"):
        messages.send_again(failed, omar, clock.now())


def test_a_client_without_a_choice_is_reminded_by_letter(app: Flask, offer: Service, alice: Person) -> None:
    a_booking(offer, alice)
    assert db.session.get(ReminderChoice, alice.id) is None
    assert len(states(EMAIL)) == 3
    assert outbox.about(("appointment", 999)) == []
