"""Taking a payment, from the open page to the money, whatever order the news arrives in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from billing import invoicing, owed, queries, refunding, states
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Invoice, Payment
from billing.states import CLOSED, KEPT, LATE, NEW, OPEN, PROCESSING, SUCCEEDED, TWICE
from booking import guards, holds
from booking.models.appointments import Appointment
from booking.refusals import BookingRefusedError
from booking.services import confirm
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import Checkout, GatewayRefusedError, Payments, PaymentState, RefundState

PAGE_LASTS = timedelta(minutes=36)
"""Stripe keeps a page open for 30 minutes at least; asking again after a lost answer takes up to 5 more."""
ASK_AGAIN = timedelta(minutes=5)


class CannotPayError(Exception):
    """There is nothing to pay here now; `str()` says why in plain words."""


class AlreadyPaidError(CannotPayError):
    """The session is paid."""


class UnderWayError(CannotPayError):
    """The bank has not decided about a payment yet."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the provider says about a payment now."""

    page: Checkout | None = None
    payment: PaymentState | None = None
    refunds: list[RefundState] = field(default_factory=list)


def start(appointment: Appointment, *, now: datetime) -> Payment:
    """Return the payment to send a person to, a new one only when none is open. Raises CannotPayError."""
    lock(appointment)
    holds.go_on_to_pay(appointment)
    if is_settled(appointment):
        raise AlreadyPaidError("This session is already paid.")
    amount = owed.to_pay(appointment)
    if under_way := resume(of(appointment), amount, now):
        return under_way
    if reason := why_not_payable(appointment, now):
        raise CannotPayError(reason)
    return begin(Payment(appointment_id=appointment.id, client_id=appointment.billed.id), amount, now)


def resume(past: list[Payment], amount: Money, now: datetime) -> Payment | None:
    """Return the open payment of this amount to go on with; an older or another one is closed. Raises UnderWayError."""
    for payment in past:
        if payment.status == PROCESSING or (payment.card_id and payment.status in {NEW, OPEN}):
            raise UnderWayError("Your bank is still deciding about your last payment.")
        if payment.status in {NEW, OPEN}:
            if _can_go_on(payment, now) and payment.amount == amount:
                return payment
            payment.status = CLOSED
            db.session.flush()
    return None


def begin(payment: Payment, amount: Money, now: datetime) -> Payment:
    """Write down that somebody is about to pay an amount."""
    payment.amount_cents, payment.currency = amount.cents, amount.currency
    payment.created_at = payment.checked_at = now
    payment.expires_at = now + PAGE_LASTS
    db.session.add(payment)
    db.session.flush()
    return payment


def why_not_payable(appointment: Appointment, now: datetime) -> str:
    """Say why an appointment cannot be paid for now, or nothing."""
    if not appointment.price:
        return "This session costs nothing."
    if appointment.status == "held" and appointment.held_until and appointment.held_until > now:
        return ""
    if appointment.status in {"confirmed", "completed", "no_show"}:
        return "" if owed.to_pay(appointment) else "There is nothing to pay for this session any more."
    if appointment.status in {"held", "expired"}:
        return "This time is no longer kept for you. Nothing was charged."
    return "" if owed.fee_of(appointment) else "This session was cancelled."


def opened(payment: Payment, page: Checkout) -> None:
    """Note the page the provider opened for a payment."""
    payment.checkout_id = page.id
    payment.checkout_url = page.url or payment.checkout_url
    payment.status = states.further(payment.status, OPEN)


def abandon(payment: Payment) -> None:
    """Give up a payment that the provider would not open a page for."""
    payment.status = states.further(payment.status, CLOSED)


def look_up(provider: Payments, checkout_id: str | None, intent_id: str | None) -> Facts:
    """Ask the provider about a payment; no transaction may be open. Raises GatewayDownError."""
    page = _known(provider, checkout_id) if checkout_id else None
    payment = page.payment if page else None
    if payment is None and intent_id:
        payment = provider.payment(intent_id)
    made = provider.refunds(payment.id) if payment and payment.stage == "succeeded" else []
    return Facts(page, payment, made)


def look_for(provider: Payments, customer_id: str, key: str) -> Facts:
    """Find a charge of a saved card by our key, when its answer was lost. Raises GatewayDownError."""
    made = next((each for each in provider.charges(customer_id) if each.key == key), None)
    back = provider.refunds(made.id) if made and made.stage == "succeeded" else []
    return Facts(payment=made, refunds=back)


def apply(payment_id: int, facts: Facts, *, now: datetime) -> Payment:
    """Bring a payment up to what the provider says; news that is old or comes again changes nothing."""
    payment = db.session.get_one(Payment, payment_id)
    lock_for(payment)
    return apply_locked(payment, facts, now=now)


