"""Money for the demo: what the past sessions were paid with, what went back, and what is still due."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from billing import fees, invoicing, payments, refunding
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Payment
from billing.states import KEPT, SUCCEEDED
from billing.terms import queries as terms
from billing.testpay.store import Document, Store
from booking.fees import services as proposed
from booking.models.appointments import Appointment
from booking.models.fees import WAIVED
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from practice.core import outbox, seeds
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import RefundState
from practice.core.settings import settings
from practice.models import Practice

ORDER = 80
UNPAID_EVERY = 17
GOODWILL_EVERY = 11


def fill(_practice: Practice, _people: Mapping[str, Any], now: datetime) -> None:
    """Pay for the demo's appointments, all but a few, and give some of it back."""
    billed = (COMPLETED, NO_SHOW, CONFIRMED, CANCELLED)
    chosen = select(Appointment).where(Appointment.status.in_(billed), Appointment.price_cents > 0)
    appointments = db.session.scalars(chosen.order_by(Appointment.created_at, Appointment.id)).all()
    for place, appointment in enumerate(appointments, start=1):
        invoicing.issue(appointment, now=appointment.created_at)
        if place % UNPAID_EVERY == 0 and appointment.status == COMPLETED:
            continue
        if not (amount := _paid_by_now(appointment, now)):
            continue
        payment = _paid(appointment, amount, now)
        if back := _goes_back(appointment, payment, place):
            _give_back(payment, back, min(now, _settled_at(appointment)))


def _paid_by_now(appointment: Appointment, now: datetime) -> Money:
    """Return what was paid: a deposit books what is ahead, and a session booked with a card is charged after it."""
    agreed = terms.agreed_on(appointment)
    if appointment.status != CONFIRMED or appointment.ends_at <= now:
        return appointment.price
    return Money.zero(appointment.currency) if agreed.books_unpaid else agreed.deposit


def _settled_at(appointment: Appointment) -> datetime:
    fee = proposed.of(appointment)
    return fee.decided_at if fee and fee.decided_at else appointment.cancelled_at or appointment.ends_at


def _paid(appointment: Appointment, amount: Money, now: datetime) -> Payment:
    invoice = invoicing.of(appointment)
    paid_at = min(now, appointment.confirmed_at or appointment.created_at + timedelta(minutes=3))
    payment = Payment(
        appointment_id=appointment.id,
        client_id=appointment.client_id,
        invoice_id=invoice.id if invoice else None,
        amount_cents=amount.cents,
        currency=amount.currency,
        created_at=min(appointment.created_at, paid_at),
        checked_at=paid_at,
        expires_at=appointment.created_at + payments.PAGE_LASTS,
        status=SUCCEEDED,
        fate=KEPT,
        received_cents=amount.cents,
        paid_at=paid_at,
        intent_id=f"pi_demo_{appointment.id:06d}",
    )
    db.session.add(payment)
    db.session.flush()
    whose = Whose(payment.client_id, appointment.counselor_id, payment.invoice_id)
    books.post(posting(Kind.PAYMENT, payment.uid, payment.received, whose), now=paid_at, payment_id=payment.id)
    return payment


def _goes_back(appointment: Appointment, payment: Payment, place: int) -> Money | None:
    fee = proposed.of(appointment)
    if fee:
        return payment.left if fee.status == WAIVED else None
    if appointment.status == CANCELLED:
        by_client = appointment.cancelled_by_id == appointment.client_id
        return fees.refund_on_cancelling(payment.left, by_client=by_client, late=appointment.cancelled_late) or None
    if place % GOODWILL_EVERY == 0 and appointment.status == COMPLETED:
        return Money(payment.received_cents // 4, payment.currency)
    return None


def _give_back(payment: Payment, amount: Money, at: datetime) -> None:
    cancelled = payment.appointment is not None and payment.appointment.status == CANCELLED
    refund = refunding.request(payment, amount, reason="cancelled" if cancelled else "goodwill", now=at)
    made = RefundState(f"re_demo_{refund.id:06d}", refund.uid, payment.intent_id or "", amount, "succeeded")
    refunding.take_note(payment, made, now=at)
    outbox.withdraw(subject=("payment", payment.id), now=at)


def tell_test_page() -> None:
    """Let the test payment page know the demo's payments, so that they can be refunded there too."""
    with closing(Store(settings().var_dir / "testpay.db")) as store:
        for payment in db.session.scalars(select(Payment).where(Payment.intent_id.like("pi_demo_%"))):
            if store.find("payment_intent", payment.intent_id or "") is None:
                _tell(store, payment)


def _tell(store: Store, payment: Payment) -> None:
    currency = payment.currency.lower()
    body: Document = {
        "id": payment.intent_id,
        "amount": payment.received_cents,
        "amount_received": payment.received_cents,
        "currency": currency,
        "status": "succeeded",
        "metadata": {"payment": payment.uid},
        "last_payment_error": None,
        "latest_charge": f"ch_demo_{payment.id:06d}",
        "livemode": False,
    }
    store.add("payment_intent", "pi", body)
    for refund in payment.refunds:
        made: Document = {
            "id": refund.provider_id,
            "amount": refund.amount_cents,
            "currency": currency,
            "payment_intent": payment.intent_id,
            "charge": body["latest_charge"],
            "status": "succeeded",
            "metadata": {"refund": refund.uid},
        }
        store.add("refund", "re", made, parent=payment.intent_id or "")


def _seed(practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    fill(practice, people, now)
    if settings().is_demo and settings().stripe_api_base:
        tell_test_page()


seeds.register(ORDER, _seed)
