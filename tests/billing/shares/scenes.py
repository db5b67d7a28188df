"""A counselor with an agreement about shares, and what the books say of them."""

from __future__ import annotations

from datetime import date, datetime

from billing.ledger.posting import Account
from billing.models import LedgerEntry
from billing.shares import services
from billing.shares.agreeing import Agreed
from billing.shares.models import ShareRule
from practice.core.db import db
from practice.models import Person
from practice.queries.people import the_practice
from tests.fakes import MONDAY_MORNING as NOW

LONG_AGO = date(2026, 1, 1)


def an_agreement(
    counselor: Person,
    by: Person,
    value: int = 60_00,
    *,
    kind: str = "percent",
    from_on: date = LONG_AGO,
    service_id: int | None = None,
    now: datetime = NOW,
) -> ShareRule:
    """Agree on a share, 60 % of everything if nothing else is said."""
    agreed = Agreed(kind, value, "USD", from_on, service_id)
    made = services.agree(counselor, agreed, zone=the_practice().zone, by=by, now=now)
    db.session.commit()
    return made


def owed(counselor: Person) -> int:
    """Return what the books say is owed to a counselor, in cents."""
    rows = db.session.query(LedgerEntry.amount_cents).filter_by(account=Account.PAYABLE, counselor_id=counselor.id)
    return -sum(cents for (cents,) in rows)
