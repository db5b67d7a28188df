"""Where the card company's statement and the books part: each line must have its posting, and each posting its line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from billing.ledger.posting import Kind
from billing.matching.kinds import Found
from billing.models import LedgerTransaction, Payment, Refund
from billing.settlements.models import ProviderLine
from billing.states import GIVEN_BACK, SUCCEEDED
from practice.core.db import db
from practice.core.money import Money

SETTLES_WITHIN = timedelta(days=2)
"""How long after a payment the card company may take to write its line."""
BOOKED_AS = {
    "payout": (Kind.PAYOUT, Kind.DRAWN),
    "payout_failed": (Kind.PAYOUT_FAILED,),
    "dispute": (Kind.DISPUTE,),
    "dispute_won": (Kind.DISPUTE_WON,),
    "transfer": (Kind.TRANSFER,),
    "transfer_back": (Kind.TRANSFER_REVERSED,),
}
UNBOOKED = {
    "payout": "payout_unbooked",
    "payout_failed": "payout_unbooked",
    "dispute": "dispute_unbooked",
    "dispute_won": "dispute_unbooked",
    "transfer": "transfer_unbooked",
    "transfer_back": "transfer_unbooked",
    "refund_failed": "line_other",
    "other": "line_other",
}


def differences(now: datetime) -> Iterator[Found]:
    """Return every difference between the statement and the books."""
    yield from _charges()
    yield from _refunds()
    yield from _others()
    if begun := db.session.scalar(select(func.min(ProviderLine.created_at))):
        yield from _payments_without_line(begun, now)
        yield from _refunds_without_line(begun, now)


def _charges() -> Iterator[Found]:
    query = (
        select(ProviderLine, Payment)
        .outerjoin(Payment, Payment.id == ProviderLine.payment_id)
        .where(
            ProviderLine.kind == "charge",
            or_(
                Payment.id.is_(None),
                Payment.status != SUCCEEDED,
                Payment.received_cents != ProviderLine.amount_cents,
            ),
        )
    )
    for line, payment in db.session.execute(query):
        received = payment.received_cents if payment else 0
        kind = "charge_differs" if received else "charge_unknown"
        yield _of(line, kind, line.amount_cents - received)


def _refunds() -> Iterator[Found]:
    same = and_(Refund.provider_id == ProviderLine.source, Refund.amount_cents == -ProviderLine.amount_cents)
    booked = exists().where(
        LedgerTransaction.kind == Kind.REFUND,
        LedgerTransaction.reference == Refund.uid,
    )
    known = exists().where(same, booked)
    for line in db.session.scalars(select(ProviderLine).where(ProviderLine.kind == "refund", ~known)):
        yield _of(line, "refund_unknown", line.amount_cents)


def _others() -> Iterator[Found]:
    for line in db.session.scalars(select(ProviderLine).where(ProviderLine.kind.in_(UNBOOKED), ~_booked())):
        yield _of(line, UNBOOKED[line.kind], line.amount_cents)


def _booked() -> ColumnElement[bool]:
    """Tell whether a line that moves no client's money has its posting."""
    pairs = [
        and_(
            ProviderLine.kind == line_kind,
            exists().where(LedgerTransaction.kind.in_(kinds), LedgerTransaction.reference == ProviderLine.source),
        )
        for line_kind, kinds in BOOKED_AS.items()
    ]
    return or_(*pairs)


def _payments_without_line(begun: datetime, now: datetime) -> Iterator[Found]:
    lined = exists().where(ProviderLine.kind == "charge", ProviderLine.payment_id == Payment.id)
    query = select(Payment).where(
        Payment.status == SUCCEEDED,
        Payment.paid_at >= begun + SETTLES_WITHIN,
        Payment.paid_at < now - SETTLES_WITHIN,
        ~lined,
    )
    for payment in db.session.scalars(query):
        yield Found(
            "payment_without_line",
            str(payment.id),
            payment.received,
            -payment.received_cents,
            payment.paid_at or payment.created_at,
            payment_id=payment.id,
        )


def _refunds_without_line(begun: datetime, now: datetime) -> Iterator[Found]:
    lined = exists().where(ProviderLine.kind == "refund", ProviderLine.source == Refund.provider_id)
    query = (
        select(Refund)
        .join(Payment)
        .where(
            Refund.status == GIVEN_BACK,
            Refund.provider_id.is_not(None),
            Refund.settled_at >= begun + SETTLES_WITHIN,
            Refund.settled_at < now - SETTLES_WITHIN,
            ~lined,
        )
    )
    for refund in db.session.scalars(query):
        at = refund.settled_at or refund.requested_at
        about = str(refund.id)
        yield Found("refund_without_line", about, refund.amount, refund.amount_cents, at, payment_id=refund.payment_id)


def _of(line: ProviderLine, kind: str, cents: int) -> Found:
    amount = Money(cents, line.currency)
    return Found(kind, line.id, amount, cents, line.created_at, line_id=line.id, payment_id=line.payment_id)
