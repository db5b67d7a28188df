"""Estimates, the sessions they speak of, and how far those have come against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from billing.estimates.models import Estimate
from billing.estimates.rules import DISPUTED_FROM_CENTS, Meter
from billing.ledger.posting import Account
from billing.models import Invoice, LedgerEntry
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import COMPLETED, CONFIRMED
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

PER_PAGE = 25
OPEN = Estimate.replaced_at.is_(None)
_OF_ITS_DAYS = (
    Appointment.client_id == Estimate.client_id,
    Appointment.counselor_id == Estimate.counselor_id,
    Appointment.starts_at >= Estimate.begins_at,
    Appointment.starts_at < Estimate.ends_at,
)
_EARNED: ColumnElement[int] = (
    select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
    .join(Invoice, Invoice.id == LedgerEntry.invoice_id)
    .join(Appointment, Appointment.id == func.coalesce(Invoice.appointment_id, Invoice.addition_to_id))
    .where(LedgerEntry.account == Account.INCOME, Invoice.client_id == Estimate.client_id, *_OF_ITS_DAYS)
    .correlate(Estimate)
    .scalar_subquery()
)
_BILLED: ColumnElement[int] = -_EARNED
_AHEAD: ColumnElement[int] = (
    select(func.coalesce(func.sum(Appointment.price_cents), 0))
    .where(
        Appointment.payer_id.is_(None),
        Appointment.status == CONFIRMED,
        ~exists().where(Invoice.appointment_id == Appointment.id),
        *_OF_ITS_DAYS,
    )
    .correlate(Estimate)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of estimates with their meters, and how many there are in all."""

    rows: Sequence[tuple[Estimate, Meter]]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def standing(client: Person, counselor: Person, day: date) -> Estimate | None:
    """Return the estimate that speaks of a day."""
    ours = _whole().where(Estimate.client_id == client.id, Estimate.counselor_id == counselor.id, OPEN)
    wanted = ours.where(Estimate.last_on > day).order_by(Estimate.number.desc()).limit(1)
    return db.session.scalars(wanted).first()


def all_standing(client: Person, counselor: Person) -> Sequence[Estimate]:
    """Return every estimate between two people that none has replaced."""
    ours = _whole().where(Estimate.client_id == client.id, Estimate.counselor_id == counselor.id, OPEN)
    return db.session.scalars(ours).all()


def of_client(client: Person, *, page: int) -> Listed:
    """Return a page of a client's estimates, the latest first."""
    return _listed((Estimate.client_id == client.id,), page)


def of_all(*, page: int) -> Listed:
    """Return a page of the estimates that stand, the latest first."""
    return _listed((OPEN,), page)


def estimate_for(viewer: Person, estimate_id: int) -> Estimate | None:
    """Return an estimate to the client, the counselor, or the office."""
    wanted = _whole().where(Estimate.id == estimate_id)
    if not viewer.is_office:
        wanted = wanted.where(or_(Estimate.client_id == viewer.id, Estimate.counselor_id == viewer.id))
    return db.session.scalars(wanted).first()


def troubled(day: date, *, of: Person | None = None, most: int = 50) -> list[tuple[Estimate, Meter]]:
    """Return the estimates that are exceeded, or will be, by as much as may be disputed: all, or a person's own."""
    too_much = Estimate.total_cents + DISPUTED_FROM_CENTS <= _BILLED + _AHEAD
    wanted = _metered().where(OPEN, Estimate.last_on > day, too_much)
    if of:
        wanted = wanted.where(or_(Estimate.client_id == of.id, Estimate.counselor_id == of.id))
    return _read(wanted.order_by(Estimate.number).limit(most))


def meter_of(estimate: Estimate) -> Meter:
    """Add up what was billed for sessions of an estimate's days, and what is booked in them and not billed yet."""
    ((_, meter),) = _read(_metered().where(Estimate.id == estimate.id))
    return meter


def sessions(client: Person, counselor: Person, since: datetime, until: datetime) -> Sequence[Appointment]:
    """Return the sessions a client pays for themselves that begin in a stretch of time, the first first."""
    wanted = select(Appointment).where(
        Appointment.client_id == client.id,
        Appointment.counselor_id == counselor.id,
        Appointment.payer_id.is_(None),
        Appointment.status.in_((CONFIRMED, COMPLETED)),
        Appointment.price_cents > 0,
        Appointment.starts_at >= since,
        Appointment.starts_at < until,
    )
    whole = wanted.options(joinedload(Appointment.service)).order_by(Appointment.starts_at, Appointment.id)
    return db.session.scalars(whole).all()


def booked_since(since: datetime, now: datetime) -> Sequence[tuple[int, int]]:
    """Return the ids of client and counselor wherever sessions to come were booked after the latest estimate."""
    latest = (
        select(func.max(Estimate.given_at))
        .where(Estimate.client_id == Appointment.client_id, Estimate.counselor_id == Appointment.counselor_id)
        .correlate(Appointment)
        .scalar_subquery()
    )
    wanted = (
        select(Appointment.client_id, Appointment.counselor_id)
        .where(
            Appointment.status == CONFIRMED,
            Appointment.payer_id.is_(None),
            Appointment.price_cents > 0,
            Appointment.starts_at > now,
            Appointment.confirmed_at > since,
            or_(latest.is_(None), Appointment.confirmed_at > latest),
        )
        .distinct()
        .order_by(Appointment.client_id, Appointment.counselor_id)
        .limit(500)
    )
    return [(client, counselor) for client, counselor in db.session.execute(wanted)]


def services_for(client: Person, *, everything: bool) -> Sequence[Service]:
    """Return the services on offer that cost something: of whoever the client meets, or everybody's."""
    wanted = select(Service).where(Service.active, Service.price_cents > 0).options(joinedload(Service.counselor))
    if not everything:
        met = select(Appointment.counselor_id).where(
            Appointment.client_id == client.id, Appointment.status.in_((CONFIRMED, COMPLETED))
        )
        wanted = wanted.where(Service.counselor_id.in_(met))
    return db.session.scalars(wanted.order_by(Service.counselor_id, Service.name, Service.id)).all()


def begins(day: date, zone: str) -> datetime:
    """Return the instant a day begins on a zone's clock."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def _whole() -> Select[Estimate]:
    return select(Estimate).options(joinedload(Estimate.client), joinedload(Estimate.counselor))


def _metered() -> Any:
    """Select estimates with what was billed and what is booked; `_read` reads the rows."""
    people = (joinedload(Estimate.client), joinedload(Estimate.counselor))
    return select(Estimate, _BILLED, _AHEAD).options(*people)


def _read(wanted: Any) -> list[tuple[Estimate, Meter]]:
    return [
        (row, Meter(row.total, Money(int(billed), row.currency), Money(int(ahead), row.currency)))
        for row, billed, ahead in db.session.execute(wanted)
    ]


def _listed(wanted: tuple[ColumnElement[bool], ...], page: int) -> Listed:
    total = db.session.scalar(select(func.count()).select_from(Estimate).where(*wanted)) or 0
    number = min(max(1, page), max(1, -(-total // PER_PAGE)))
    query = _metered().where(*wanted).order_by(Estimate.number.desc())
    return Listed(_read(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)), number, int(total))
