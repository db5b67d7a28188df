"""A counselor books for one of their own clients, who gets the letter and pays afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking import availability, clientele, eligibility, guards, holds, services
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import HELD
from booking.refusals import ClientBusyError, NotAllowedError, NotOfferedError, SlotTakenError
from practice.core import audit
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person, Practice

_WHILE_ENTERING = timedelta(minutes=1)


def enter(*, counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime) -> Appointment:
    """Book a free time of one's own for a client; it stands at once, and what it costs is due afterwards.

    Counselors are free of their own notice and of what they show to the public, not of their hours. Whatever the
    client holds meanwhile stays. Entering it twice is entering it once. Raises NotAllowedError, NotOfferedError,
    SlotTakenError or ClientBusyError.
    """
    guards.lock_people(counselor.id, client.id)
    if again := _already(service, client, starts_at, now):
        return again
    holds.expire_overdue(now, Appointment.counselor_id == counselor.id)
    if service.counselor_id != counselor.id:
        raise NotAllowedError("Choose one of your own services.")
    if client.id == counselor.id or client.closed_at is not None or clientele.client_of(counselor, client.id) is None:
        raise NotAllowedError("Choose one of your own clients.")
    _check_time(counselor, client, service, starts_at, now)
    appointment = guards.insert(_values(counselor, client, service, starts_at, now))
    audit.record("appointment.booked", person_id=counselor.id, subject=("appointment", appointment.id))
    return services.confirm(appointment, now=now)


def _check_time(counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime) -> None:
    span = Span.lasting(starts_at, service.minutes)
    try:
        eligibility.check_client(client, span, now)
    except ClientBusyError as error:
        raise ClientBusyError(f"{client.first_name} has another session at this time. Choose another one.") from error
    if starts_at <= now:
        raise NotOfferedError("This time has passed. Choose a later one.")
    window = Span(starts_at, starts_at + timedelta(minutes=1))
    if starts_at in availability.free_times(
        counselor.id, availability.need_of(service), window, now, free_of_notice=True
    ):
        return
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    taken = select(Appointment.id).where(
        Appointment.counselor_id == counselor.id,
        Appointment.blocked_from < blocked.ends_at,
        Appointment.blocked_until > blocked.starts_at,
        availability.still_live(now),
    )
    if db.session.scalar(taken.limit(1)) is not None:
        raise SlotTakenError
    raise NotOfferedError("This time lies outside your hours, or off the grid they are booked on.")


def _already(service: Service, client: Person, starts_at: datetime, now: datetime) -> Appointment | None:
    return db.session.scalars(
        select(Appointment).where(
            Appointment.service_id == service.id,
            Appointment.client_id == client.id,
            Appointment.starts_at == starts_at,
            Appointment.confirmed_at.is_not(None),
            availability.still_live(now),
        )
    ).first()


def _values(
    counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime
) -> dict[str, object]:
    span = Span.lasting(starts_at, service.minutes)
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    return {
        "counselor_id": counselor.id,
        "client_id": client.id,
        "service_id": service.id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "blocked_from": blocked.starts_at,
        "blocked_until": blocked.ends_at,
        "status": HELD,
        "held_until": now + _WHILE_ENTERING,
        "price_cents": service.price_cents,
        "currency": service.currency,
        "cancellation_notice_hours": db.session.get_one(Practice, 1).cancellation_notice_hours,
        "created_at": now,
        "changed_at": now,
    }
