"""Which packages are on offer, and how many sessions are left of those that were sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from billing.credit import queries as credit
from billing.credit.models import CreditLot, CreditMove
from billing.ledger import balances
from billing.models import Invoice
from billing.packages.models import Package, Redemption, SoldPackage
from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """A package that was sold, with what is left of it."""

    sold: SoldPackage
    left: Money
    """What its lot holds that no booked session waits for."""
    due: Money
    """What is still to be paid for it."""

    @property
    def sessions(self) -> int:
        """How many sessions can still be booked on it."""
        return self.left.cents // self.sold.unit_cents

    @property
    def is_open(self) -> bool:
        """Tell whether sessions can be booked on it: it is paid and not ended."""
        return not self.due and self.sold.ended_at is None


def on_offer(package_id: int) -> Package | None:
    """Return a package that can be bought."""
    query = select(Package).join(Service).where(Package.id == package_id, Package.active, Service.active)
    return db.session.scalars(query).first()


def every() -> Sequence[Package]:
    """Return all packages, those on offer first."""
    query = select(Package).join(Service).join(Person, Person.id == Service.counselor_id)
    order = (Package.active.desc(), func.lower(Person.name), Service.name, Package.sessions)
    return db.session.scalars(query.order_by(*order)).all()


def offered_to(client: Person) -> Sequence[Package]:
    """Return what a client can buy: packages of the counselors they have met or will meet."""
    known = select(Appointment.counselor_id).where(
        Appointment.client_id == client.id, Appointment.confirmed_at.is_not(None)
    )
    query = (
        select(Package)
        .join(Service)
        .where(Package.active, Service.active, Service.counselor_id.in_(known))
        .order_by(Service.name, Package.sessions)
    )
    return db.session.scalars(query).all()


def sold_to(client: Person) -> list[Standing]:
    """Return what a client bought, the latest first."""
    query = _whole().where(SoldPackage.client_id == client.id).order_by(SoldPackage.id.desc())
    return [standing(sold) for sold in db.session.scalars(query)]


def sold_for(viewer: Person, number: int) -> SoldPackage | None:
    """Return a package that was sold to its client or to an administrator."""
    query = _whole().where(SoldPackage.id == number)
    if not viewer.is_administrator:
        query = query.where(SoldPackage.client_id == viewer.id)
    return db.session.scalars(query).first()


def made_by(form_key: str) -> SoldPackage | None:
    """Return what a form bought already."""
    return db.session.scalars(select(SoldPackage).where(SoldPackage.form_key == form_key)).first()


def usable(client_id: int, service_id: int, now: datetime) -> Standing | None:
    """Return the package that a session of a service is booked on: the one that expires first."""
    query = (
        _whole()
        .join(CreditLot, CreditLot.id == SoldPackage.lot_id)
        .where(
            SoldPackage.client_id == client_id,
            SoldPackage.service_id == service_id,
            SoldPackage.ended_at.is_(None),
            or_(CreditLot.expires_at.is_(None), CreditLot.expires_at > now),
        )
        .order_by(CreditLot.expires_at.is_(None), CreditLot.expires_at, SoldPackage.id)
    )
    found = (standing(sold) for sold in db.session.scalars(query))
    return next((each for each in found if each.is_open and each.sessions), None)


def standing(sold: SoldPackage) -> Standing:
    """Work out what is left of a package."""
    waiting = Money(reserved(sold) * sold.unit_cents, sold.unit.currency)
    due = balances.of_invoice(sold.invoice)
    return Standing(sold, credit.left_of(sold.lot) - waiting, max(due, Money.zero(due.currency)))


def reserved(sold: SoldPackage) -> int:
    """Count the sessions booked on a package that are not billed yet."""
    query = select(func.count()).where(
        Redemption.sold_id == sold.id,
        Redemption.released_at.is_(None),
        ~exists().where(Invoice.appointment_id == Redemption.appointment_id),
    )
    return int(db.session.scalar(query) or 0)


def redemption_of(appointment_id: int) -> Redemption | None:
    """Return what a session was booked on and not given back."""
    query = select(Redemption).where(Redemption.appointment_id == appointment_id, Redemption.released_at.is_(None))
    return db.session.scalars(query).first()


def sold_on(invoice_id: int) -> SoldPackage | None:
    """Return the package that an invoice asks for."""
    return db.session.scalars(_whole().where(SoldPackage.invoice_id == invoice_id)).first()


def unpaid_since(before: datetime) -> list[SoldPackage]:
    """Return packages that nobody ended, sold before an instant."""
    query = _whole().where(SoldPackage.ended_at.is_(None), SoldPackage.sold_at <= before)
    return [sold for sold in db.session.scalars(query) if balances.of_invoice(sold.invoice).cents > 0]


def to_end(now: datetime) -> Sequence[SoldPackage]:
    """Return the packages that hold something though their time is over, or they were ended before it came back."""
    left = select(CreditMove.lot_id).group_by(CreditMove.lot_id).having(func.sum(CreditMove.cents) > 0)
    query = (
        _whole()
        .join(CreditLot, CreditLot.id == SoldPackage.lot_id)
        .where(SoldPackage.lot_id.in_(left), or_(CreditLot.expires_at <= now, SoldPackage.ended_at.is_not(None)))
    )
    return db.session.scalars(query.order_by(SoldPackage.id)).all()


def _whole() -> Select[SoldPackage]:
    return select(SoldPackage).options(
        joinedload(SoldPackage.service), joinedload(SoldPackage.lot), joinedload(SoldPackage.invoice)
    )
