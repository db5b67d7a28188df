"""Find payouts and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import Account
from billing.models import LedgerEntry, Payment
from billing.settlements.models import Payout, ProviderLine
from practice.core.db import db
from practice.core.money import Money

PAGE_SIZE = 50
ON_THE_WAY = (Account.CLEARING, Account.DISPUTED, Account.IN_TRANSIT, Account.BANK, Account.FEES)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of payouts."""

    rows: Sequence[Payout]
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Part:
    """What lines of one kind come to in a payout."""

    kind: str
    count: int
    amount: Money
    fee: Money


def payouts(number: int) -> Page:
    """Return one page of payouts, the latest first."""
    total = db.session.scalar(select(func.count()).select_from(Payout)) or 0
    query = select(Payout).order_by(Payout.created_at.desc(), Payout.id).limit(PAGE_SIZE)
    rows = db.session.scalars(query.offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, max(1, -(-total // PAGE_SIZE)))


def payout(payout_id: str) -> Payout | None:
    """Return a payout."""
    return db.session.get(Payout, payout_id)


def lines_of(payout_id: str) -> Sequence[ProviderLine]:
    """Return the lines a payout is made of, the earliest first."""
    query = select(ProviderLine).where(ProviderLine.payout_id == payout_id).order_by(ProviderLine.created_at)
    whose = joinedload(ProviderLine.payment).joinedload(Payment.client)
    return db.session.scalars(query.options(whose)).all()


def parts_of(lines: Sequence[ProviderLine]) -> list[Part]:
    """Add lines up by kind, in the order they first appear."""
    parts: dict[str, Part] = {}
    for line in lines:
        zero = Money.zero(line.currency)
        had = parts.get(line.kind, Part(line.kind, 0, zero, zero))
        parts[line.kind] = Part(line.kind, had.count + 1, had.amount + line.amount, had.fee + line.fee)
    return list(parts.values())


def standing() -> dict[Account, list[Money]]:
    """Return what lies where on the way from the card company to the bank, by account and currency."""
    query = (
        select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.account.in_(ON_THE_WAY))
        .group_by(LedgerEntry.account, LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    found: dict[Account, list[Money]] = {}
    for name, currency, cents in db.session.execute(query):
        if cents:
            found.setdefault(Account(name), []).append(Money(int(cents), currency))
    return found
