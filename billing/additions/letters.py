"""Mail about additions to a session: neutral words, the amount, and a link."""

from __future__ import annotations

from datetime import datetime

from billing import queries
from billing.additions.services import CHARGED
from billing.models import Invoice
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice


@renders(CHARGED)
def charged(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Tell a client that something was added to an appointment; nothing once it is not asked for any more."""
    invoice = db.session.get_one(Invoice, message.payload["invoice_id"])
    due = queries.billed_on(invoice).due
    if not due:
        return None
    return compose(
        "emails/billing/addition_charged",
        to=invoice.client.email,
        subject=f"An addition to your appointment: {due}",
        person=invoice.client,
        invoice=invoice,
        due=due,
        link=absolute("billing.invoice", invoice_id=invoice.id),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )
