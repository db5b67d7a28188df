"""Saved cards for tests, kept the way people keep them."""

from __future__ import annotations

from datetime import datetime

from billing.cards import services
from billing.cards.models import SavedCard
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments


def a_card(client: Person, payments: FakePayments, *, now: datetime = NOW, last4: str = "4242") -> SavedCard:
    """Let a client save a card."""
    begun = services.begin(client, now=now)
    db.session.commit()
    services.open_page(payments, begun.id, currency="USD", back="http://localhost/", now=now)
    payments.save_card(begun.checkout_id or "", last4=last4)
    card = services.check(payments, begun.id, now=now).card
    assert card
    return card
