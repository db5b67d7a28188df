"""Shows in the demo that somebody is reminded by text, so that there is one to answer in the mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from booking.models.appointments import Appointment
from booking.models.reminding import TextConsent
from booking.policy import CONFIRMED
from booking.reminding import consents, links, planning
from booking.reminding.rules import DAY, SMS
from practice.core import outbox, seeds
from practice.core.db import db
from practice.models import Person, Practice

ORDER = 29
PHONE = "+12125550142"
STILL_OF_USE = timedelta(hours=14)


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Let Alice have given leave to text her, at any hour, and send her the first reminder."""
    alice = people["alice"]
    long_ago = now - timedelta(days=30)
    choice = consents.choice_of(alice, long_ago)
    choice.by_sms, choice.quiet_from, choice.quiet_until = True, 0, 0
    words = consents.WORDS.format(practice=practice.name, phone=PHONE)
    asked = {"asked_at": long_ago, "given_at": long_ago, "code_until": long_ago, "code_hash": ""}
    db.session.add(TextConsent(person_id=alice.id, phone=PHONE, phone_tail=PHONE[-3:], words=words, **asked))
    db.session.flush()
    ahead = planning.upcoming_of(client_id=alice.id, now=now)
    planning.plan_anew(ahead, now)
    first = db.session.scalars(
        select(Appointment)
        .where(Appointment.id.in_([each.id for each in ahead]), Appointment.status == CONFIRMED)
        .where(Appointment.starts_at > now + STILL_OF_USE)
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()
    if first is not None:
        _remind(first, now)


def _remind(appointment: Appointment, now: datetime) -> None:
    outbox.plan(
        key=f"demo_text:{appointment.id}",
        kind=planning.KIND,
        channel=SMS,
        recipient_id=appointment.client_id,
        payload={"version": appointment.sequence, "minutes": DAY, "link": links.issue(appointment, now)},
        subject=planning.subject_of(appointment),
        due_at=now,
        now=now,
    )


seeds.register(ORDER, seed)
