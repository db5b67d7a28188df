"""Until when the books are closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from billing.closing.models import ClosedMonth
from practice.core.db import db


def closed_until() -> datetime | None:
    """Return the end of the last closed month; every earlier one is closed too."""
    return db.session.scalar(select(func.max(ClosedMonth.ends_at)).where(ClosedMonth.reopened_at.is_(None)))


def open_instant(now: datetime) -> datetime:
    """Return when something that happens now is booked: at once, or at the beginning of the first open month."""
    end = closed_until()
    return max(now, end) if end else now
