"""Price the additions a counselor confirms, and bill them: what is claimed of a session is what was billed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from billing import bills, invoicing, queries
from billing.additions.models import AdditionFee
from billing.coding.confirmed import Codes
from billing.coding.rules import CRISIS_MORE
from billing.invoicing import Part
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Invoice
from booking.models.appointments import Appointment
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.formats import local
from practice.core.money import Money
from practice.models import Person

CHARGED = "billing.addition_charged"
_WORDS = {CRISIS_MORE: "a further half hour"}


class AdditionPaidError(Exception):
    """Something was paid for the additions that are to change; `str()` says what to do."""


def fees_of(counselor: Person) -> dict[str, Money]:
    """Return what a counselor asks for additions, by code."""
    return {code: row.unit for code, row in _kept(counselor).items()}


def keep_fees(counselor: Person, fees: dict[str, Money]) -> None:
    """Keep what a counselor asks from now on; what costs nothing is not listed."""
    kept = _kept(counselor)
    for code, fee in fees.items():
        row = kept.get(code)
        if row and not fee:
            db.session.delete(row)
        elif row:
            row.unit_cents, row.currency = fee.cents, fee.currency
        elif fee:
            new = AdditionFee(counselor_id=counselor.id, code=code, unit_cents=fee.cents, currency=fee.currency)
            db.session.add(new)
    db.session.flush()
    audit.record("addition_fees.changed", person_id=counselor.id, subject=("person", counselor.id))


def unit_of(appointment: Appointment, fee: Money) -> Money:
    """Return what one unit costs this client: whoever pays less for the session pays as much less for its additions."""
    full = appointment.service.price_cents
    if not full or appointment.price_cents >= full:
        return fee
    return Money(fee.cents * appointment.price_cents // full, fee.currency)


def priced(appointment: Appointment, codes: Codes, *, billed: bool) -> Codes:
    """Write beside each add-on code what a unit of it costs; nothing where the counselor asks for nothing."""
    fees = fees_of(appointment.counselor) if billed else {}
    lines = [
        replace(line, unit_cents=unit_of(appointment, fees[line.code]).cents if place and line.code in fees else 0)
        for place, line in enumerate(codes.lines)
    ]
    return replace(codes, lines=tuple(lines))


def invoices_of(appointment: Appointment) -> Sequence[Invoice]:
    """Return the invoices for additions to a session, the first one first."""
    wanted = select(Invoice).where(Invoice.addition_to_id == appointment.id).order_by(Invoice.number)
    return db.session.scalars(wanted).all()


def asked_and_paid(appointment: Appointment) -> tuple[Money, Money]:
    """Return what is asked for additions to a session, less what was credited, and what of it is paid."""
    asked = paid = Money.zero(appointment.currency)
    for invoice in invoices_of(appointment):
        billed = queries.billed_on(invoice)
        asked, paid = asked + invoice.total - billed.credited, paid + billed.held
    return asked, paid


def bill(appointment: Appointment, codes: Codes, *, by: Person, now: datetime) -> Invoice | None:
    """Bring what is billed for additions to what their counselor confirmed.

    An addition that is no longer one is credited and a new invoice takes its place; raises AdditionPaidError where
    it is paid already. Returns the invoice that was issued.
    """
    parts = _parts(appointment, codes)
    standing = [invoice for invoice in invoices_of(appointment) if _asked(invoice)]
    if parts == [Part(line.description, line.quantity, line.unit_cents) for each in standing for line in each.lines]:
        return None
    for invoice in standing:
        _give_up(invoice, now)
    if not parts:
        return None
    made = invoicing.draw_up(
        client=appointment.billed,
        counselor_id=appointment.counselor_id,
        amount=Money(sum(part.cents for part in parts), appointment.currency),
        parts=parts,
        addition_to_id=appointment.id,
        now=now,
    )
    _tell(made, appointment, by=by, now=now)
    return made


def _tell(made: Invoice, appointment: Appointment, *, by: Person, now: datetime) -> None:
    audit.record(
        "addition.billed",
        person_id=by.id,
        subject=("invoice", made.id),
        detail={"cents": made.total_cents},
        about=appointment.client_id,
        acting="counselor",
    )
    outbox.plan(
        key=f"{CHARGED}:{made.id}",
        kind=CHARGED,
        due_at=now,
        now=now,
        recipient_id=made.client_id,
        payload={"invoice_id": made.id},
        subject=("invoice", made.id),
    )


def _kept(counselor: Person) -> dict[str, AdditionFee]:
    rows = db.session.scalars(select(AdditionFee).where(AdditionFee.counselor_id == counselor.id))
    return {row.code: row for row in rows}


def _give_up(invoice: Invoice, now: datetime) -> None:
    bills.lock(invoice)
    if balances.held(invoice):
        raise AdditionPaidError(
            f"{queries.billed_on(invoice).held} was paid for the additions on {invoice.label}. Ask the office to give "
            "it back first; then confirm the codes again."
        )
    if due := queries.billed_on(invoice).due:
        whose = Whose(invoice.client_id, invoice.counselor_id, invoice.id)
        books.post(posting(Kind.CREDIT, f"{invoice.uid}.{due.cents}", due, whose), now=now)


def _asked(invoice: Invoice) -> bool:
    return bool(invoice.total - queries.billed_on(invoice).credited)


def _parts(appointment: Appointment, codes: Codes) -> list[Part]:
    """Write what is billed in words that say nothing of why."""
    day = local(appointment.starts_at, appointment.client.zone).date()
    return [
        Part(f"Session of {day:%-d %B %Y}: {_WORDS.get(line.code, 'an addition')}", line.units, line.unit_cents)
        for line in codes.lines[1:]
        if line.unit_cents
    ]
