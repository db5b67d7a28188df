"""Payments by hand for the demo: a client who pays by cheque, and more than they owe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from billing import queries
from billing.manual import services, sharing
from billing.manual.models import CHEQUE
from practice.core import outbox, seeds
from practice.core.money import Money
from practice.models import Practice

ORDER = 82
BEYOND = 80_00


def fill(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Let Alice settle what she owes by cheque and pay something ahead."""
    alice, office = people["alice"], people["omar"]
    due = {
        billed.invoice.id: billed.due
        for billed in queries.due_of(alice)
        if billed.due.currency == practice.currency and billed.invoice.issued_at < now - timedelta(days=2)
    }
    amount = Money(sum(each.cents for each in due.values()) + BEYOND, practice.currency)
    yesterday = now - timedelta(days=1)
    made = services.record(
        alice,
        amount,
        way=CHEQUE,
        received_on=yesterday.date(),
        shares=sharing.oldest_first(amount, due.items()),
        reference="No. 10482",
        by=office,
        form_key="demo-cheque",
        now=yesterday,
    )
    outbox.withdraw(subject=("manual_payment", made.id), now=now)


seeds.register(ORDER, fill)
