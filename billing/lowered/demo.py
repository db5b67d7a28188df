"""Lowered prices for the demo: a scale of two steps, a client on it, and a voucher."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from billing.lowered import services
from billing.lowered.models import Tier, Voucher
from practice.core import seeds
from practice.core.db import db
from practice.models import Practice

ORDER = 86


def fill(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Lay out the scale, let Ben step onto it, and make a code."""
    office, then = people["omar"], now - timedelta(days=30)
    steps = [
        Tier(name="Household income between $35,000 and $60,000 a year", percent=75, made_at=then),
        Tier(name="Household income below $35,000 a year", percent=50, made_at=then),
    ]
    db.session.add_all(steps)
    db.session.add(
        Voucher(
            code="WELCOME20",
            percent=20,
            currency=practice.currency,
            most_uses=50,
            made_at=then,
            made_by_id=office.id,
        )
    )
    db.session.flush()
    if ben := people.get("ben"):
        services.attest(ben, steps[1], today=then.date(), now=then)


seeds.register(ORDER, fill)
