"""News from the provider: verified, then the payment it is about is asked for afresh and brought up to date.

An event is a hint. It may come twice, late, out of order or not at all; its id is
written in the same short transaction that applies what the provider says now, so it
counts once. What cannot be applied yet waits for a job.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from billing import known, payments
from billing.disputes import services as disputes
from billing.models import Payment, WebhookEvent
from billing.settlements import payouts
from billing.shares import sending
from practice.core.db import db, reading
from practice.core.payments import GatewayDownError, GatewayRefusedError, PaymentEvent, Payments

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 30
LONGEST_PAUSE_SECONDS = 3600
Outcome = Literal["applied", "again", "ignored", "waiting"]
_NAMES = select(Payment.id, Payment.checkout_id, Payment.intent_id)


class Named(NamedTuple):
    """A payment of ours, as we and the provider call it."""

    id: int
    checkout_id: str | None
    intent_id: str | None


def receive(provider: Payments, event: PaymentEvent, *, now: datetime) -> Outcome:
    """Take one verified event in and commit; nothing about it is lost, whatever goes wrong."""
    db.session.commit()
    with reading():
        state = db.session.scalar(select(WebhookEvent.state).where(WebhookEvent.id == event.id))
        settled = state is not None and state != "waiting"
        found = None if settled else _payment_of(event)
        db.session.commit()
    if settled:
        return "again"
    try:
        return _apply(provider, event, found, now)
    except (GatewayDownError, GatewayRefusedError) as error:
        return _keep(event, found.id if found else None, str(error), now)
    except Exception as error:
        log.exception("event %s could not be applied", event.id)
        return _keep(event, found.id if found else None, f"{type(error).__name__}: {error}", now)


def retry_waiting(provider: Payments, *, now: datetime, most: int = 50) -> int:
    """Try again what could not be applied; return how many events came through."""
    due = select(WebhookEvent).where(WebhookEvent.state == "waiting", WebhookEvent.due_at <= now)
    events = [_as_event(row) for row in db.session.scalars(due.order_by(WebhookEvent.due_at).limit(most))]
    db.session.commit()
    return sum(receive(provider, event, now=now) in {"applied", "ignored"} for event in events)


def _apply(provider: Payments, event: PaymentEvent, found: Named | None, now: datetime) -> Outcome:
    if event.subject == "other":
        return _settle(event, None, "ignored", now)
    if event.subject == "payout":
        return _apply_payout(provider, event, now)
    if event.subject == "dispute":
        return _apply_dispute(provider, event, now)
    if event.subject == "transfer":
        return _apply_transfer(provider, event, now)
    found = found or _search(provider, event)
    if found is None:
        return _settle(event, None, "ignored", now)
    return _apply_payment(provider, event, found, now)


def _apply_payment(provider: Payments, event: PaymentEvent, found: Named, now: datetime) -> Outcome:
    page = found.checkout_id or (event.subject_id if event.subject == "checkout" else None)
    facts = payments.look_up(provider, page, found.intent_id or event.payment_id)
    payment = db.session.get_one(Payment, found.id)
    if known.says_nothing_new(payment, facts):
        return _settle(event, found.id, "applied", now)
    # Locks are taken in one order everywhere: people, appointment, payment, and only then what refers to it.
    payments.lock_for(payment)
    if not _take(event, found.id, "applied", now):
        db.session.commit()
        return "again"
    payments.apply_locked(payment, facts, now=now)
    db.session.commit()
    return "applied"


def _apply_payout(provider: Payments, event: PaymentEvent, now: datetime) -> Outcome:
    state = provider.payout(event.subject_id)
    if not _take(event, None, "applied", now):
        db.session.commit()
        return "again"
    payouts.apply(state, now=now)
    db.session.commit()
    return "applied"


def _apply_dispute(provider: Payments, event: PaymentEvent, now: datetime) -> Outcome:
    state = provider.dispute(event.subject_id)
    payment = disputes.payment_of(state)
    if payment is None:
        return _settle(event, None, "ignored", now)
    payments.lock_for(payment)
    if not _take(event, payment.id, "applied", now):
        db.session.commit()
        return "again"
    disputes.apply(state, now=now)
    db.session.commit()
    return "applied"


def _apply_transfer(provider: Payments, event: PaymentEvent, now: datetime) -> Outcome:
    state = provider.transfer(event.subject_id)
    if not sending.is_ours(state):
        return _settle(event, None, "ignored", now)
    if not _take(event, None, "applied", now):
        db.session.commit()
        return "again"
    sending.apply(state, now=now)
    db.session.commit()
    return "applied"


def _payment_of(event: PaymentEvent) -> Named | None:
    for column, value in (
        (Payment.uid, event.key),
        (Payment.intent_id, event.payment_id),
        (Payment.checkout_id, event.subject_id if event.subject == "checkout" else ""),
    ):
        if value and (found := db.session.execute(_NAMES.where(column == value)).first()):
            return Named(*found)
    return None


def _search(provider: Payments, event: PaymentEvent) -> Named | None:
    """Ask the provider whose payment this is, when our own books do not know it yet."""
    if not event.payment_id or event.key:
        return None
    key = provider.payment(event.payment_id).key
    found = db.session.execute(_NAMES.where(Payment.uid == key)).first() if key else None
    db.session.commit()
    return Named(found.id, found.checkout_id, event.payment_id) if found else None


def _take(event: PaymentEvent, payment_id: int | None, state: str, now: datetime) -> bool:
    """Write the event as settled, or say that somebody else has."""
    values = _values(event, payment_id, now) | {"state": state, "due_at": None}
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(WebhookEvent).values(values).on_conflict_do_nothing().returning(WebhookEvent.id)
    if db.session.execute(added).first():
        return True
    row = db.session.get_one(WebhookEvent, event.id, with_for_update=True, populate_existing=True)
    if row.state != "waiting":
        return False
    row.state, row.due_at, row.error, row.payment_id = state, None, "", payment_id
    return True


def _settle(
    event: PaymentEvent, payment_id: int | None, state: Literal["applied", "ignored"], now: datetime
) -> Outcome:
    taken = _take(event, payment_id, state, now)
    db.session.commit()
    return state if taken else "again"


def _keep(event: PaymentEvent, payment_id: int | None, error: str, now: datetime) -> Outcome:
    """Leave an event for the job, later after each attempt."""
    db.session.rollback()
    row = db.session.get(WebhookEvent, event.id, with_for_update=True)
    if row is None:
        row = WebhookEvent(**_values(event, payment_id, now), state="waiting")
        db.session.add(row)
    row.attempts = (row.attempts or 0) + 1
    row.error = error[:300]
    row.due_at = now + timedelta(seconds=min(LONGEST_PAUSE_SECONDS, 5 * 2.0 ** min(row.attempts, 12)))
    if row.attempts >= MOST_ATTEMPTS:
        row.state, row.due_at = "ignored", None
    db.session.commit()
    return "waiting"


def _values(event: PaymentEvent, payment_id: int | None, now: datetime) -> dict[str, object]:
    return {
        "id": event.id,
        "kind": event.kind[:80],
        "subject": event.subject,
        "subject_id": event.subject_id[:100],
        "intent_id": event.payment_id[:100],
        "key": event.key[:64],
        "created_at": event.created_at,
        "received_at": now,
        "attempts": 0,
        "error": "",
        "payment_id": payment_id,
    }


def _as_event(row: WebhookEvent) -> PaymentEvent:
    return PaymentEvent(
        id=row.id,
        kind=row.kind,
        created_at=row.created_at.astimezone(UTC),
        subject=row.subject,  # type: ignore[arg-type]  # it was one of them when it was written
        subject_id=row.subject_id,
        payment_id=row.intent_id,
        key=row.key,
    )
