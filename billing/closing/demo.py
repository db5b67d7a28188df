"""The demo's books: every month but the last is closed, one of them after it was opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from billing.closing import queries
from billing.closing.models import ClosedMonth
from billing.closing.months import Month
from billing.closing.services import balances_at
from practice.core import seeds
from practice.core.db import db
from practice.models import Practice

ORDER = 99


def seed(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Close the months that ended before the last one."""
    zone, month = practice.zone, queries.first_open(practice.zone)
    last = Month.of(Month.of(now, zone).begins(zone) - timedelta(days=1), zone)
    first = True
    while month is not None and month < last:
        day = month.ends(zone) + timedelta(days=3)
        if first:
            again = _closed(month, zone, people["omar"].id, day)
            again.reopened_at, again.reopened_by_id = day + timedelta(hours=2), people["omar"].id
            again.reason, first = "late_news", False
            db.session.flush()
        _closed(month, zone, people["omar"].id, day + timedelta(days=1))
        month = month.next


def _closed(month: Month, zone: str, by_id: int, at: datetime) -> ClosedMonth:
    closed = ClosedMonth(
        month=str(month), starts_at=month.begins(zone), ends_at=month.ends(zone), closed_at=at, closed_by_id=by_id
    )
    closed.balances = balances_at(closed.ends_at)
    db.session.add(closed)
    db.session.flush()
    return closed


seeds.register(ORDER, seed)
