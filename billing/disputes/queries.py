"""Find disputes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from billing.disputes.models import ASKED, OPEN, Dispute
from billing.models import Payment
from practice.core.db import db

PAGE_SIZE = 50


def page(number: int) -> Sequence[Dispute]:
    """Return one page of disputes and one more: what must be answered first, then the latest."""
    urgent = case((Dispute.stage == ASKED, Dispute.due_at))
    query = select(Dispute).order_by(urgent.is_(None), urgent, Dispute.opened_at.desc(), Dispute.id.desc())
    query = query.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)
    return db.session.scalars(query.options(joinedload(Dispute.payment).joinedload(Payment.client))).all()


def dispute(dispute_id: int) -> Dispute | None:
    """Return a dispute with its payment and session."""
    return db.session.get(Dispute, dispute_id, options=[joinedload(Dispute.payment).joinedload(Payment.client)])


def locked(dispute_id: int) -> Dispute | None:
    """Return a dispute, locked against another answer."""
    chosen = select(Dispute).where(Dispute.id == dispute_id).with_for_update(of=Dispute)
    return db.session.scalars(chosen.execution_options(populate_existing=True)).first()


def of_payment(payment: Payment) -> Sequence[Dispute]:
    """Return the disputes about a payment."""
    return db.session.scalars(select(Dispute).where(Dispute.payment_id == payment.id).order_by(Dispute.id)).all()


def holding(payment: Payment) -> Dispute | None:
    """Return the dispute by which the bank has a payment's money, or gave it back to its payer."""
    taken = Dispute.withdrawn_cents > Dispute.returned_cents
    return db.session.scalars(select(Dispute).where(Dispute.payment_id == payment.id, taken)).first()


def to_answer() -> int:
    """Count the disputes that wait for an answer."""
    waiting = (
        select(func.count())
        .select_from(Dispute)
        .where(Dispute.stage == ASKED, Dispute.answer_key.is_(None), Dispute.accepted_at.is_(None))
    )
    return int(db.session.scalar(waiting) or 0)


def undecided() -> int:
    """Count the disputes without an end."""
    return int(db.session.scalar(select(func.count()).select_from(Dispute).where(Dispute.stage.in_(OPEN))) or 0)
