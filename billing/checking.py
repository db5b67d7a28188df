"""Ask the provider about what is not settled here: payments left open, refunds to send, books to compare."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from billing import bills, payments, refunding
from billing.cards import queries as cards
from billing.ledger.posting import Account, Kind
from billing.models import LedgerEntry, LedgerTransaction, Payment, Refund
from billing.states import CARD, CLOSED, GIVEN_BACK, NEW, PENDING, SUCCEEDED, UNDECIDED
from practice.core.db import db
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments

log = logging.getLogger(__name__)

ASK_EVERY = timedelta(minutes=5)
FORGET_NEW = timedelta(minutes=15)
LOOK_BACK = timedelta(days=40)
CLIENTS_OWN = (Kind.PAYMENT, Kind.REFUND, Kind.REFUND_RETURNED)
"""What clients do with money at the card company; fees, disputes and payouts are between it and the practice."""


@dataclass(frozen=True, slots=True)
class Match:
    """The ledger against the payments it was posted from, in cents."""

    ledger_cents: int
    payments_cents: int

    @property
    def difference_cents(self) -> int:
        """What is not explained."""
        return self.ledger_cents - self.payments_cents


def check(provider: Payments, payment_id: int, *, now: datetime) -> Payment:
    """Ask about one payment now and commit; a provider that does not answer changes nothing."""
    _ask(provider, payment_id, now)
    return db.session.get_one(Payment, payment_id)


def check_undecided(provider: Payments, *, now: datetime, most: int = 50) -> int:
    """Ask about payments without an end, close pages whose time has gone; return how many were looked at."""
    chosen = (
        select(Payment.id)
        .where(Payment.status.in_(UNDECIDED), Payment.checked_at <= now - ASK_EVERY)
        .order_by(Payment.checked_at)
        .limit(most)
    )
    numbers = list(db.session.scalars(chosen))
    db.session.commit()
    for number in numbers:
        _close_if_gone(provider, number, now)
        answered = _ask(provider, number, now)
        payment = db.session.get_one(Payment, number)
        # What was charged and not answered is only given up once the provider says that it knows nothing of it.
        if answered and payment.status == NEW and payment.created_at <= now - FORGET_NEW:
            payment.status = CLOSED
        payment.checked_at = now
        db.session.commit()
    return len(numbers)


def send_refunds(provider: Payments, *, now: datetime, refund_id: int | None = None) -> int:
    """Send the refunds that are due and commit after each; return how many the provider took."""
    claims = refunding.claim(now=now, refund_id=refund_id)
    db.session.commit()
    taken = 0
    for claimed in claims:
        try:
            made = refunding.send(provider, claimed)
        except (GatewayDownError, GatewayRefusedError) as error:
            refunding.settle(claimed, error, now=now)
        else:
            refunding.settle(claimed, made, now=now)
            taken += 1
        db.session.commit()
    return taken


def check_recent(provider: Payments, *, now: datetime) -> Match:
    """Every night: ask about each payment of the last weeks and each refund under way, then compare the books."""
    recent = select(Payment.id).where(Payment.status == SUCCEEDED, Payment.paid_at >= now - LOOK_BACK)
    pending = select(Refund.payment_id).where(Refund.status == PENDING)
    numbers = sorted({*db.session.scalars(recent), *db.session.scalars(pending)})
    db.session.commit()
    for number in numbers:
        check(provider, number, now=now)
    match = compare()
    if match.difference_cents:
        log.error("the ledger and the payments differ by %d cents", match.difference_cents)
    return match


def compare() -> Match:
    """Add up what clients paid by card twice: by the ledger, and by payments and refunds."""
    ledger = (
        select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerEntry.account == Account.CLEARING, LedgerTransaction.kind.in_(CLIENTS_OWN))
    )
    received = select(func.coalesce(func.sum(Payment.received_cents), 0))
    back = select(func.coalesce(func.sum(Refund.amount_cents), 0)).where(
        Refund.status == GIVEN_BACK, Refund.way == CARD
    )
    return Match(
        int(db.session.scalar(ledger) or 0),
        int(db.session.scalar(received) or 0) - int(db.session.scalar(back) or 0),
    )


def _ask(provider: Payments, payment_id: int, now: datetime) -> bool:
    """Ask about one payment and commit; tell whether all that can be known of it is known now."""
    payment = db.session.get_one(Payment, payment_id)
    asked, lost = (payment.checkout_id, payment.intent_id), _lost_charge(payment)
    db.session.commit()
    if any(asked) or lost:
        try:
            facts = payments.look_for(provider, *lost) if lost else payments.look_up(provider, *asked)
        except (GatewayDownError, GatewayRefusedError) as error:
            log.warning("payment %s could not be looked up", payment_id)
            return isinstance(error, GatewayRefusedError)
        payments.apply(payment_id, facts, now=now)
        db.session.commit()
    return True


def _lost_charge(payment: Payment) -> tuple[str, str] | None:
    """Say under which customer and key a charge is looked for, when the answer to it was lost."""
    if payment.card_id is None or payment.intent_id:
        return None
    customer = cards.customer_of(payment.client_id)
    return (customer, payment.uid) if customer else None


def _why_gone(payment: Payment, now: datetime) -> str:
    if payment.appointment:
        return payments.why_not_payable(payment.appointment, now)
    return bills.why_not_payable(payment.bill) if payment.bill else ""


def _close_if_gone(provider: Payments, payment_id: int, now: datetime) -> None:
    payment = db.session.get_one(Payment, payment_id)
    gone = _why_gone(payment, now)
    checkout_id = payment.checkout_id
    db.session.commit()
    if gone and checkout_id:
        try:
            provider.close_checkout(checkout_id)
        except (GatewayDownError, GatewayRefusedError):
            log.warning("the page of payment %s could not be closed", payment_id)
