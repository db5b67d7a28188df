"""Giving back what was paid for a package: what of it is not used was never earned."""

from __future__ import annotations

from datetime import datetime

from billing.credit import queries as credit_queries
from billing.credit import services as credit
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Payment, Refund
from billing.packages import queries
from billing.packages.models import SoldPackage
from billing.states import KEPT
from practice.core.money import Money


def most_back(payment: Payment) -> Money:
    """Return what can be given back of a payment: of a package no more than its sessions left are worth."""
    sold = _sold(payment)
    if sold is None:
        return payment.left
    nothing = Money.zero(payment.currency)
    return max(min(payment.left, queries.standing(sold).left + balances.overpaid(payment)), nothing)


def give_up(refund: Refund, amount: Money, now: datetime) -> bool:
    """Take what is given back out of the package it was paid for; tell whether it was one."""
    sold = _sold(refund.payment)
    if sold is None:
        return False
    if part := min(credit_queries.left_of(sold.lot), amount):
        _move(refund, sold, Kind.CREDIT_UNSOLD, -part, now)
    return True


def take_again(refund: Refund, now: datetime) -> None:
    """Put back into a package what could not be given back after all."""
    sold = _sold(refund.payment)
    if sold and (cents := balances.posted(Kind.CREDIT_UNSOLD, refund.uid)):
        _move(refund, sold, Kind.CREDIT_SOLD, Money(cents, refund.payment.currency), now)


def _sold(payment: Payment) -> SoldPackage | None:
    return queries.sold_on(payment.bill_id) if payment.bill_id and payment.fate == KEPT else None


def _move(refund: Refund, sold: SoldPackage, kind: Kind, amount: Money, now: datetime) -> None:
    credit.move(sold.lot, amount, kind, reference=refund.uid, invoice_id=sold.invoice_id, now=now)
    whose = Whose(sold.client_id, sold.invoice.counselor_id, sold.invoice_id)
    moved = amount if amount.cents > 0 else -amount
    books.post(posting(kind, refund.uid, moved, whose), now=now, payment_id=refund.payment_id)
