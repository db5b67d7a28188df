"""Who may be charged by themselves, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select

from billing.autopay.models import RUNNING, STOPPED, TOLD, Autopay, Collection
from billing.cards import queries as cards
from billing.cards.models import SavedCard
from billing.models import Invoice
from billing.outcomes import DUE, Billed, as_billed, billed, in_state
from billing.terms import queries as terms
from billing.terms.models import AgreedPaying
from billing.terms.rules import CARD
from booking.fees import objections
from booking.models.appointments import Appointment
from booking.models.fees import BARRED, PROPOSED, FeeProposal
from booking.policy import CANCELLED, NO_SHOW
from practice.core.db import db
from practice.models import Person

LOOK_BACK = timedelta(days=90)


def agreement_of(client: Person) -> Autopay | None:
    """Return what a client agreed to, while it stands."""
    return db.session.scalars(
        select(Autopay).where(Autopay.client_id == client.id, Autopay.stopped_at.is_(None))
    ).first()


def card_for(invoice: Invoice) -> SavedCard | None:
    """Return the card that may be charged for an invoice by itself: by agreement, or as the session was booked."""
    booked_with_card = invoice.appointment and terms.agreed_on(invoice.appointment).booking == CARD
    if not booked_with_card and agreement_of(invoice.client) is None:
        return None
    return cards.usual(invoice.client)


def uncollected(now: datetime, most: int = 100) -> Sequence[Billed]:
    """Return invoices with something due that a card may be charged for and nobody planned to collect yet."""
    agreed = exists().where(Autopay.client_id == Invoice.client_id, Autopay.stopped_at.is_(None))
    booked = exists().where(AgreedPaying.appointment_id == Invoice.appointment_id, AgreedPaying.booking == CARD)
    waiting = select(Invoice.id).where(
        Invoice.issued_at > now - LOOK_BACK,
        or_(agreed, booked),
        ~exists().where(Collection.invoice_id == Invoice.id),
    )
    query = billed(in_state(DUE, waiting)).order_by(Invoice.number).limit(most)
    return [as_billed(row) for row in db.session.execute(query).unique()]


def declined(now: datetime) -> Sequence[Collection]:
    """Return the collections that wait for another try of a card that was declined."""
    chosen = select(Collection).where(Collection.state == TOLD, Collection.attempts > 0, Collection.next_at > now)
    return db.session.scalars(chosen.limit(500)).all()


def stopped(client: Person) -> Sequence[Collection]:
    """Return the collections of a client that were stopped."""
    chosen = select(Collection).join(Invoice).where(Invoice.client_id == client.id, Collection.state == STOPPED)
    return db.session.scalars(chosen).all()


def due_now(now: datetime, most: int = 100) -> list[int]:
    """Return the collections whose time has come."""
    chosen = select(Collection.id).where(Collection.state.in_(RUNNING), Collection.next_at <= now)
    return list(db.session.scalars(chosen.order_by(Collection.next_at).limit(most)))


def is_undecided(appointment: Appointment) -> bool:
    """Tell whether somebody still decides what a session costs that did not take place."""
    if appointment.status not in {CANCELLED, NO_SHOW}:
        return False
    decided = select(FeeProposal.status).where(FeeProposal.appointment_id == appointment.id)
    waits = {PROPOSED, BARRED} if appointment.status == CANCELLED else {PROPOSED, BARRED, None}
    return db.session.scalar(decided) in waits or objections.is_open_about(appointment)


def of(client: Person) -> Sequence[Collection]:
    """Return what will be charged to a client by itself, the nearest first."""
    chosen = select(Collection).join(Invoice).where(Invoice.client_id == client.id, Collection.state.in_(RUNNING))
    return db.session.scalars(chosen.order_by(Collection.charge_at)).all()
