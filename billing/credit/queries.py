"""What is left of clients' credit, and what an invoice was paid with besides cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from billing.credit.models import PACKAGE, CreditLot, CreditMove
from billing.ledger.posting import Account, Kind
from billing.models import Invoice, LedgerEntry, LedgerTransaction
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

BESIDES_CARDS = (
    Kind.MANUAL_PAYMENT,
    Kind.MANUAL_UNDONE,
    Kind.CREDIT_USED,
    Kind.CREDIT_RESTORED,
    Kind.REFUND_TO_CREDIT,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A lot with what is left of it."""

    lot: CreditLot
    left: Money


def held_for(client_id: int, now: datetime) -> list[Held]:
    """Return the lots that a client can use for any session, those that expire first at the top, then the oldest."""
    left = func.sum(CreditMove.cents)
    query = (
        select(CreditLot, left)
        .join(CreditMove, CreditMove.lot_id == CreditLot.id)
        .where(
            CreditLot.client_id == client_id,
            CreditLot.source != PACKAGE,
            or_(CreditLot.expires_at.is_(None), CreditLot.expires_at > now),
        )
        .group_by(CreditLot.id)
        .having(left > 0)
        .order_by(CreditLot.expires_at.is_(None), CreditLot.expires_at, CreditLot.id)
    )
    return [Held(lot, Money(int(cents), lot.currency)) for lot, cents in db.session.execute(query)]


def left_of(lot: CreditLot) -> Money:
    """Return what is left of a lot."""
    cents = db.session.scalar(select(func.sum(CreditMove.cents)).where(CreditMove.lot_id == lot.id))
    return Money(int(cents or 0), lot.currency)


def free_for(client_id: int, currency: str, now: datetime) -> Money:
    """Return what a client can use for any session."""
    cents = sum(held.left.cents for held in held_for(client_id, now) if held.left.currency == currency)
    return Money(cents, currency)


def free_of(client_id: int, now: datetime) -> list[Money]:
    """Return what a client can use for any session, by currency."""
    held = held_for(client_id, now)
    return [free_for(client_id, currency, now) for currency in sorted({each.left.currency for each in held})]


def credit_of(client_id: int) -> list[Money]:
    """Return what the books hold for a client, by currency."""
    query = (
        select(LedgerEntry.currency, -func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.client_id == client_id, LedgerEntry.account == Account.CREDIT)
        .group_by(LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    return [Money(int(cents), currency) for currency, cents in db.session.execute(query) if cents]


def moves_of(client: Person, *, most: int, offset: int = 0) -> Sequence[CreditMove]:
    """Return the movements of a client's credit, the latest first."""
    query = (
        select(CreditMove)
        .join(CreditLot)
        .where(CreditLot.client_id == client.id)
        .order_by(CreditMove.made_at.desc(), CreditMove.id.desc())
        .limit(most)
        .offset(offset)
        .options(joinedload(CreditMove.lot), joinedload(CreditMove.invoice))
    )
    return db.session.scalars(query).all()


def uses_of(invoice: Invoice) -> list[tuple[CreditLot, Money]]:
    """Return the lots that still pay for an invoice, the latest use first."""
    return uses_of_each([invoice])[invoice.id]


def uses_of_each(invoices: Sequence[Invoice]) -> Mapping[int, list[tuple[CreditLot, Money]]]:
    """Return the same of several invoices, by their numbers."""
    numbers = [invoice.id for invoice in invoices]
    query = (
        select(CreditMove.invoice_id, CreditLot, -func.sum(CreditMove.cents))
        .join(CreditMove, CreditMove.lot_id == CreditLot.id)
        .where(CreditMove.invoice_id.in_(numbers), CreditMove.kind.in_((Kind.CREDIT_USED, Kind.CREDIT_RESTORED)))
        .group_by(CreditMove.invoice_id, CreditLot.id)
        .having(func.sum(CreditMove.cents) < 0)
        .order_by(func.max(CreditMove.id).desc())
    )
    found: dict[int, list[tuple[CreditLot, Money]]] = {number: [] for number in numbers}
    for number, lot, cents in db.session.execute(query):
        found[number or 0].append((lot, Money(int(cents), lot.currency)))
    return found


def paid_besides_cards(invoice: Invoice) -> Money:
    """Return what an invoice holds of money that came by hand or from credit."""
    query = (
        select(-func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(
            LedgerEntry.invoice_id == invoice.id,
            LedgerEntry.account == Account.RECEIVABLE,
            LedgerTransaction.kind.in_(BESIDES_CARDS),
            LedgerTransaction.payment_id.is_(None),
        )
    )
    return Money(int(db.session.scalar(query) or 0), invoice.currency)


def sells_ahead(invoice: Invoice) -> bool:
    """Tell whether an invoice asks for sessions bought ahead, so that what is paid for it is credit already."""
    query = select(CreditMove.id).where(CreditMove.invoice_id == invoice.id, CreditMove.kind == Kind.CREDIT_SOLD)
    return db.session.scalar(query.limit(1)) is not None


def asked_by(form_key: str) -> list[CreditMove]:
    """Return the movements that a form asked for already."""
    return list(db.session.scalars(select(CreditMove).where(CreditMove.form_key == form_key)))
