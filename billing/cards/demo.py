"""Cards for the demo: some of its clients keep one, here and at the test payment page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from billing.cards.models import CardCustomer, SavedCard
from billing.testpay.store import Store
from practice.core import seeds
from practice.core.db import db
from practice.core.settings import settings
from practice.models import Person, Practice

ORDER = 82
KEEP_ONE = {"ben": ("visa", "4242"), "leo": ("mastercard", "4444"), "hugo": ("visa", "4242"), "kaia": ("amex", "8431")}
"""Who keeps a card, of which brand and with which last digits."""


def keep(client: Person, now: datetime, brand: str = "visa", last4: str = "4242") -> SavedCard:
    """Keep a card for a client."""
    db.session.add(CardCustomer(client_id=client.id, provider_id=f"cus_demo_{client.id:06d}", made_at=now))
    card = SavedCard(
        client_id=client.id,
        provider_id=f"pm_demo_{client.id:06d}",
        shown={"brand": brand, "last4": last4, "month": 8, "year": now.year + 4},
        is_usual=True,
        added_at=now,
    )
    db.session.add(card)
    db.session.flush()
    return card


def tell_test_page(card: SavedCard) -> None:
    """Let the test payment page know the card, so that it can be charged there."""
    customer = f"cus_demo_{card.client_id:06d}"
    with closing(Store(settings().var_dir / "testpay.db")) as store:
        if store.find("customer", customer):
            return
        store.add("customer", "cus", {"id": customer, "email": card.client.email, "metadata": {}})
        shown = {
            "brand": card.shown["brand"],
            "last4": card.shown["last4"],
            "exp_month": 8,
            "exp_year": card.shown["year"],
        }
        body = {"id": card.provider_id, "type": "card", "card": shown, "customer": customer, "_manner": "works"}
        store.add("payment_method", "pm", body, parent=customer)


def _seed(_practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    for name, (brand, last4) in KEEP_ONE.items():
        if name in people:
            card = keep(people[name], now, brand, last4)
            if settings().is_demo and settings().stripe_api_base:
                tell_test_page(card)


seeds.register(ORDER, _seed)
