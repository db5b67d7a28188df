"""A line of the demo's statement that nobody asked for, so that the match has something to explain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from billing.matching import appointments as sessions
from billing.matching import provider, services
from billing.matching.models import Difference, MatchRun
from billing.settlements import services as settlements
from practice.core import seeds
from practice.core.db import db
from practice.core.money import Money
from practice.core.settlements import StatementLine
from practice.models import Practice

ORDER = 98
STRAY = Money(35_00, "USD")
LINE = "txn_demo_stray"
NOTE = "A place at the breathing workshop, paid by a payment link of the card company. It is invoiced there."


def seed(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Let somebody have paid at the card company without any page of ours, and match last night."""
    amount = Money(STRAY.cents, practice.currency)
    at = now - timedelta(days=3)
    settlements.take([StatementLine(LINE, "charge", amount, Money.zero(amount.currency), at, "ch_demo_stray")], now=at)
    night = now - timedelta(hours=6)
    found = [*provider.differences(now), *sessions.differences(now)]
    services.keep(found, now=night)
    db.session.add(MatchRun(ran_at=night, totals=services.totals(found), checked=services.checked(), found=len(found)))
    db.session.flush()
    for stray in db.session.scalars(select(Difference).where(Difference.line_id == LINE)):
        services.explain(stray, NOTE, by=people["omar"], now=now - timedelta(hours=2))


seeds.register(ORDER, seed)
