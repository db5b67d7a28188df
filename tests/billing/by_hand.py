"""Payments by hand and credit for tests, made as the office makes them; and whether the lots agree with the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from billing import invoicing, payments, refunding
from billing.credit import services as credit
from billing.credit.models import CreditMove
from billing.ledger import balances
from billing.ledger.posting import Account
from billing.manual import services as manual
from billing.manual.models import ManualPayment
from billing.models import Invoice, LedgerEntry
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person
from tests.fakes import MONDAY_MORNING as NOW


def dollars(amount: float) -> Money:
    """Return so many dollars."""
    return Money(round(amount * 100), "USD")


def paid_by_hand(
    client: Person, amount: Money, by: Person, shares: Mapping[int, Money] | None = None, **more: Any
) -> ManualPayment:
    """Write down that a client handed over cash."""
    usual = {"way": "cash", "received_on": NOW.date(), "form_key": uuid4().hex, "now": NOW}
    made = manual.record(client, amount, shares=shares or {}, by=by, **(usual | more))
    db.session.commit()
    return made


def lots_agree() -> bool:
    """Tell whether what is left of all lots is what the books hold for clients."""
    held = select(-func.coalesce(func.sum(LedgerEntry.amount_cents), 0)).where(LedgerEntry.account == Account.CREDIT)
    left = select(func.coalesce(func.sum(CreditMove.cents), 0))
    return bool(db.session.scalar(held) == db.session.scalar(left))


def pay_by_hand(appointment: Appointment, office: Person, cents: int) -> None:
    """Pay an invoice by hand, and more than it asks for perhaps."""
    if invoice := invoicing.of(appointment):
        amount, due = Money(cents, "USD"), balances.of_invoice(invoice)
        shares = {invoice.id: min(amount, due)} if due.cents > 0 else {}
        paid_by_hand(appointment.billed, amount, office, shares, way="transfer" if cents % 2 else "cash")


def undo_by_hand(appointment: Appointment, office: Person, _cents: int) -> None:
    """Undo the first payment by hand that stands."""
    standing = select(ManualPayment).where(
        ManualPayment.client_id == appointment.client_id, ManualPayment.undone_at.is_(None)
    )
    if found := db.session.scalars(standing).first():
        manual.undo(found, reason="mistake", by=office, now=NOW)


def use_credit(appointment: Appointment, office: Person, cents: int) -> None:
    """Pay some of an invoice from credit."""
    if invoice := invoicing.of(appointment):
        credit.use(invoice, now=NOW, by=office, most=Money(cents, "USD"))


def refund_to_credit(appointment: Appointment, office: Person, cents: int) -> None:
    """Keep some of a card payment as credit."""
    for payment in payments.of(appointment):
        if payment.fate == "kept":
            refunding.request(payment, Money(cents, "USD"), reason="goodwill", now=NOW, by=office, way="credit")


def return_as_credit(appointment: Appointment, office: Person, cents: int) -> None:
    """Give some of what came by hand back as credit."""
    if invoice := invoicing.of(appointment):
        credit.give_back(invoice, Money(cents, "USD"), now=NOW, by=office)


def pay_out(appointment: Appointment, office: Person, cents: int) -> None:
    """Pay some credit out."""
    client, amount = appointment.client, Money(cents, "USD")
    credit.pay_out(client, amount, way="cash", note="", by=office, form_key=uuid4().hex, now=NOW)


DEEDS = {
    "by_hand": pay_by_hand,
    "by_hand_undone": undo_by_hand,
    "use_credit": use_credit,
    "to_credit": refund_to_credit,
    "return": return_as_credit,
    "pay_out": pay_out,
}


def invoice_of(appointment: Appointment) -> Invoice:
    """Bill an appointment."""
    invoice = invoicing.issue(appointment, now=NOW)
    assert invoice
    db.session.commit()
    return invoice
