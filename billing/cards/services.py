"""What clients do with their cards. Each provider's call stands between two short transactions.

A process may end between any two steps: what was begun is written down first, every call carries our key, and a job
asks about pages that nobody came back from.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from billing.cards import queries
from billing.cards.models import CLOSED, DONE, NEW, OPEN, CardCustomer, CardSetup, SavedCard
from booking import guards
from practice.core import audit
from practice.core.cards import Card, SetupRequest, SetupState
from practice.core.db import db
from practice.core.payments import GatewayDownError, GatewayRefusedError, Payments
from practice.models import Person

log = logging.getLogger(__name__)

PAGE_LASTS = timedelta(minutes=36)
ASK_EVERY = timedelta(minutes=5)


def begin(client: Person, *, now: datetime, appointment_id: int | None = None) -> CardSetup:
    """Write down that a client is about to save a card; the caller commits."""
    begun = CardSetup(
        client_id=client.id,
        appointment_id=appointment_id,
        created_at=now,
        checked_at=now,
        expires_at=now + PAGE_LASTS,
    )
    db.session.add(begun)
    db.session.flush()
    return begun


def open_page(provider: Payments, setup_id: int, *, currency: str, back: str, now: datetime) -> str:
    """Open the provider's page and commit; return its address. Raises GatewayDownError and GatewayRefusedError."""
    begun = db.session.get_one(CardSetup, setup_id)
    uid, expires_at, client = begun.uid, begun.expires_at, begun.client
    customer_id = known_at(provider, client, now=now)
    db.session.commit()
    opened = provider.open_setup(SetupRequest(uid, customer_id, currency, back, back, expires_at))
    begun = db.session.get_one(CardSetup, setup_id)
    begun.checkout_id, begun.checkout_url, begun.stage = opened.id, opened.url, OPEN
    db.session.commit()
    return opened.url


def known_at(provider: Payments, client: Person, *, now: datetime) -> str:
    """Return the number under which the provider knows a client, made known if need be; commits."""
    if known := queries.customer_of(client.id):
        return known
    number, email, key = client.id, client.email, f"{client.id}-{client.created_at:%Y%m%d%H%M%S}"
    db.session.commit()
    made = provider.make_customer(key, email)
    guards.lock_people(number)
    if known := queries.customer_of(number):
        return known
    db.session.add(CardCustomer(client_id=number, provider_id=made, made_at=now))
    db.session.commit()
    return made


def check(provider: Payments, setup_id: int, *, now: datetime) -> CardSetup:
    """Ask what became of a page and commit; a provider that does not answer changes nothing."""
    begun = db.session.get_one(CardSetup, setup_id)
    checkout_id = begun.checkout_id
    db.session.commit()
    if checkout_id:
        try:
            found = provider.setup(checkout_id)
        except (GatewayDownError, GatewayRefusedError):
            log.warning("the page of card setup %s could not be looked up", setup_id)
        else:
            _apply(setup_id, found, now)
            db.session.commit()
    return db.session.get_one(CardSetup, setup_id)


def check_open(provider: Payments, *, now: datetime, most: int = 50) -> int:
    """Ask about pages that nobody came back from; return how many were looked at."""
    chosen = (
        select(CardSetup.id)
        .where(CardSetup.stage.in_((NEW, OPEN)), CardSetup.checked_at <= now - ASK_EVERY)
        .order_by(CardSetup.checked_at)
        .limit(most)
    )
    numbers = list(db.session.scalars(chosen))
    db.session.commit()
    for number in numbers:
        begun = check(provider, number, now=now)
        begun.checked_at = now
        if begun.stage in {NEW, OPEN} and begun.expires_at <= now:
            begun.stage = CLOSED
        db.session.commit()
    return len(numbers)


def make_usual(card: SavedCard) -> None:
    """Charge this card from now on."""
    guards.lock_people(card.client_id)
    before = queries.usual(card.client)
    if before is card:
        return
    if before:
        before.is_usual = False
        db.session.flush()
    card.is_usual = True
    db.session.flush()
    audit.record("card.preferred", person_id=card.client_id, subject=("card", card.id))


def remove(card: SavedCard, *, now: datetime) -> None:
    """Keep a card no longer; the one added last becomes the usual one in its place."""
    guards.lock_people(card.client_id)
    db.session.refresh(card)
    if card.removed_at:
        return
    was_usual, card.is_usual, card.removed_at = card.is_usual, False, now
    db.session.flush()
    audit.record("card.removed", person_id=card.client_id, subject=("card", card.id))
    others = queries.of(card.client)
    if was_usual and others:
        make_usual(others[0])


def _apply(setup_id: int, found: SetupState, now: datetime) -> None:
    begun = db.session.get_one(CardSetup, setup_id)
    guards.lock_people(begun.client_id)
    db.session.refresh(begun)
    if begun.stage in {DONE, CLOSED}:
        return
    if found.card:
        begun.card_id, begun.stage = _kept(begun.client, found.card, now).id, DONE
    elif found.stage == "expired":
        begun.stage = CLOSED
    db.session.flush()


def _kept(client: Person, card: Card, now: datetime) -> SavedCard:
    known = db.session.scalars(select(SavedCard).where(SavedCard.provider_id == card.id)).first()
    if known:
        return known
    saved = SavedCard(
        client_id=client.id,
        provider_id=card.id,
        shown={"brand": card.brand, "last4": card.last4, "month": card.month, "year": card.year},
        added_at=now,
    )
    db.session.add(saved)
    db.session.flush()
    audit.record("card.saved", person_id=client.id, subject=("card", saved.id))
    make_usual(saved)
    return saved
