"""What is in the till by the books, and what was carried to the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from billing.ledger.posting import Account
from billing.manual.models import CHEQUE, ManualPayment
from billing.models import LedgerEntry
from billing.till.models import BankedCheque, TillBanking
from practice.core.db import db
from practice.core.money import Money

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Till:
    """What should lie in the till: cash, and the cheques one by one, the oldest first."""

    cash: Money
    cheques: Sequence[ManualPayment]

    @property
    def in_cheques(self) -> Money:
        """What the cheques come to."""
        return Money(sum(cheque.amount_cents for cheque in self.cheques), self.cash.currency)


def till(currency: str) -> Till:
    """Return what the books say is in the till: all that stands on its account, less the cheques among it."""
    entries = select(func.sum(LedgerEntry.amount_cents)).where(
        LedgerEntry.account == Account.CASH, LedgerEntry.currency == currency
    )
    carried = select(BankedCheque.payment_id).where(BankedCheque.released_at.is_(None))
    waiting = select(ManualPayment).where(
        ManualPayment.way == CHEQUE,
        ManualPayment.currency == currency,
        ManualPayment.undone_at.is_(None),
        ManualPayment.id.not_in(carried),
    )
    in_order = waiting.options(joinedload(ManualPayment.client)).order_by(ManualPayment.received_on, ManualPayment.id)
    cheques = db.session.scalars(in_order).all()
    total = Money(int(db.session.scalar(entries) or 0), currency)
    return Till(total - Money(sum(cheque.amount_cents for cheque in cheques), currency), cheques)


def is_banked(payment: ManualPayment) -> bool:
    """Tell whether a cheque was carried to the bank."""
    carried = select(BankedCheque.id).where(BankedCheque.payment_id == payment.id, BankedCheque.released_at.is_(None))
    return db.session.scalar(carried) is not None


def made_by(form_key: str) -> TillBanking | None:
    """Return what a form wrote down already."""
    return db.session.scalars(select(TillBanking).where(TillBanking.form_key == form_key)).first()


def banking(number: int) -> TillBanking | None:
    """Return a count with its cheques and their clients."""
    whole = selectinload(TillBanking.cheques).joinedload(BankedCheque.payment).joinedload(ManualPayment.client)
    return db.session.get(TillBanking, number, options=[whole])


def latest(currency: str) -> TillBanking | None:
    """Return the latest count that was not undone."""
    standing = select(TillBanking).where(TillBanking.currency == currency, TillBanking.undone_at.is_(None))
    return db.session.scalars(standing.order_by(TillBanking.id.desc())).first()


def page(number: int) -> Sequence[TillBanking]:
    """Return one page of counts and one more, the latest first."""
    query = select(TillBanking).options(joinedload(TillBanking.made_by)).order_by(TillBanking.id.desc())
    return db.session.scalars(query.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)).all()
