"""What the reminders measurement starts from: people who are booked for tomorrow, and messages that are due now."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bench._practice import CLIENT, COUNSELOR, offer, people
from booking.models.appointments import Appointment
from booking.models.reminding import ReminderChoice, TextConsent
from booking.reminding import planning
from practice.core import claims
from practice.core.claims import Outcome
from practice.core.db import db
from practice.core.outbox import EMAIL, PLANNED, SMS, OutboxMessage
from practice.core.spans import Span
from practice.models import Person


def claim_rate(count: int) -> int:
    """Claim and settle as many messages in batches of fifty, with nothing between; return how many a second."""
    now = datetime.now(UTC)
    number = min(count, 20_000)
    db.session.execute(
        insert(OutboxMessage), [_row(f"empty:{each}", EMAIL, now, (None, None), {}) for each in range(number)]
    )
    db.session.commit()
    begun = time.perf_counter()
    while batch := claims.claim("bench", now=now, most=50):
        claims.settle([Outcome(each, "sent") for each in batch], now=now)
    seconds = time.perf_counter() - begun
    db.session.execute(OutboxMessage.__table__.delete())  # type: ignore[attr-defined]  # a table
    db.session.commit()
    return round(number / seconds)


def fill(count: int, clients: int) -> None:
    """Book everybody once for tomorrow, and make each one's share of the reminders due now."""
    now = datetime.now(UTC).replace(microsecond=0)
    counselors, booked = people(40, COUNSELOR), people(clients, CLIENT)
    services = [offer(each, ((540, 1020),), 5) for each in counselors]
    for number, client in enumerate(booked):
        db.session.add_all(_leave_to_text(client, number, now))
    rows = []
    for number, client in enumerate(booked):
        service = services[number % len(services)]
        starts_at = now + timedelta(hours=20, minutes=number // len(services))
        span = Span.lasting(starts_at, 1)
        rows.append(_appointment(service.id, service.counselor_id, client.id, span, now))
    db.session.execute(insert(Appointment), rows)
    ids = [
        (each.id, each.client_id)
        for each in db.session.execute(select(Appointment.id, Appointment.client_id).order_by(Appointment.id))
    ]
    for channel in (EMAIL, SMS):
        db.session.execute(
            insert(OutboxMessage), [_due(ids[each % clients], each, channel, now) for each in range(count // 2)]
        )
    db.session.commit()


def _leave_to_text(client: Person, number: int, now: datetime) -> list[object]:
    phone = f"+1212{5550000 + number:07d}"
    return [
        ReminderChoice(
            person_id=client.id, by_email=True, by_sms=True, skipped=[], quiet_from=0, quiet_until=0, changed_at=now
        ),
        TextConsent(
            person_id=client.id,
            phone=phone,
            phone_tail=phone[-3:],
            words="Bench.",
            asked_at=now,
            code_hash="",
            code_until=now,
            given_at=now,
        ),
    ]


def _due(appointment: tuple[int, int], number: int, channel: str, now: datetime) -> dict[str, object]:
    identity, client_id = appointment
    payload = {"version": 0, "minutes": 1440, "link": secrets.token_urlsafe(16)}
    return _row(f"bench:{channel}:{number}", channel, now, (identity, client_id), payload)


def _row(
    key: str, channel: str, now: datetime, about: tuple[int | None, int | None], payload: dict[str, object]
) -> dict[str, object]:
    return {
        "key": key,
        "kind": planning.KIND,
        "channel": channel,
        "recipient_id": about[1],
        "subject_kind": "appointment",
        "subject_id": about[0],
        "payload": payload,
        "due_at": now - timedelta(minutes=1),
        "planned_at": now - timedelta(minutes=1),
        "state": PLANNED,
        "attempts": 0,
        "uncertain": False,
    }


def _appointment(service_id: int, counselor_id: int, client_id: int, span: Span, now: datetime) -> dict[str, object]:
    return {
        "uid": secrets.token_hex(16),
        "counselor_id": counselor_id,
        "client_id": client_id,
        "service_id": service_id,
        "mode": "video",
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "blocked_from": span.starts_at,
        "blocked_until": span.ends_at,
        "status": "confirmed",
        "price_cents": 0,
        "currency": "USD",
        "sequence": 0,
        "cancellation_notice_hours": 24,
        "cancelled_late": False,
        "created_at": now,
        "changed_at": now,
        "confirmed_at": now,
    }
