"""The till for the demo: cash that came, a count that was two dollars short, and what lies in it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from billing import queries as money
from billing.manual import services as manual
from billing.manual.models import CASH
from billing.outcomes import Billed
from billing.till import queries, services
from practice.core import outbox, seeds
from practice.core.money import Money
from practice.models import Person, Practice

ORDER = 88
KEPT_AS_CHANGE = 20_00
SHORT = 2_00


def seed(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Let two clients have paid in cash, and the first of it be in the bank."""
    office = people["omar"]
    owing = [(person, due) for person in people.values() if person.is_client and (due := _due(person, practice, now))]
    for number, (person, due) in enumerate(owing[:2]):
        at = now - timedelta(days=6 - 4 * number)
        _paid(person, due[0], office, at)
        if not number:
            _carry(practice, office, at + timedelta(hours=5))


def _due(client: Person, practice: Practice, now: datetime) -> Sequence[Billed]:
    before = now - timedelta(days=8)
    return [
        billed
        for billed in money.due_of(client)
        if billed.due.currency == practice.currency and billed.invoice.issued_at < before
    ]


def _paid(client: Person, billed: Billed, office: Person, at: datetime) -> None:
    made = manual.record(
        client,
        billed.due,
        way=CASH,
        received_on=at.date(),
        shares={billed.invoice.id: billed.due},
        by=office,
        form_key=f"demo-cash-{client.id}",
        now=at,
    )
    outbox.withdraw(subject=("manual_payment", made.id), now=at)


def _carry(practice: Practice, office: Person, at: datetime) -> None:
    expected = queries.till(practice.currency).cash
    counted = expected - Money(SHORT, practice.currency)
    if counted.cents <= KEPT_AS_CHANGE:
        return
    services.bank(
        expected=expected,
        counted=counted,
        cash=counted - Money(KEPT_AS_CHANGE, practice.currency),
        cheques=[],
        banked_on=at.date(),
        note="Slip 0418. Two dollars went into the parking meter for a client.",
        by=office,
        form_key="demo-till",
        now=at,
    )


seeds.register(ORDER, seed)
