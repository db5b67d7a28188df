"""Run the match: read the statement, find every difference, and keep them from night to night."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from billing import checking
from billing.closing import watching
from billing.ledger.posting import Account
from billing.matching import appointments, provider
from billing.matching.kinds import Found
from billing.matching.models import Difference, MatchRun
from billing.models import LedgerEntry, LedgerTransaction, Payment
from billing.settlements import services as settlements
from billing.settlements.models import ProviderLine
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments
from practice.models import Person

NOT_REACHED = "The card company did not answer; its side is the one last read."


class AlreadyGoneError(Exception):
    """The difference is gone; there is nothing left to explain."""


def run(payments: Payments, *, now: datetime) -> MatchRun:
    """Compare all three, keep what differs and commit; a card company that is away is said and not guessed."""
    settlements.read(payments, now=now)
    settlements.ask_about_payouts(payments, now=now)
    balances, problem = _balances(payments)
    found = [*provider.differences(now), *appointments.differences(now), *_of_the_books(now)]
    beside = totals(found, balances)
    found += [_gap(each, now) for each in beside if each["gap"]]
    keep(found, now=now)
    made = MatchRun(ran_at=now, totals=beside, checked=checked(), found=len(found), problem=problem)
    db.session.add(made)
    db.session.commit()
    return made


def keep(found: Iterable[Found], *, now: datetime) -> None:
    """Note what is there now and what is gone; an explanation stands for as long as the amount does."""
    known = {each.key: each for each in db.session.scalars(select(Difference))}
    seen = {each.key: each for each in found}
    for key, each in seen.items():
        row = known.get(key) or _new(each, now)
        if row.amount != each.amount:
            row.amount_cents = each.amount.cents
            row.explained_at = row.explained_by_id = row.note = None
        row.seen_at, row.gone_at = now, None
    for key in known.keys() - seen.keys():
        known[key].gone_at = known[key].gone_at or now
    db.session.flush()


def explain(difference: Difference, note: str, *, by: Person, now: datetime) -> None:
    """Write down what a difference is; it stays on the list of what is explained. Raises AlreadyGoneError."""
    if difference.gone_at is not None:
        raise AlreadyGoneError
    difference.explained_at, difference.explained_by_id, difference.note = now, by.id, note
    db.session.flush()
    audit.record(
        "difference.explained",
        person_id=by.id,
        subject=("difference", difference.id),
        detail={"kind": difference.kind, "cents": difference.amount_cents},
    )


def totals(found: list[Found], balances: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """Lay both sides beside each other: what the card company holds is the books and every difference that shifts it.

    Without the balances the statement's own sum stands for them.
    """
    net = func.sum(ProviderLine.amount_cents - ProviderLine.fee_cents)
    lines = _by_currency(select(ProviderLine.currency, net).group_by(ProviderLine.currency))
    if not lines:
        return []
    booked = (
        select(LedgerEntry.currency, func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.account == Account.CLEARING)
        .group_by(LedgerEntry.currency)
    )
    books, there = _by_currency(booked), lines if balances is None else balances
    return [_beside(currency, there, books, found) for currency in sorted({*lines, *books, *there})]


def checked() -> int:
    """Count what there is to look at on all sides."""
    counted = (ProviderLine, Payment, LedgerTransaction)
    return sum(int(db.session.scalar(select(func.count()).select_from(each)) or 0) for each in counted)


def _new(found: Found, now: datetime) -> Difference:
    row = Difference(
        key=found.key,
        kind=found.kind,
        amount_cents=found.amount.cents,
        currency=found.amount.currency,
        happened_at=found.happened_at,
        line_id=found.line_id,
        payment_id=found.payment_id,
        invoice_id=found.invoice_id,
        appointment_id=found.appointment_id,
        first_seen_at=now,
        seen_at=now,
    )
    db.session.add(row)
    return row


def _balances(payments: Payments) -> tuple[dict[str, int] | None, str]:
    db.session.commit()
    try:
        return {amount.currency: amount.cents for amount in payments.balance()}, ""
    except (GatewayDownError, GatewayRefusedError):
        return None, NOT_REACHED


def _beside(currency: str, there: dict[str, int], books: dict[str, int], found: list[Found]) -> dict[str, Any]:
    held, booked = there.get(currency, 0), books.get(currency, 0)
    itemised = sum(each.shift for each in found if each.amount.currency == currency)
    return {
        "currency": currency,
        "held": held,
        "booked": booked,
        "itemised": itemised,
        "gap": held - booked - itemised,
    }


def _by_currency(query: Select[str, int]) -> dict[str, int]:
    return {currency: int(cents or 0) for currency, cents in db.session.execute(query)}


def _gap(total: dict[str, Any], now: datetime) -> Found:
    amount = Money(total["gap"], total["currency"])
    return Found("balance", amount.currency, amount, amount.cents, now)


def _of_the_books(now: datetime) -> Iterable[Found]:
    if cents := checking.compare().difference_cents:
        currency = db.session.scalar(select(LedgerTransaction.currency).limit(1)) or "USD"
        yield Found("books_differ", "card", Money(cents, currency), 0, now)
    for closed, moved in watching.changes():
        yield Found("closed_changed", f"{closed.month}.{moved.currency}", moved, 0, closed.starts_at)
