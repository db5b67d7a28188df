"""The demo's shares: agreed before anything was paid, stated month by month, and sent for all but the last month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from billing.closing.months import Month
from billing.shares import queries, sending, services, statements
from billing.shares.agreeing import Agreed, Paying
from billing.shares.models import BANK, TRANSFER, ShareRule
from billing.shares.rules import FIXED, PERCENT
from booking.models.services import Service
from practice.core import seeds
from practice.core.db import db
from practice.core.money import Money
from practice.core.settlements import TransferState
from practice.models import Person, Practice

AGREED, SENT, PAID = 79, 80, 97
"""Rules come before any money, transfers before the card company's statement, payments by hand before the match."""
ACCOUNT = "acct_demo_amara"
SINCE = timedelta(days=400)


def agree(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Agree with three counselors: Ines got more from the last month on, and Jonah a fixed sum of one service."""
    last = Month.of(now, practice.zone).before
    begun = (now - SINCE).date().replace(day=1)
    couples = db.session.scalars(select(Service.id).where(Service.counselor_id == people["jonah"].id)).first()
    raised = last.begins(practice.zone).date().replace(day=1)
    for key, kind, value, from_on, service_id in (
        ("ines", PERCENT, 60_00, begun, None),
        ("ines", PERCENT, 65_00, raised, None),
        ("jonah", PERCENT, 55_00, begun, None),
        ("jonah", FIXED, 75_00, begun, couples),
        ("amara", FIXED, 60_00, begun, None),
    ):
        agreed = Agreed(kind, value, practice.currency, from_on, service_id)
        services.agree(people[key], agreed, zone=practice.zone, by=people["omar"], now=now - SINCE)
    services.name_account(people["amara"], ACCOUNT, by=people["omar"], now=now - SINCE)


def send(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Let the card company have sent what Amara was owed, on the first Sunday evening after each month."""
    amara = people["amara"]
    for month, closing in _owed(practice, amara, now):
        over = month.ends(practice.zone)
        sunday = (over + timedelta(days=6 - over.weekday())).replace(hour=20)
        asked, account = _paying(amara, TRANSFER, closing, sunday), queries.account_of(amara.id)
        made = services.write_down(amara, asked, account, by=people["omar"], now=sunday)
        state = TransferState(f"tr_demo_{made.id:06d}", made.uid, ACCOUNT, made.amount)
        sending.apply(state, now=sunday)


def pay(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Let the office have paid the others by bank transfer, on the third of the month after."""
    rules = select(ShareRule.counselor_id).where(ShareRule.counselor_id != people["amara"].id).distinct()
    for counselor in db.session.scalars(select(Person).where(Person.id.in_(rules)).order_by(Person.id)):
        for month, closing in _owed(practice, counselor, now):
            third = month.ends(practice.zone) + timedelta(days=2, hours=10)
            asked = _paying(counselor, BANK, closing, third, f"Shares {month}")
            services.write_down(counselor, asked, None, by=people["omar"], now=third)


def _owed(practice: Practice, counselor: Person, now: datetime) -> Iterator[tuple[Month, Money]]:
    """Return each month but the last two with what was owed when it ended, as it stands when it is asked for."""
    currency, zone = practice.currency, practice.zone
    last = Month.of(now, zone).before
    for each in reversed(statements.months(counselor.id, currency, zone=zone, now=now)):
        closing = statements.of(counselor, each.month, currency, zone=zone, now=now).closing
        if each.month < last and closing.cents > 0:
            yield each.month, closing


def _paying(counselor: Person, way: str, amount: Money, at: datetime, reference: str = "") -> Paying:
    return Paying(way, amount, at.date(), reference, f"demo{counselor.id}.{at:%Y%m%d}".ljust(32, "0"))


seeds.register(AGREED, agree)
seeds.register(SENT, send)
seeds.register(PAID, pay)
