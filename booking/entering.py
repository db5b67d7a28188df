"""A counselor books for one of their own clients, who gets the letter and pays afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking import availability, calendar_entries, clientele, eligibility, guards, holds, published, services
from booking.live import still_live
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import INDIVIDUAL
from booking.refusals import ClientBusyError, NotAllowedError, NotOfferedError, OutsideHoursError, SlotTakenError
from practice.core import audit
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def enter(
    *,
    counselor: Person,
    client: Person,
    service: Service,
    starts_at: datetime,
    now: datetime,
    mode: str | None = None,
    outside: bool = False,
) -> Appointment:
    """Book a free time of one's own for a client; it stands at once, and what it costs is due afterwards.

    The client was not asked to accept any terms. People meet in the mode chosen, or in the usual one of the service.

    Counselors are free of their own notice and of what they show to the public, and of their hours, grid and time off
    when they say so: `outside`. Never of another session. Whatever the client holds meanwhile stays. Entering it twice
    is entering it once. Raises NotAllowedError, OutsideHoursError, NotOfferedError, SlotTakenError or ClientBusyError.
    """
    guards.lock_people(counselor.id, client.id)
    mode = eligibility.check_mode(service, mode)
    if again := _already(service, client, starts_at, now):
        return again
    holds.expire_overdue(now, Appointment.counselor_id == counselor.id)
    if service.counselor_id != counselor.id or service.kind != INDIVIDUAL:
        raise NotAllowedError("Choose one of your own services for one person.")
    if client.id == counselor.id or client.closed_at is not None or clientele.client_of(counselor, client.id) is None:
        raise NotAllowedError("Choose one of your own clients.")
    _check_time(client, service, mode, starts_at, now, outside=outside)
    values = services.new_appointment(counselor, client, service, starts_at, now)
    values |= {"mode": mode, "location_id": eligibility.place_for(service, mode, starts_at, now)}
    appointment = guards.insert(values | {"policy_id": None, "accepted_at": None})
    audit.record("appointment.booked", person_id=counselor.id, subject=("appointment", appointment.id))
    return services.confirm(appointment, now=now)


def _check_time(
    client: Person, service: Service, mode: str, starts_at: datetime, now: datetime, *, outside: bool
) -> None:
    span = Span.lasting(starts_at, service.minutes)
    try:
        eligibility.check_client(client, span, now)
    except ClientBusyError as error:
        raise ClientBusyError(f"{client.first_name} has another session at this time. Choose another one.") from error
    if starts_at <= now:
        raise NotOfferedError("This time has passed. Choose a later one.")
    if outside:
        return
    window = Span(starts_at, starts_at + timedelta(minutes=1))
    need = availability.need_of(service, mode)
    if starts_at in availability.free_times(service.counselor_id, need, window, now, free_of_notice=True):
        return
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    taken = select(Appointment.id).where(
        Appointment.counselor_id == service.counselor_id,
        Appointment.blocked_from < blocked.ends_at,
        Appointment.blocked_until > blocked.starts_at,
        still_live(now),
    )
    if db.session.scalar(taken.limit(1)) is not None:
        raise SlotTakenError
    raise OutsideHoursError(_why(service.counselor, span))


def _why(counselor: Person, span: Span) -> str:
    if away := published.time_off_of(counselor.id, span):
        return f"This time lies in your time off{f' ({away[0].label})' if away[0].label else ''}."
    if calendar_entries.busy_elsewhere(counselor.id, span):
        return "Another calendar of yours says that you are busy then."
    return "This time lies outside your hours, or off the grid they are booked on."


def _already(service: Service, client: Person, starts_at: datetime, now: datetime) -> Appointment | None:
    return db.session.scalars(
        select(Appointment).where(
            Appointment.service_id == service.id,
            Appointment.client_id == client.id,
            Appointment.starts_at == starts_at,
            Appointment.confirmed_at.is_not(None),
            still_live(now),
        )
    ).first()
