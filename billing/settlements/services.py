"""Read the card company's statement, keep its lines and book the fees; nothing is booked twice."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from billing.disputes import services as disputes
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Payment
from billing.settlements import payouts
from billing.settlements.models import Payout, ProviderLine
from billing.shares import sending
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments
from practice.core.settlements import StatementLine

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=400)
AGAIN = timedelta(days=3)
"""How far behind the latest line the statement is read again: lines may appear out of order."""
AT_ONCE = 200


def read(provider: Payments, *, now: datetime) -> int:
    """Read what is new on the statement and follow it up, committing as it goes; return how many lines were new."""
    latest = db.session.scalar(select(func.max(ProviderLine.created_at)))
    db.session.commit()
    since = latest - AGAIN if latest else now - LOOK_BACK
    try:
        lines = provider.statement(since=since)
    except (GatewayDownError, GatewayRefusedError) as error:
        log.warning("the statement could not be read: %s", error)
        return 0
    oldest_first = lines[::-1]
    new = 0
    for start in range(0, len(oldest_first), AT_ONCE):
        new += len(take(oldest_first[start : start + AT_ONCE], now=now))
        db.session.commit()
    _follow(provider, lines, now)
    return new


def take(lines: Sequence[StatementLine], *, now: datetime) -> list[StatementLine]:
    """Keep lines that are new and book their fees; return those that were new."""
    if not lines:
        return []
    whose = _payments_of(lines)
    rows = [_row(line, whose.get(line.payment_id), now) for line in lines]
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(ProviderLine).values(rows).on_conflict_do_nothing().returning(ProviderLine.id)
    new = set(db.session.scalars(added))
    taken = [line for line in lines if line.id in new]
    for line in taken:
        _book(line, whose.get(line.payment_id), now)
    return taken


def ask_about_payouts(provider: Payments, *, now: datetime) -> None:
    """Ask about payouts on their way, and what those that nobody itemised are made of; commit after each."""
    for payout_id in payouts.undecided(now=now):
        _look_up_payout(provider, payout_id, now)
    for payout_id in payouts.without_items():
        db.session.commit()
        try:
            lines = provider.statement(payout_id=payout_id)
        except (GatewayDownError, GatewayRefusedError):
            log.warning("what payout %s is made of could not be read", payout_id)
            continue
        payouts.itemise(payout_id, lines, now=now)
        db.session.commit()


def _follow(provider: Payments, lines: Sequence[StatementLine], now: datetime) -> None:
    """Look up payouts, disputes and transfers that the statement names and nobody told us of."""
    named = {line.source for line in lines if line.kind in {"payout", "payout_failed"} and line.source}
    known = set(db.session.scalars(select(Payout.id).where(Payout.id.in_(named))))
    for payout_id in sorted(named - known):
        _look_up_payout(provider, payout_id, now)
    disputes.look_up_all(
        provider, {line.source for line in lines if line.kind in {"dispute", "dispute_won"} and line.source}, now=now
    )
    transfers = sending.unbooked((line.source, line.transfer_id) for line in lines if line.transfer_id)
    sending.look_up(provider, transfers, now=now)


def _look_up_payout(provider: Payments, payout_id: str, now: datetime) -> None:
    db.session.commit()
    try:
        state = provider.payout(payout_id)
    except (GatewayDownError, GatewayRefusedError):
        log.warning("payout %s could not be looked up", payout_id)
        return
    payouts.apply(state, now=now)
    db.session.commit()


def _payments_of(lines: Sequence[StatementLine]) -> dict[str, Payment]:
    intents = {line.payment_id for line in lines if line.payment_id}
    found = db.session.scalars(select(Payment).where(Payment.intent_id.in_(intents)))
    return {payment.intent_id: payment for payment in found if payment.intent_id}


def _row(line: StatementLine, payment: Payment | None, now: datetime) -> dict[str, object]:
    return {
        "id": line.id,
        "kind": line.kind,
        "amount_cents": line.amount.cents,
        "fee_cents": line.fee.cents,
        "currency": line.amount.currency,
        "source": line.source,
        "payment_id": payment.id if payment else None,
        "created_at": line.created_at,
        "read_at": now,
    }


def _book(line: StatementLine, payment: Payment | None, now: datetime) -> None:
    """Book what the card company kept: beside a movement, or as a line of its own."""
    kept = line.fee - line.amount if line.kind == "fee" else line.fee
    if not kept:
        return
    whose = Whose(payment.client_id, payment.counselor.id) if payment else Whose()
    kind = Kind.FEE if kept.cents > 0 else Kind.FEE_RETURNED
    amount = Money(abs(kept.cents), kept.currency)
    books.post(posting(kind, line.id, amount, whose), now=now, payment_id=payment.id if payment else None)
