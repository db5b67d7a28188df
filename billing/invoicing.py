"""Issue invoices: one per appointment, numbered without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from billing import events
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Invoice, InvoiceLine, InvoiceSeries
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.models import CounselorProfile, Person, Practice

SERIES = "invoice"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an invoice about to be."""

    description: str
    quantity: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """What it comes to."""
        return self.quantity * self.unit_cents


def issue(appointment: Appointment, *, now: datetime) -> Invoice | None:
    """Bill an appointment, or return the invoice it has; what costs nothing has none.

    The caller holds the lock on both people's time. The number is taken last and in the
    same transaction: one that fails gives it back.
    """
    if not appointment.price:
        return None
    if found := of(appointment):
        return found
    return draw_up(
        client=appointment.billed,
        counselor_id=appointment.counselor_id,
        amount=appointment.price,
        description=f"{appointment.service.name}, {appointment.span.minutes} minutes",
        appointment_id=appointment.id,
        now=now,
    )


def draw_up(
    *,
    client: Person,
    counselor_id: int,
    amount: Money,
    now: datetime,
    description: str = "",
    parts: Sequence[Part] = (),
    appointment_id: int | None = None,
    addition_to_id: int | None = None,
    kind: Kind = Kind.INVOICE,
) -> Invoice:
    """Issue an invoice with one line, or with several that come to the amount; book it as this kind of happening."""
    invoice = Invoice(
        number=next_number(SERIES),
        appointment_id=appointment_id,
        addition_to_id=addition_to_id,
        client_id=client.id,
        counselor_id=counselor_id,
        total_cents=amount.cents,
        currency=amount.currency,
        issued_at=now,
        parties=_parties(client, counselor_id),
    )
    invoice.lines = [
        InvoiceLine(
            position=place,
            description=part.description,
            quantity=part.quantity,
            unit_cents=part.unit_cents,
            amount_cents=part.cents,
        )
        for place, part in enumerate(parts or (Part(description, 1, amount.cents),), start=1)
    ]
    db.session.add(invoice)
    db.session.flush()
    whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
    books.post(posting(kind, invoice.uid, amount, whose), now=now)
    events.issued.send(events.Issued(invoice, now))
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


def next_number(series: str) -> int:
    """Take the next number of a series; the caller's transaction gives it back when it fails."""
    taken = db.session.execute(
        update(InvoiceSeries)
        .where(InvoiceSeries.name == series)
        .values(next_number=InvoiceSeries.next_number + 1)
        .returning(InvoiceSeries.next_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(taken) - 1


def _parties(client: Person, counselor_id: int) -> dict[str, Any]:
    practice = db.session.get_one(Practice, 1)
    counselor = db.session.execute(
        select(Person.name, CounselorProfile.credentials)
        .outerjoin(CounselorProfile, CounselorProfile.person_id == Person.id)
        .where(Person.id == counselor_id)
    ).one()
    return {
        "practice": {
            "name": practice.name,
            "address": practice.address,
            "email": practice.email,
            "phone": practice.phone,
            "tax_id": practice.tax_id,
        },
        "client": {"name": client.name, "email": client.email},
        "counselor": ", ".join(filter(None, counselor)),
    }
