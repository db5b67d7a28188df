"""Charging a saved card for what a session or a bill still asks for.

The attempt is written down first, then the provider is asked, then what it says is applied: a process may end between
any two of these. An attempt without an end is found again among the client's charges at the provider by our key, so
nothing is charged twice. Every attempt has a key of its own, because a provider answers a declined key the same again.
"""

from __future__ import annotations

from datetime import datetime

from billing import bills, checking, owed, payments, queries
from billing.cards import queries as cards
from billing.cards.models import SavedCard
from billing.models import Invoice, Payment
from billing.payments import AlreadyPaidError, CannotPayError, Facts, UnderWayError
from billing.states import CLOSED, NEW, OPEN, PROCESSING, UNDECIDED
from booking import holds
from booking.models.appointments import Appointment
from practice.core import audit
from practice.core.cards import ChargeRequest
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayRefusedError, Payments


def clear_the_way(provider: Payments, about: Appointment | Invoice, *, now: datetime) -> None:
    """Close the pages that are open for the same money, so that it cannot come from there too; commits."""
    waiting = [(past.id, past.checkout_id) for past in _past(about) if past.checkout_id and past.status in UNDECIDED]
    db.session.commit()
    for number, checkout_id in waiting:
        provider.close_checkout(checkout_id or "")
        checking.check(provider, number, now=now)


def begin(about: Appointment | Invoice, card: SavedCard, *, now: datetime) -> Payment:
    """Write down that a card is about to be charged for what is due; the caller commits. Raises CannotPayError."""
    past, due, reason = _looked_at(about, now)
    if any(each.status == PROCESSING or (each.card_id and each.status in {NEW, OPEN}) for each in past):
        raise UnderWayError("Your bank is still deciding about your last payment.")
    if reason:
        raise CannotPayError(reason)
    for each in past:
        if each.status in {NEW, OPEN}:
            each.status = CLOSED
    db.session.flush()
    named = {"appointment_id": about.id} if isinstance(about, Appointment) else {"bill_id": about.id}
    begun = payments.begin(Payment(client_id=card.client_id, card_id=card.id, **named), due, now)
    audit.record("payment.started", person_id=card.client_id, subject=("payment", begun.id), detail={"card": card.id})
    return begun


def carry_out(provider: Payments, payment_id: int, *, present: bool, back: str, now: datetime) -> str:
    """Charge what was begun and commit; return where the client's bank asks them, or nothing.

    Raises GatewayDownError, and then nobody knows yet. `back` is where the bank leads to afterwards.
    """
    begun = db.session.get_one(Payment, payment_id)
    if begun.card is None or begun.status != NEW:
        return ""
    customer_id = cards.customer_of(begun.client_id) or ""
    request = ChargeRequest(begun.uid, begun.amount, customer_id, begun.card.provider_id, present, back)
    db.session.commit()
    try:
        made = provider.charge(request)
    except GatewayRefusedError as refusal:
        refused = db.session.get_one(Payment, payment_id)
        payments.lock_for(refused)
        refused.status, refused.problem = CLOSED, (refusal.code or "refused")[:80]
        db.session.commit()
        return ""
    payments.apply(payment_id, Facts(payment=made), now=now)
    db.session.commit()
    return made.action_url


def confirm(provider: Payments, payment_id: int, *, back: str, now: datetime) -> str:
    """Let the client answer their bank: return where the bank asks, or nothing once it is settled; commits."""
    begun = db.session.get_one(Payment, payment_id)
    if begun.status not in {NEW, OPEN} or begun.card is None or begun.intent_id is None:
        return ""
    asked = (begun.intent_id, begun.card.provider_id)
    db.session.commit()
    try:
        made = provider.confirm(*asked, back)
    except GatewayRefusedError:
        made = provider.payment(asked[0])
    payments.apply(payment_id, Facts(payment=made), now=now)
    db.session.commit()
    return made.action_url


def give_up(provider: Payments, payment_id: int, *, now: datetime) -> None:
    """End a charge that waits for the client, so that it can no longer succeed; commits."""
    begun = db.session.get_one(Payment, payment_id)
    intent_id = begun.intent_id
    db.session.commit()
    if intent_id:
        payments.apply(payment_id, Facts(payment=provider.cancel(intent_id)), now=now)
        db.session.commit()


def _past(about: Appointment | Invoice) -> list[Payment]:
    return payments.of(about) if isinstance(about, Appointment) else bills.of(about)


def _looked_at(about: Appointment | Invoice, now: datetime) -> tuple[list[Payment], Money, str]:
    """Lock, and return what was tried before, what is due, and why it cannot be paid."""
    if isinstance(about, Appointment):
        payments.lock(about)
        holds.go_on_to_pay(about)
        if payments.is_settled(about):
            raise AlreadyPaidError("This session is already paid.")
        return payments.of(about), owed.to_pay(about), payments.why_not_payable(about, now)
    bills.lock(about)
    return bills.of(about), queries.billed_on(about).due, bills.why_not_payable(about)
