"""Refunds that do not go back to the card: the practice holds the money as the client's credit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from billing.credit import queries, services
from billing.credit.models import REFUND, CreditMove
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Refund
from billing.states import GIVEN_BACK
from practice.core.db import db
from practice.core.money import Money


def hold(refund: Refund, now: datetime) -> None:
    """Make a promised refund credit of the client; nothing leaves the practice."""
    payment = refund.payment
    services.lock(payment.client_id)
    refund.status, refund.settled_at = GIVEN_BACK, now
    services.open_lot(
        payment.client_id,
        refund.amount,
        source=REFUND,
        kind=Kind.REFUND_TO_CREDIT,
        reference=refund.uid,
        invoice_id=payment.invoice_id,
        by=refund.requested_by,
        now=now,
    )
    _post(Kind.REFUND_TO_CREDIT, refund, refund.amount, now)


def take_back(refund: Refund, now: datetime) -> None:
    """Take back what a refund had become, because the same money went back to the card after all.

    What is used already the client owes again.
    """
    services.lock(refund.payment.client_id)
    opened = db.session.scalars(
        select(CreditMove).where(CreditMove.kind == Kind.REFUND_TO_CREDIT, CreditMove.reference == refund.uid)
    ).one()
    if left := min(queries.left_of(opened.lot), refund.amount):
        services.move(opened.lot, -left, Kind.CREDIT_TAKEN_BACK, reference=refund.uid, now=now)
        _post(Kind.CREDIT_TAKEN_BACK, refund, left, now)


def _post(kind: Kind, refund: Refund, amount: Money, now: datetime) -> None:
    payment = refund.payment
    whose = Whose(payment.client_id, payment.paid_for.counselor_id, payment.invoice_id)
    books.post(posting(kind, refund.uid, amount, whose), now=now, payment_id=payment.id)
