"""Opening the provider's page for a payment that was begun."""

from __future__ import annotations

import logging

from billing import payments
from billing.models import Payment
from practice.core import audit
from practice.core.db import db
from practice.core.formats import when, zone_name
from practice.core.payments import CheckoutRequest, GatewayDownError, GatewayRefusedError
from practice.core.ports import ports
from practice.core.settings import settings

log = logging.getLogger(__name__)

LABEL = "Session"
"""What the card company learns of what is paid for: nothing about the counselor or the kind of session."""


def open_page(payment_id: int, asked: CheckoutRequest) -> str | None:
    """Open the page and commit; return its address, or None when the provider could not be reached."""
    try:
        page = ports().payments.open_checkout(asked)
    except GatewayDownError:
        log.warning("the payment provider did not answer for payment %s", payment_id)
        return None
    except GatewayRefusedError as refusal:
        log.error("the payment provider refused payment %s: %s", payment_id, refusal)
        payments.abandon(db.session.get_one(Payment, payment_id))
        db.session.commit()
        return None
    payment = db.session.get_one(Payment, payment_id)
    payments.opened(payment, page)
    audit.record("payment.started", person_id=payment.client_id, subject=("payment", payment.id))
    db.session.commit()
    return page.url or asked.success_url


def request_for(payment: Payment, back: str) -> CheckoutRequest:
    """Write what the provider is asked for; `back` is where its page leads to."""
    client, address = payment.client, settings().base_url + back
    starts = payment.appointment.starts_at if payment.appointment else None
    return CheckoutRequest(
        key=payment.uid,
        amount=payment.amount,
        label=LABEL,
        detail=f"{when(starts, client.zone)}, {zone_name(client.zone, starts)}" if starts else payment.what,
        email=client.email,
        success_url=address,
        cancel_url=address,
        expires_at=payment.expires_at,
        appointment_id=payment.appointment_id,
    )
