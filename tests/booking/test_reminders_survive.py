"""Real schedulers, one of them killed at work, a mail server and a provider of texts: who hears what, and how often."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from booking import notices, services
from booking.models.appointments import Appointment
from booking.models.reminding import ReminderChoice, TextConsent
from practice.core.db import db, reading
from practice.core.outbox import OutboxMessage
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import an_appointment
from tests.builders import a_client, a_counselor
from tests.support.schedulers import do_everything, kill, running
from tests.support.servers import smtp_server, until
from tests.support.twilio_server import ACCOUNT, NUMBER, TOKEN, twilio_server

pytestmark = pytest.mark.race

PAIRS = 12


def carrier(url: str) -> dict[str, str]:
    """Say who takes texts."""
    return {
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_from": NUMBER,
        "twilio_api_base": url,
    }


def due_appointments() -> list[Appointment]:
    """Book pairs of people three days ago for in fifty minutes, so that their last letter and text are due."""
    starts_at = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=50)
    booked = []
    for number in range(PAIRS):
        pair = a_counselor(f"Counselor{number} Doe"), a_client(f"Client{number} Doe")
        let_texts_come(pair[1], number)
        appointment = an_appointment(*pair, starts_at=starts_at)
        notices.remind(appointment, starts_at - timedelta(days=3))
        booked.append(appointment)
    db.session.commit()
    return booked


def let_texts_come(client: Person, number: int) -> None:
    """Give leave for texts at any hour of the night."""
    long_ago, phone = datetime.now(UTC) - timedelta(days=9), f"+1212555{1000 + number}"
    asked = {"asked_at": long_ago, "given_at": long_ago, "code_until": long_ago, "code_hash": "", "words": "Tests."}
    everything = {"by_email": True, "by_sms": True, "skipped": [], "quiet_from": 0, "quiet_until": 0}
    db.session.add(TextConsent(person_id=client.id, phone=phone, phone_tail=phone[-3:], **asked))
    db.session.add(ReminderChoice(person_id=client.id, changed_at=long_ago, **everything))
    db.session.flush()


def waiting() -> int:
    with reading():
        unsettled = OutboxMessage.state.in_(("planned", "sending"))
        count = db.session.scalar(select(func.count()).where(unsettled)) or 0
        db.session.rollback()
    return count


def test_a_killed_scheduler_costs_nobody_a_reminder(app: object, settings: Settings) -> None:
    booked = due_appointments()
    everybody = sorted(person.email for each in booked for person in (each.client, each.counselor))
    for each in booked[:3]:
        services.cancel(each, by=each.client, now=datetime.now(UTC))
    cancelled = {person.email for each in booked[:3] for person in (each.client, each.counselor)}
    db.session.commit()
    with (
        smtp_server() as (smtp_url, mailbox),
        twilio_server() as (twilio_url, provider),
        running(do_everything, settings, count=2, smtp_url=smtp_url, **carrier(twilio_url)) as (first, _second),
    ):
        until(lambda: len(mailbox.messages) >= 4 and provider.messages, seconds=90, what="the first mail and text")
        kill(first)
        until(lambda: waiting() == 0, seconds=90, what="the last mail and text")
        texted = Counter(each["to"] for each in provider.messages)
        received = Counter((str(each["To"]), str(each["Message-ID"])) for each in mailbox.messages)
        subjects = {(str(each["To"]), str(each["Subject"]).partition(":")[0]) for each in mailbox.messages}
    assert subjects == {(who, "Cancelled" if who in cancelled else "Coming up") for who in everybody}
    assert len(received) == len(everybody)
    # Only the one message in the killed scheduler's hands may have left twice, under the same Message-ID.
    assert sum(received.values()) - len(received) <= 1
    assert texted == {f"+1212555{1000 + number}": 1 for number in range(3, PAIRS)}
