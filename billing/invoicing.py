"""Issue invoices: one per appointment, numbered without gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Invoice, InvoiceLine, InvoiceSeries
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.models import CounselorProfile, Person, Practice

SERIES = "invoice"


def issue(appointment: Appointment, *, now: datetime) -> Invoice | None:
    """Bill an appointment, or return the invoice it has; what costs nothing has none.

    The caller holds the lock on both people's time. The number is taken last and in the
    same transaction: one that fails gives it back.
    """
    if not appointment.price:
        return None
    if found := of(appointment):
        return found
    invoice = Invoice(
        number=_next_number(),
        appointment_id=appointment.id,
        client_id=appointment.billed.id,
        counselor_id=appointment.counselor_id,
        total_cents=appointment.price.cents,
        currency=appointment.price.currency,
        issued_at=now,
        parties=_parties(appointment),
    )
    invoice.lines = [_line(appointment)]
    db.session.add(invoice)
    db.session.flush()
    whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
    books.post(posting(Kind.INVOICE, invoice.uid, invoice.total, whose), now=now)
    return invoice


def of(appointment: Appointment) -> Invoice | None:
    """Return the invoice of an appointment."""
    return db.session.scalars(select(Invoice).where(Invoice.appointment_id == appointment.id)).first()


def reduce(appointment: Appointment, *, to: Money, now: datetime) -> None:
    """Ask for no more than this of what is due on an invoice; the rest is credited in the books."""
    invoice = of(appointment)
    due = balances.of_invoice(invoice) if invoice else to
    if invoice is None or to >= due:
        return
    whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
    books.post(posting(Kind.CREDIT, f"{invoice.uid}.{due.cents}", due - to, whose), now=now)


def _next_number() -> int:
    taken = db.session.execute(
        update(InvoiceSeries)
        .where(InvoiceSeries.name == SERIES)
        .values(next_number=InvoiceSeries.next_number + 1)
        .returning(InvoiceSeries.next_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(taken) - 1


def _line(appointment: Appointment) -> InvoiceLine:
    return InvoiceLine(
        position=1,
        description=f"{appointment.service.name}, {appointment.span.minutes} minutes",
        quantity=1,
        unit_cents=appointment.price.cents,
        amount_cents=appointment.price.cents,
    )


def _parties(appointment: Appointment) -> dict[str, Any]:
    practice = db.session.get_one(Practice, 1)
    counselor = db.session.execute(
        select(Person.name, CounselorProfile.credentials)
        .outerjoin(CounselorProfile, CounselorProfile.person_id == Person.id)
        .where(Person.id == appointment.counselor_id)
    ).one()
    return {
        "practice": {
            "name": practice.name,
            "address": practice.address,
            "email": practice.email,
            "phone": practice.phone,
            "tax_id": practice.tax_id,
        },
        "client": {"name": appointment.billed.name, "email": appointment.billed.email},
        "counselor": ", ".join(filter(None, counselor)),
    }
