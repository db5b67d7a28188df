"""Counting the till and carrying it to the bank, once a form; and undoing the latest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.manual.models import ManualPayment
from billing.till import queries
from billing.till.models import BankedCheque, TillBanking
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person, Practice

NOBODY = Whose()


class CannotBankError(Exception):
    """The till changed meanwhile, or this cannot be undone; `str()` says why in plain words."""


def bank(
    *,
    expected: Money,
    counted: Money,
    cash: Money,
    cheques: Sequence[int],
    banked_on: date,
    note: str,
    by: Person,
    form_key: str,
    now: datetime,
) -> TillBanking:
    """Write down a count, what is missing or beyond the books, and what goes to the bank. Raises CannotBankError.

    `expected` is what whoever counted was shown; the same form again returns the same count.
    """
    _lock()
    if made := queries.made_by(form_key):
        return made
    chosen = _locked_cheques(cheques)
    found = queries.till(expected.currency)
    if found.cash != expected or not {each.id for each in chosen} <= {each.id for each in found.cheques}:
        raise CannotBankError("Something was taken or given meanwhile. Look at the till once more.")
    made = TillBanking(
        banked_on=banked_on,
        currency=expected.currency,
        expected_cents=expected.cents,
        counted_cents=counted.cents,
        cash_cents=cash.cents,
        cheque_cents=sum(each.amount_cents for each in chosen),
        note=note or None,
        made_by_id=by.id,
        made_at=now,
        form_key=form_key,
        cheques=[BankedCheque(payment_id=each.id) for each in chosen],
    )
    db.session.add(made)
    db.session.flush()
    _book_difference(made.difference, made.uid, now)
    if made.carried:
        books.post(posting(Kind.BANKED, made.uid, made.carried, NOBODY), now=now)
    _record("till.banked", made, by)
    return made


def undo(made: TillBanking, *, by: Person, now: datetime) -> None:
    """Take the latest count back out of the books; undoing twice is undoing once. Raises CannotBankError."""
    _lock()
    db.session.refresh(made, with_for_update={"of": TillBanking, "key_share": True})
    if made.undone_at:
        return
    latest = queries.latest(made.currency)
    if latest is None or latest.id != made.id:
        raise CannotBankError("The till was counted again since. Undo the later count first.")
    if any(each.payment.undone_at for each in made.cheques):
        raise CannotBankError("One of its cheques was taken back out of the books, so it did reach the bank.")
    if made.carried:
        books.post(posting(Kind.BANKING_UNDONE, made.uid, made.carried, NOBODY), now=now)
    _book_difference(-made.difference, f"{made.uid}.undone", now)
    for each in made.cheques:
        each.released_at = now
    made.undone_at, made.undone_by_id = now, by.id
    db.session.flush()
    _record("till.banking_undone", made, by)


def _lock() -> None:
    """Let one person at a time count the till."""
    db.session.execute(select(Practice.id).where(Practice.id == 1).with_for_update())


def _locked_cheques(numbers: Sequence[int]) -> Sequence[ManualPayment]:
    chosen = select(ManualPayment).where(ManualPayment.id.in_(numbers)).order_by(ManualPayment.id)
    return db.session.scalars(chosen.with_for_update(of=ManualPayment, key_share=True)).all()


def _book_difference(difference: Money, reference: str, now: datetime) -> None:
    if difference:
        kind = Kind.TILL_OVER if difference.cents > 0 else Kind.TILL_SHORT
        books.post(posting(kind, reference, Money(abs(difference.cents), difference.currency), NOBODY), now=now)


def _record(action: str, made: TillBanking, by: Person) -> None:
    audit.record(
        action,
        person_id=by.id,
        subject=("till_banking", made.id),
        detail={"cents": made.carried.cents, "difference": made.difference.cents},
    )
