"""The receipt of a payment by hand, by mail."""

from __future__ import annotations

from datetime import datetime

from billing.manual.models import ManualPayment
from billing.manual.services import RECEIPT
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice


@renders(RECEIPT)
def manual_receipt(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Thank for a payment and point to its receipt; nothing when it was undone."""
    payment = db.session.get_one(ManualPayment, message.payload["manual_payment_id"])
    if payment.undone_at:
        return None
    return compose(
        "emails/billing/manual_receipt",
        to=payment.client.email,
        subject=f"Receipt for {payment.amount}",
        payment=payment,
        link=absolute("billing.manual_payment", number=payment.id),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )
