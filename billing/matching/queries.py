"""Find what the match found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from billing.matching.models import Difference, MatchRun
from billing.models import Payment
from practice.core.db import db

MOST = 200


def latest() -> MatchRun | None:
    """Return the last run."""
    return db.session.scalars(select(MatchRun).order_by(MatchRun.ran_at.desc(), MatchRun.id.desc()).limit(1)).first()


def to_explain() -> Sequence[Difference]:
    """Return the differences that nobody explained, the largest first."""
    return _standing(Difference.explained_at.is_(None))


def explained() -> Sequence[Difference]:
    """Return the differences that still stand and are explained."""
    return _standing(Difference.explained_at.is_not(None))


def count_open(*, before: datetime | None = None) -> int:
    """Count what nobody explained, of what happened before an instant."""
    query = select(func.count()).select_from(Difference).where(*_OPEN)
    if before:
        query = query.where(Difference.happened_at < before)
    return int(db.session.scalar(query) or 0)


def difference(difference_id: int) -> Difference | None:
    """Return one difference."""
    return db.session.get(Difference, difference_id)


_OPEN = (Difference.gone_at.is_(None), Difference.explained_at.is_(None))


def _standing(condition: ColumnElement[bool]) -> Sequence[Difference]:
    query = (
        select(Difference)
        .where(Difference.gone_at.is_(None), condition)
        .order_by(func.abs(Difference.amount_cents).desc(), Difference.id)
        .limit(MOST)
        .options(
            joinedload(Difference.payment).joinedload(Payment.client),
            joinedload(Difference.invoice),
            joinedload(Difference.appointment),
            joinedload(Difference.explained_by),
        )
    )
    return db.session.scalars(query).all()
