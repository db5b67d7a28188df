"""Lowered prices for the demo: a scale of two steps, a client on it, and two vouchers, one of them used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from billing import queries as money
from billing.lowered import redeeming, services
from billing.lowered.models import Tier, Voucher
from booking.models.services import Service
from booking.policy import COMPLETED
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
    long = db.session.scalars(select(Service).where(Service.name == "Long session")).first()
    db.session.add(
        Voucher(
            code="LONGER15",
            amount_cents=15_00,
            currency=practice.currency,
            service_id=long.id if long else None,
            most_uses=20,
            made_at=then,
            made_by_id=office.id,
        )
    )
    db.session.flush()
    _use("WELCOME20", people.values(), now)
    if ben := people.get("ben"):
        services.attest(ben, steps[1], today=then.date(), now=then)


def _use(code: str, people: Iterable[Any], now: datetime) -> None:
    """Let the first client who owes for a session use a code for it."""
    for person in people:
        for billed in money.due_of(person) if person.is_client else ():
            if billed.invoice.appointment and billed.invoice.appointment.status == COMPLETED:
                redeeming.redeem(billed.invoice.appointment, code, by=person, now=now - timedelta(days=9))
                return


seeds.register(ORDER, fill)
