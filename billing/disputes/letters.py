"""Letters to administrators about disputes: amounts and days, and nobody's name."""

from __future__ import annotations

from datetime import datetime

from billing.disputes.models import Dispute
from billing.disputes.services import ARRIVED, DUE_SOON
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Person
from practice.queries.people import the_practice


@renders(ARRIVED)
def arrived(message: OutboxMessage, now: datetime) -> Mail | None:
    """Say that a bank asks a payment back, and until when it can be answered."""
    return _letter(message, now, "A payment of {} is disputed")


@renders(DUE_SOON)
def due_soon(message: OutboxMessage, now: datetime) -> Mail | None:
    """Say it again two days before the last day, unless it was answered."""
    return _letter(message, now, "The dispute about {} can be answered for two more days")


def _letter(message: OutboxMessage, now: datetime, subject: str) -> Mail | None:
    dispute = db.session.get_one(Dispute, message.payload["dispute_id"])
    reader = db.session.get(Person, message.recipient_id)
    over = dispute.due_at is not None and dispute.due_at <= now
    if reader is None or over or dispute.answer is not None or not dispute.can_be_answered:
        return None
    return compose(
        "emails/billing/dispute",
        to=reader.email,
        subject=subject.format(dispute.amount),
        person=reader,
        dispute=dispute,
        zone=reader.zone,
        link=absolute("billing.dispute", dispute_id=dispute.id),
        practice_name=the_practice().name,
        base_url=settings().base_url,
    )
