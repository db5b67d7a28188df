"""Book payouts, whatever order their news arrives in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.settlements.models import FAILED, IN_TRANSIT, PAID, PENDING, Payout, ProviderLine
from practice.core.db import db
from practice.core.money import Money
from practice.core.settlements import PayoutState, StatementLine

_RANK = {PENDING: 0, IN_TRANSIT: 1, PAID: 2, FAILED: 3}
ASK_EVERY = timedelta(hours=1)
RETURNED_WITHIN = timedelta(days=10)
"""A bank may send a payout back some days after it was called paid (docs.stripe.com/payouts#payout-failures)."""


def apply(state: PayoutState, *, now: datetime) -> Payout:
    """Bring a payout up to what the provider says; news that is old or comes again changes nothing."""
    payout = _locked(state, now)
    before, payout.checked_at = payout.stage, now
    payout.stage = max(before, state.stage, key=_RANK.__getitem__)
    payout.problem = state.problem[:80] if payout.stage == state.stage else payout.problem
    db.session.flush()
    if payout.amount_cents < 0:
        _post(Kind.DRAWN, payout, now)
        return payout
    _post(Kind.PAYOUT, payout, now)
    if payout.stage == PAID:
        _post(Kind.PAYOUT_ARRIVED, payout, now)
    if payout.stage == FAILED:
        if balances.posted(Kind.PAYOUT_ARRIVED, payout.id):
            _post(Kind.PAYOUT_RETURNED, payout, now)
        _post(Kind.PAYOUT_FAILED, payout, now)
    return payout


def undecided(*, now: datetime, most: int = 50) -> list[str]:
    """Name the payouts to ask about: those without an end, and those a bank may still send back."""
    open_ = Payout.stage.in_((PENDING, IN_TRANSIT))
    may_return = (Payout.stage == PAID) & (Payout.created_at >= now - RETURNED_WITHIN)
    chosen = select(Payout.id).where(or_(open_, may_return), Payout.checked_at <= now - ASK_EVERY)
    return list(db.session.scalars(chosen.order_by(Payout.checked_at).limit(most)))


def without_items(*, most: int = 20) -> list[str]:
    """Name the payouts of which nobody knows yet what they are made of."""
    chosen = select(Payout.id).where(Payout.itemised_at.is_(None)).order_by(Payout.created_at.desc()).limit(most)
    return list(db.session.scalars(chosen))


def itemise(payout_id: str, lines: list[StatementLine], *, now: datetime) -> None:
    """Note which lines of the statement a payout is made of; one that is not settled yet has none."""
    own = [line.id for line in lines if line.kind != "payout"]
    if own:
        db.session.execute(update(ProviderLine).where(ProviderLine.id.in_(own)).values(payout_id=payout_id))
        db.session.get_one(Payout, payout_id).itemised_at = now
        db.session.flush()


def _locked(state: PayoutState, now: datetime) -> Payout:
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "id": state.id,
        "amount_cents": state.amount.cents,
        "currency": state.amount.currency,
        "stage": PENDING,
        "created_at": state.created_at,
        "arrives_on": state.arrives_on,
        "problem": "",
        "checked_at": now,
    }
    db.session.execute(insert(Payout).values(values).on_conflict_do_nothing())
    return db.session.get_one(Payout, state.id, with_for_update=True, populate_existing=True)


def _post(kind: Kind, payout: Payout, now: datetime) -> None:
    amount = Money(abs(payout.amount_cents), payout.currency)
    books.post(posting(kind, payout.id, amount, Whose()), now=now)
