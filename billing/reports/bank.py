"""What the card company paid out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from billing.ledger.posting import Kind
from billing.models import LedgerTransaction
from billing.reports.periods import Period
from practice.core.db import db

ENDS = {Kind.PAYOUT_ARRIVED: "Arrived", Kind.PAYOUT_RETURNED: "Sent back by the bank", Kind.PAYOUT_FAILED: "Failed"}
"""What became of a payout, by the last that was booked of it."""
ON_ITS_WAY = "On its way"


@dataclass(frozen=True, slots=True)
class Payout:
    """Money the card company sent to the practice's bank."""

    posting: LedgerTransaction
    state: str


def payouts(period: Period) -> list[Payout]:
    """Return the payouts of a period, the latest first, each with what became of it."""
    span = period.span
    sent = db.session.scalars(
        select(LedgerTransaction)
        .where(
            LedgerTransaction.kind == Kind.PAYOUT,
            LedgerTransaction.posted_at >= span.starts_at,
            LedgerTransaction.posted_at < span.ends_at,
        )
        .order_by(LedgerTransaction.posted_at.desc(), LedgerTransaction.id.desc())
    ).all()
    ends = db.session.execute(
        select(LedgerTransaction.reference, LedgerTransaction.kind)
        .where(
            LedgerTransaction.kind.in_([str(kind) for kind in ENDS]),
            LedgerTransaction.reference.in_([one.reference for one in sent]),
        )
        .order_by(LedgerTransaction.id)
    )
    last = {reference: ENDS[Kind(kind)] for reference, kind in ends}
    return [Payout(one, last.get(one.reference, ON_ITS_WAY)) for one in sent]
