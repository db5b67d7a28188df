"""Credit whose last day has passed: what was a gift is gone, what was paid for never is. Packages end by themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from billing.credit import queries, services
from billing.credit.models import GIFT, PACKAGE, REST, CreditLot, CreditMove
from billing.credit.words import MOVED
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from practice.core import audit
from practice.core.db import db


def expire(now: datetime, *, most: int = 200) -> int:
    """End the lots whose time is up; return how many had something left."""
    over = (
        select(CreditLot.id)
        .join(CreditMove)
        .where(CreditLot.expires_at <= now, CreditLot.source != PACKAGE)
        .group_by(CreditLot.id)
        .having(func.sum(CreditMove.cents) > 0)
        .order_by(CreditLot.id)
        .limit(most)
    )
    numbers = list(db.session.scalars(over))
    for number in numbers:
        _end(db.session.get_one(CreditLot, number), now)
    return len(numbers)


def _end(lot: CreditLot, now: datetime) -> None:
    services.lock(lot.client_id)
    left = queries.left_of(lot)
    if not left:
        return
    if lot.source == GIFT:
        made = services.move(lot, -left, Kind.CREDIT_EXPIRED, now=now)
        books.post(posting(Kind.CREDIT_EXPIRED, made.reference, left, Whose(lot.client_id)), now=now)
    else:
        moved = services.move(lot, -left, MOVED, now=now)
        services.open_lot(lot.client_id, left, source=REST, kind=MOVED, reference=moved.reference, now=now)
    audit.record("credit.expired", subject=("person", lot.client_id), detail={"cents": left.cents})
