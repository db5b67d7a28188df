"""Selling packages, booking sessions on them, and ending them. Services flush, the view commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing import invoicing
from billing.credit import queries as credit_queries
from billing.credit import services as credit
from billing.credit.models import PACKAGE, REST
from billing.credit.words import MOVED
from billing.ledger import balances, books
from billing.ledger.posting import Kind, Whose, posting
from billing.models import Invoice
from billing.packages import queries
from billing.packages.models import Package, Redemption, SoldPackage
from booking.models.appointments import Appointment
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

LOW = "billing.package_low"
LOW_AT = 1
"""With so many sessions left the client is told, once."""


class CannotEndError(Exception):
    """The package cannot be ended like this; `str()` says why in plain words."""


def sell(package: Package, client: Person, *, by: Person, form_key: str, now: datetime) -> SoldPackage:
    """Bill a client for a package; its sessions can be booked once it is paid. The same form buys once."""
    counselor_id = package.service.counselor_id
    credit.lock(client.id)
    if made := queries.made_by(form_key):
        return made
    invoice = invoicing.draw_up(
        client=client,
        counselor_id=counselor_id,
        amount=package.price,
        description=f"{package.sessions} sessions: {package.service.name}",
        kind=Kind.CREDIT_SOLD,
        now=now,
    )
    opened = credit.open_lot(
        client.id,
        package.price,
        source=PACKAGE,
        kind=Kind.CREDIT_SOLD,
        reference=invoice.uid,
        invoice_id=invoice.id,
        by=by,
        expires_at=now + timedelta(days=package.valid_days) if package.valid_days else None,
        now=now,
    )
    sold = SoldPackage(
        package_id=package.id,
        service_id=package.service_id,
        client_id=client.id,
        lot_id=opened.lot_id,
        invoice_id=invoice.id,
        sessions=package.sessions,
        unit_cents=package.unit_cents,
        sold_at=now,
        sold_by_id=by.id,
        form_key=form_key,
    )
    db.session.add(sold)
    db.session.flush()
    _record("package.sold", sold, by, package.price)
    return sold


def redeem(appointment: Appointment, *, now: datetime) -> None:
    """Book a session on a package that its client has for it; the session then costs what was paid for it ahead.

    The caller holds the lock on both people's time.
    """
    if appointment.payer_id or invoicing.of(appointment) or db.session.get(Redemption, appointment.id):
        return
    found = queries.usable(appointment.client_id, appointment.service_id, now)
    if found is None or appointment.currency != found.sold.unit.currency or appointment.price < found.sold.unit:
        return
    db.session.add(Redemption(appointment_id=appointment.id, sold_id=found.sold.id, made_at=now))
    appointment.price_cents = found.sold.unit_cents
    db.session.flush()
    if found.sessions - 1 <= LOW_AT and found.sold.low_told_at is None:
        found.sold.low_told_at = now
        _tell_low(found.sold, now)


def pay(invoice: Invoice, *, now: datetime) -> None:
    """Pay the invoice of a session from the package that it was booked on."""
    redeemed = queries.redemption_of(invoice.appointment_id) if invoice.appointment_id else None
    if redeemed is None:
        return
    lot = redeemed.sold.lot
    part = min(credit_queries.left_of(lot), balances.of_invoice(invoice), redeemed.sold.unit)
    if part.cents > 0:
        credit.spend(lot, invoice, part, now=now, by=None)


def release(appointment: Appointment, *, now: datetime) -> None:
    """Give a session that was called off back to its package."""
    if redeemed := queries.redemption_of(appointment.id):
        redeemed.released_at = now
        db.session.flush()


def end(sold: SoldPackage, *, by: Person | None, now: datetime) -> Money:
    """End a package: what was not paid is no longer asked for, and the rest is credit for any session.

    Sessions that are booked on it keep what was paid for them. Returns the rest. Raises CannotEndError.
    """
    credit.lock(sold.client_id)
    db.session.refresh(sold, with_for_update={"of": SoldPackage})
    found = queries.standing(sold)
    if found.due and sold.ended_at is None:
        _take_back(sold, found.due, found.left, now)
    if queries.reserved(sold):
        raise CannotEndError("Sessions that are booked on it are not billed yet. End it after them, or cancel them.")
    sold.ended_at = sold.ended_at or now
    if rest := credit_queries.left_of(sold.lot):
        moved = credit.move(sold.lot, -rest, MOVED, now=now, by=by)
        credit.open_lot(sold.client_id, rest, source=REST, kind=MOVED, reference=moved.reference, now=now, by=by)
    _record("package.ended", sold, by, rest)
    return rest


def _take_back(sold: SoldPackage, due: Money, left: Money, now: datetime) -> None:
    if due > left:
        raise CannotEndError("More of it is used than was paid. Ask for what is missing first.")
    whose = Whose(sold.client_id, sold.invoice.counselor_id, sold.invoice_id)
    made = credit.move(sold.lot, -due, Kind.CREDIT_UNSOLD, now=now, invoice_id=sold.invoice_id)
    books.post(posting(Kind.CREDIT_UNSOLD, made.reference, due, whose), now=now)


def _tell_low(sold: SoldPackage, now: datetime) -> None:
    outbox.plan(
        key=f"{LOW}:{sold.id}",
        kind=LOW,
        due_at=now,
        now=now,
        recipient_id=sold.client_id,
        payload={"sold_id": sold.id},
        subject=("sold_package", sold.id),
    )


def _record(deed: str, sold: SoldPackage, by: Person | None, amount: Money) -> None:
    audit.record(
        deed, person_id=by.id if by else None, subject=("sold_package", sold.id), detail={"cents": amount.cents}
    )