def apply_locked(payment: Payment, facts: Facts, *, now: datetime) -> Payment:
    """Do the same where the caller holds the lock that `lock_for` takes."""
    db.session.refresh(payment, with_for_update=refunding.WITH_LOCK)
    payment.checked_at = now
    payment.checkout_id = payment.checkout_id or (facts.page.id if facts.page else None)
    payment.intent_id = payment.intent_id or (facts.payment.id if facts.payment else None)
    news = states.status_of(facts.page, facts.payment, by_card=payment.card_id is not None)
    if payment.status != SUCCEEDED and news == SUCCEEDED:
        _receive(payment, facts, now)
    elif facts.page or facts.payment:
        payment.status = states.further(payment.status, news)
        payment.problem = facts.payment.problem if facts.payment else payment.problem
    for made in facts.refunds:
        refunding.take_note(payment, made, now=now)
    db.session.flush()
    return payment


def of(appointment: Appointment) -> list[Payment]:
    """Return an appointment's payments, the newest first."""
    chosen = select(Payment).where(Payment.appointment_id == appointment.id).order_by(Payment.id.desc())
    return list(db.session.scalars(chosen.execution_options(populate_existing=True)))


def is_settled(appointment: Appointment) -> bool:
    """Tell whether an appointment was paid and nothing is asked for any more."""
    billed = queries.of_appointment(appointment)
    return billed is not None and billed.settled


def paid_so_far(appointment: Appointment) -> Money:
    """Return what was paid for an appointment, in whatever way, and neither went back nor is promised back."""
    invoice = invoicing.of(appointment)
    return balances.held(invoice) if invoice else Money.zero(appointment.currency)


def lock_for(payment: Payment) -> None:
    """Let one transaction at a time decide about what a payment is for and its money."""
    if payment.appointment:
        lock(payment.appointment)
    else:
        guards.lock_people(payment.client_id, payment.paid_for.counselor_id)


def lock(appointment: Appointment) -> None:
    """Let one transaction at a time decide about an appointment and its money."""
    guards.lock_people(*guards.people_of(appointment))
    db.session.refresh(appointment, with_for_update={"of": Appointment, "key_share": True})


def _can_go_on(payment: Payment, now: datetime) -> bool:
    if payment.status == NEW:
        return now < payment.created_at + ASK_AGAIN
    return now < payment.expires_at - timedelta(minutes=1)


def _known(provider: Payments, checkout_id: str) -> Checkout | None:
    try:
        return provider.checkout(checkout_id)
    except GatewayRefusedError:
        return None


def _receive(payment: Payment, facts: Facts, now: datetime) -> None:
    received = facts.payment.received if facts.payment else payment.amount
    fate, invoice = _fate(payment, now)
    payment.status, payment.fate = SUCCEEDED, fate
    payment.received_cents, payment.paid_at, payment.problem = received.cents, now, ""
    payment.invoice_id = invoice.id if invoice else None
    db.session.flush()
    whose = Whose(payment.client_id, payment.paid_for.counselor_id, payment.invoice_id)
    books.post(posting(Kind.PAYMENT, payment.uid, received, whose), now=now, payment_id=payment.id)
    audit.record(
        "payment.received",
        person_id=payment.client_id,
        subject=("payment", payment.id),
        detail={"cents": received.cents, "fate": fate},
    )
    if fate != KEPT:
        refunding.request(payment, payment.left, reason=fate, now=now)
    elif invoice:
        _even_out(payment, invoice, now)
    _tell(payment, "billing.receipt" if fate == KEPT else f"billing.{fate}", now)


def _even_out(payment: Payment, invoice: Invoice, now: datetime) -> None:
    """Take back a write-off that was paid after all, and promise back what came beyond the invoice.

    The page may have been opened before somebody asked for less.
    """
    over, lost = balances.overpaid(payment), balances.written_off(invoice)
    if recovered := min(over, lost):
        whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
        books.post(posting(Kind.RECOVERED, payment.uid, recovered, whose), now=now, payment_id=payment.id)
    if beyond := min(over - recovered, payment.left):
        refunding.request(payment, beyond, reason="mistake", now=now)


def _fate(payment: Payment, now: datetime) -> tuple[str, Invoice | None]:
    appointment = payment.appointment
    if appointment is None:
        return (TWICE, None) if payment.bill and queries.billed_on(payment.bill).settled else (KEPT, payment.bill)
    if is_settled(appointment):
        return TWICE, None
    if appointment.status == "cancelled" and owed.fee_of(appointment):
        return KEPT, invoicing.of(appointment)
    try:
        confirm(appointment, now=now)
    except BookingRefusedError:
        return LATE, None
    return KEPT, invoicing.issue(appointment, now=now)


def _tell(payment: Payment, kind: str, now: datetime) -> None:
    outbox.plan(
        key=f"{kind}:{payment.uid}",
        kind=kind,
        due_at=now,
        now=now,
        recipient_id=payment.client_id,
        payload={"payment_id": payment.id},
        subject=("payment", payment.id),
    )
