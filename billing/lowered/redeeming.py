"""Using a voucher for a session: before it is billed the price falls, afterwards the bill is credited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from billing import invoicing, payments
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.lowered import queries
from billing.lowered.models import Voucher, VoucherUse
from booking import prices
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, CONFIRMED, HELD
from booking.services import confirm
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

PAYABLE = frozenset({HELD, CONFIRMED, COMPLETED})


class CannotRedeemError(Exception):
    """The code cannot be used here; `str()` says why in plain words."""


def redeem(appointment: Appointment, code: str, *, by: Person, now: datetime) -> Money:
    """Use a code for a session and return what it took off. Raises CannotRedeemError."""
    payments.lock(appointment)
    if (used := queries.used_for(appointment.id)) and used.voucher.code == code:
        return Money(used.cents, appointment.currency)
    voucher = db.session.scalars(select(Voucher).where(Voucher.code == code).with_for_update()).first()
    invoice = invoicing.of(appointment)
    price = balances.of_invoice(invoice) if invoice else appointment.price
    if words := _why_not(voucher, appointment, price, by, now):
        raise CannotRedeemError(words)
    assert voucher is not None  # noqa: S101 - a code nobody knows is refused above
    off = voucher.off(price)
    use = VoucherUse(
        voucher_id=voucher.id, client_id=by.id, appointment_id=appointment.id, cents=off.cents, used_at=now
    )
    db.session.add(use)
    db.session.flush()
    if invoice:
        whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
        books.post(posting(Kind.CREDIT, f"voucher.{use.id}", off, whose), now=now)
    else:
        prices.change(appointment, price - off, now)
        if appointment.status == HELD and not appointment.price:
            confirm(appointment, now=now)
    audit.record("voucher.used", person_id=by.id, subject=("appointment", appointment.id), detail={"cents": off.cents})
    return off


def release(appointment: Appointment, *, now: datetime) -> None:
    """Let a code be used again whose session was called off."""
    if used := queries.used_for(appointment.id):
        used.released_at = now
        db.session.flush()


def _why_not(voucher: Voucher | None, appointment: Appointment, price: Money, by: Person, now: datetime) -> str:
    if voucher is None or not voucher.active or voucher.currency != appointment.currency:
        return "This code is not known. Check how it is written."
    obstacles = (
        (voucher.ends_at is not None and voucher.ends_at <= now, "This code has expired."),
        (voucher.service_id not in {None, appointment.service_id}, "This code is for another kind of session."),
        (appointment.status not in PAYABLE or price.cents <= 0, "There is nothing to pay for this session."),
        (queries.used_for(appointment.id) is not None, "Another code is used for this session already."),
        (queries.used_by(voucher, by), "You have used this code already."),
        (queries.is_used_up(voucher), "This code has been used up."),
    )
    return next((words for stands, words in obstacles if stands), "")
