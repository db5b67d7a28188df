"""Find a client's cards."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from billing.cards.models import NEW, OPEN, CardCustomer, CardSetup, SavedCard
from practice.core.db import db
from practice.models import Person


def of(client: Person) -> Sequence[SavedCard]:
    """Return the cards a client keeps, the usual one first."""
    kept = select(SavedCard).where(SavedCard.client_id == client.id, SavedCard.removed_at.is_(None))
    return db.session.scalars(kept.order_by(SavedCard.is_usual.desc(), SavedCard.id.desc())).all()


def usual(client: Person) -> SavedCard | None:
    """Return the card that is charged."""
    chosen = select(SavedCard).where(SavedCard.client_id == client.id, SavedCard.is_usual)
    return db.session.scalars(chosen).first()


def one_of(client: Person, card_id: int) -> SavedCard | None:
    """Return one of the cards a client keeps."""
    return next((card for card in of(client) if card.id == card_id), None)


def customer_of(client_id: int) -> str | None:
    """Return the number under which the provider knows a client."""
    found = db.session.get(CardCustomer, client_id)
    return found.provider_id if found else None


def open_setups(client: Person) -> Sequence[CardSetup]:
    """Return the pages of a client that nobody knows the end of, the newest first."""
    chosen = select(CardSetup).where(CardSetup.client_id == client.id, CardSetup.stage.in_((NEW, OPEN)))
    return db.session.scalars(chosen.order_by(CardSetup.id.desc())).all()
