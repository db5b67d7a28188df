"""Close a month, and open the last one again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, text

from billing.closing import queries
from billing.closing.models import ClosedBalance, ClosedMonth
from billing.closing.months import Month
from billing.ledger.posting import Account
from billing.matching import queries as matches
from billing.models import LedgerEntry, LedgerTransaction
from practice.core import audit
from practice.core.db import db
from practice.models import Person


class CannotCloseError(Exception):
    """The month cannot be closed, or not be opened again; `str()` says why."""


def close(month: Month, *, zone: str, by: Person, now: datetime) -> ClosedMonth:
    """Close a month. Raises CannotCloseError."""
    _hold_postings()
    if reason := why_not(month, zone=zone, now=now):
        raise CannotCloseError(reason)
    closed = ClosedMonth(
        month=str(month),
        starts_at=month.begins(zone),
        ends_at=month.ends(zone),
        closed_at=now,
        closed_by_id=by.id,
    )
    closed.balances = list(balances_at(closed.ends_at))
    db.session.add(closed)
    db.session.flush()
    audit.record("month.closed", person_id=by.id, subject=("month", closed.id), detail={"month": str(month)})
    return closed


def reopen(closed: ClosedMonth, *, reason: str, note: str, by: Person, now: datetime) -> None:
    """Open the last closed month again. Raises CannotCloseError."""
    _hold_postings()
    db.session.refresh(closed)
    latest = queries.latest()
    if closed.reopened_at is not None:
        raise CannotCloseError("This month is open already.")
    if latest is None or latest.id != closed.id:
        raise CannotCloseError("Only the last closed month can be opened again: later ones stand on it.")
    closed.reopened_at, closed.reopened_by_id = now, by.id
    closed.reason, closed.note = reason, note or None
    db.session.flush()
    audit.record(
        "month.reopened",
        person_id=by.id,
        subject=("month", closed.id),
        detail={"month": closed.month, "why": reason},
    )


def why_not(month: Month, *, zone: str, now: datetime) -> str:
    """Say why a month cannot be closed now, or nothing."""
    if month.ends(zone) > now:
        return "This month is not over yet."
    first = queries.first_open(zone)
    if first is None:
        return "Nothing is booked yet."
    if month != first:
        return "This month is closed already." if month < first else f"{first.words} must be closed before it."
    return _not_matched(month.ends(zone))


def _not_matched(end: datetime) -> str:
    run = matches.latest()
    if run is None or run.ran_at < end:
        return "Compare card company, books and appointments first: the last match is older than this month."
    waiting = matches.count_open(before=end)
    if not waiting:
        return ""
    return (
        f"{waiting} differences of the match are not explained yet."
        if waiting > 1
        else ("One difference of the match is not explained yet.")
    )


def balances_at(instant: datetime) -> list[ClosedBalance]:
    """Add the accounts up as they stood at an instant."""
    query = (
        select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.posted_at < instant)
        .group_by(LedgerEntry.account, LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    order = list(Account)
    rows = [(account, code, int(cents)) for account, code, cents in db.session.execute(query) if cents]
    rows.sort(key=lambda row: (row[1], order.index(Account(row[0]))))
    return [ClosedBalance(account=account, currency=code, cents=cents) for account, code, cents in rows]


def changed_since(closed: ClosedMonth) -> bool:
    """Tell whether the books of a closed month come to something else than when it was closed."""
    now = {(each.account, each.currency): each.cents for each in balances_at(closed.ends_at)}
    return now != {(each.account, each.currency): each.cents for each in closed.balances}


def _hold_postings() -> None:
    """Wait for postings under way and let none begin; SQLite lets one transaction write at a time anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE ledger_transactions IN SHARE ROW EXCLUSIVE MODE"))
