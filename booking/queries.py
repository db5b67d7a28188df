"""Finds appointments and services for whoever may see them; somebody else's are not found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from booking.live import still_live
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CANCELLED, CONFIRMED, DECLINED, HELD, REQUESTED
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def appointment_for(viewer: Person, appointment_id: int) -> Appointment | None:
    """Return an appointment to its client, its counselor or an administrator."""
    appointment = db.session.scalars(_whole().where(Appointment.id == appointment_id)).first()
    return appointment if appointment and appointment.side_of(viewer) else None


def upcoming(client: Person, now: datetime) -> Sequence[Appointment]:
    """Return what a client has ahead or is in, the next first; a hold that ran out is not among it."""
    return db.session.scalars(
        _whole()
        .where(Appointment.client_id == client.id, Appointment.ends_at > now, still_live(now))
        .order_by(Appointment.starts_at)
    ).all()


def open_ahead(person: Person, now: datetime) -> Sequence[Appointment]:
    """Return what somebody on either side has ahead or is in: booked, held or asked for."""
    return db.session.scalars(
        _whole()
        .where(
            or_(Appointment.client_id == person.id, Appointment.counselor_id == person.id),
            Appointment.ends_at > now,
            Appointment.status.in_((HELD, CONFIRMED, REQUESTED)),
        )
        .order_by(Appointment.id)
    ).all()


def past(client: Person, now: datetime, *, most: int = 50, offset: int = 0) -> Sequence[Appointment]:
    """Return what lies behind a client and what was cancelled, the latest first."""
    gone = or_(and_(Appointment.ends_at <= now, still_live(now)), Appointment.status.in_((CANCELLED, DECLINED)))
    return db.session.scalars(
        _whole()
        .where(Appointment.client_id == client.id, gone)
        .order_by(Appointment.starts_at.desc())
        .limit(most)
        .offset(offset)
    ).all()


def agenda(counselor: Person, span: Span, now: datetime) -> Sequence[Appointment]:
    """Return a counselor's appointments that touch a stretch of time, holds included, in order."""
    return db.session.scalars(_touching(span).where(Appointment.counselor_id == counselor.id, still_live(now))).all()


def practice_agenda(span: Span, now: datetime, *, with_cancelled: bool = False) -> Sequence[Appointment]:
    """Return the appointments of the whole practice that touch a stretch of time, in order."""
    wanted: ColumnElement[bool] = still_live(now)
    if with_cancelled:
        wanted = or_(wanted, Appointment.status == CANCELLED)
    return db.session.scalars(_touching(span).where(wanted)).all()


def next_of(counselor: Person, now: datetime) -> Appointment | None:
    """Return the appointment a counselor is in, or else the next one that is booked."""
    return db.session.scalars(
        _whole()
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.ends_at > now,
            Appointment.status != HELD,
            still_live(now),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()


def together(counselor: Person, client: Person, *, most: int = 50) -> Sequence[Appointment]:
    """Return everything booked between two people, the latest first."""
    return db.session.scalars(
        _whole()
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.client_id == client.id,
            Appointment.confirmed_at.is_not(None),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(most)
    ).all()


def clients_of(counselor: Person) -> Sequence[Person]:
    """Return everybody who ever booked with a counselor, by name."""
    met = select(Appointment.client_id).where(
        Appointment.counselor_id == counselor.id, Appointment.confirmed_at.is_not(None)
    )
    return db.session.scalars(select(Person).where(Person.id.in_(met)).order_by(Person.name)).all()


def services_of(counselor_id: int, *, offered_only: bool = True) -> Sequence[Service]:
    """Return a counselor's services, the shortest first."""
    statement = select(Service).where(Service.counselor_id == counselor_id)
    if offered_only:
        statement = statement.where(Service.active)
    return db.session.scalars(statement.order_by(Service.minutes, Service.price_cents, Service.id)).all()


def priced_services(*kinds: str) -> Sequence[Service]:
    """Return the services on offer that cost something, of some kinds or of all, by counselor and name."""
    query = select(Service).join(Person, Person.id == Service.counselor_id)
    query = query.where(Service.active, Service.price_cents > 0).options(contains_eager(Service.counselor))
    if kinds:
        query = query.where(Service.kind.in_(kinds))
    return db.session.scalars(query.order_by(Person.name, Service.name, Service.id)).all()


def service_of(counselor_id: int, service_id: int) -> Service | None:
    """Return one of a counselor's own services."""
    return db.session.scalars(
        select(Service).where(Service.counselor_id == counselor_id, Service.id == service_id)
    ).first()


def _whole() -> Select[Appointment]:
    """Select appointments with the people and the service that every page names."""
    return select(Appointment).options(
        joinedload(Appointment.counselor, innerjoin=True),
        joinedload(Appointment.client, innerjoin=True),
        joinedload(Appointment.service, innerjoin=True),
    )


def _touching(span: Span) -> Select[Appointment]:
    return (
        _whole()
        .where(Appointment.blocked_until > span.starts_at, Appointment.blocked_from < span.ends_at)
        .order_by(Appointment.starts_at, Appointment.id)
    )
