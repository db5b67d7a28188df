"""What people do with requests: ask, approve, decline, withdraw, let lapse.

A request takes no time, so several people may ask for one hour. Approving gives it the time, and the database's guard
refuses whoever comes second.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from booking import eligibility, guards, holds, prices, services
from booking.deeds import lock, record, side_of, time_of
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CANCELLED, DECLINED, EXPIRED, HELD, REQUESTED, Side
from booking.refusals import ClientBusyError, NotAllowedError, SlotTakenError
from booking.requests import notices
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person

ANSWER_WITHIN = timedelta(hours=48)
PAY_WITHIN = timedelta(hours=24)
MOST_OPEN = 5


def ask(
    *,
    counselor: Person,
    client: Person,
    service: Service,
    starts_at: datetime,
    now: datetime,
    mode: str | None = None,
) -> Appointment:
    """Ask a counselor for a time; asking again for the same one returns it.

    Raises NotOfferedError, SlotTakenError, ClientBusyError or NotAllowedError.
    """
    if counselor.id == client.id:
        raise NotAllowedError("You cannot book a session with yourself.")
    guards.lock_people(counselor.id, client.id)
    mode = eligibility.check_mode(service, mode)
    if again := _open(counselor, client, starts_at, now):
        return again
    if _count_open(client, now) >= MOST_OPEN:
        raise NotAllowedError(f"You have asked for {MOST_OPEN} times already. Wait for an answer, or withdraw one.")
    eligibility.check_service(counselor, service)
    eligibility.check_client(client, Span.lasting(starts_at, service.minutes), now)
    location_id = eligibility.check_time(service, mode, starts_at, now)
    values = services.new_appointment(counselor, client, service, starts_at, now)
    values |= {"status": REQUESTED, "held_until": None, "answer_by": min(starts_at, now + ANSWER_WITHIN)}
    values |= {"mode": mode, "location_id": location_id}
    appointment = guards.insert(values)
    notices.tell_requested(appointment, now)
    record("requested", appointment, client)
    return appointment


def approve(appointment: Appointment, *, by: Person, now: datetime) -> Appointment:
    """Give a request its time: confirmed when it costs nothing, else kept until it is paid.

    Raises NotAllowedError in words, also when the time has gone to somebody else. Approving twice is approving once.
    """
    lock(appointment)
    if appointment.approved_at is not None and appointment.status != REQUESTED:
        return appointment
    _refuse(appointment, by, now)
    holds.expire_overdue(now, time_of(appointment.counselor_id, appointment.client_id))
    try:
        with guards.refusing():
            appointment.status = HELD
            appointment.held_until = min(now + PAY_WITHIN, appointment.starts_at)
            appointment.approved_at = appointment.changed_at = now
    except SlotTakenError as refusal:
        raise NotAllowedError("You have another session at this time now, so it cannot be approved.") from refusal
    except ClientBusyError as refusal:
        words = f"{appointment.client.first_name} has another session at this time now, so it cannot be approved."
        raise NotAllowedError(words) from refusal
    record("approved", appointment, by)
    if not appointment.price or prices.is_covered(appointment.client, appointment.service, now):
        return services.confirm(appointment, now=now)
    notices.tell_approved(appointment, now)
    return appointment


def decline(appointment: Appointment, *, by: Person, now: datetime, reason: str = "") -> Appointment:
    """Turn a request down, with words for the client; declining twice is declining once. Raises NotAllowedError."""
    lock(appointment)
    if appointment.status == DECLINED:
        return appointment
    _refuse(appointment, by, now)
    appointment.status, appointment.changed_at = DECLINED, now
    appointment.cancelled_by_id, appointment.cancel_reason = by.id, reason or None
    db.session.flush()
    notices.tell_declined(appointment, now)
    record("declined", appointment, by)
    return appointment


def withdraw(appointment: Appointment, *, by: Person, now: datetime) -> Appointment:
    """Take a request back; withdrawing twice is withdrawing once. Raises NotAllowedError."""
    lock(appointment)
    if appointment.status == CANCELLED:
        return appointment
    if side_of(appointment, by) is Side.COUNSELOR:
        raise NotAllowedError("Decline the request instead; your client is told.")
    if appointment.status != REQUESTED:
        raise NotAllowedError("This request has been answered. Open the session to cancel it.")
    appointment.status, appointment.cancelled_by_id = CANCELLED, by.id
    appointment.cancelled_at = appointment.changed_at = now
    db.session.flush()
    notices.tell_withdrawn(appointment, now)
    record("withdrawn", appointment, by)
    return appointment


def lapse(now: datetime) -> int:
    """End the requests that nobody answered in time; return how many."""
    unanswered = db.session.scalars(
        select(Appointment)
        .where(Appointment.status == REQUESTED, Appointment.answer_by <= now)
        .order_by(Appointment.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for appointment in unanswered:
        appointment.status, appointment.changed_at = EXPIRED, now
        db.session.flush()
        notices.tell_lapsed(appointment, now)
        record("lapsed", appointment, None)
    return len(unanswered)


def _refuse(appointment: Appointment, by: Person, now: datetime) -> None:
    if side_of(appointment, by) is Side.CLIENT:
        raise NotAllowedError("Your counselor answers requests.")
    if appointment.status != REQUESTED:
        raise NotAllowedError("This request has already been answered or taken back.")
    if appointment.answer_by is None or appointment.answer_by <= now:
        raise NotAllowedError("This request has lapsed: nobody answered it in time.")


def _open(counselor: Person, client: Person, starts_at: datetime, now: datetime) -> Appointment | None:
    return db.session.scalars(
        select(Appointment).where(
            Appointment.counselor_id == counselor.id,
            Appointment.client_id == client.id,
            Appointment.starts_at == starts_at,
            Appointment.status == REQUESTED,
            Appointment.answer_by > now,
        )
    ).first()


def _count_open(client: Person, now: datetime) -> int:
    asked = select(func.count()).where(
        Appointment.client_id == client.id, Appointment.status == REQUESTED, Appointment.answer_by > now
    )
    return int(db.session.scalar(asked) or 0)
