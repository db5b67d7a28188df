"""Plans what people are told about an appointment, in the transaction of the deed; the outbox sends it."""

from __future__ import annotations

from datetime import datetime

from booking.models.appointments import Appointment
from booking.reminding import planning
from booking.reminding.planning import subject_of
from practice.core import outbox
from practice.core.outbox import Planned
from practice.core.spans import Span

__all__ = ["subject_of"]

CONFIRMED, MOVED, CANCELLED = "booking.confirmed", "booking.moved", "booking.cancelled"
REMINDER = planning.KIND
KINDS = (CONFIRMED, MOVED, CANCELLED, REMINDER)


def tell_confirmed(appointment: Appointment, now: datetime) -> None:
    """Tell both that it stands, and plan the reminders."""
    _tell_both(CONFIRMED, appointment, now)
    remind(appointment, now)


def tell_moved(
    appointment: Appointment, before: Span, now: datetime, *, due_at: datetime, everybody: bool = False
) -> None:
    """Tell both of the new time once a move can no longer be undone; reminders are planned anew.

    `before` is what both know of: an appointment that is back there is not worth a letter. A confirmation that has
    not left waits as well, and then names the new time. Of a shared session `everybody` takes in the counselor.
    """
    _withdraw(appointment, now, REMINDER, MOVED)
    if _withdraw(appointment, now, CONFIRMED):
        _tell_both(CONFIRMED, appointment, now, due_at=due_at)
    elif before != appointment.span:
        _tell_both(MOVED, appointment, now, due_at=due_at, before=before.starts_at, everybody=everybody)
    remind(appointment, now, beyond=due_at)


def tell_cancelled(appointment: Appointment, now: datetime, *, told: datetime | None = None) -> None:
    """Tell both that it is off, by the time they know of; nothing else about it is sent any more."""
    _withdraw(appointment, now, *KINDS)
    _tell_both(CANCELLED, appointment, now, before=told)


def stop_reminding(appointment: Appointment, now: datetime) -> None:
    """Withdraw what is still planned, as once the counselor has marked who came."""
    _withdraw(appointment, now, REMINDER)


def remind(appointment: Appointment, now: datetime, *, beyond: datetime | None = None) -> None:
    """Plan the reminders that are still ahead, or those beyond a later instant."""
    planning.plan(appointment, now, beyond=beyond)


def _tell_both(
    kind: str,
    appointment: Appointment,
    now: datetime,
    *,
    due_at: datetime | None = None,
    before: datetime | None = None,
    everybody: bool = False,
) -> None:
    payload = {"version": appointment.sequence} | ({"before": before.isoformat()} if before else {})
    outbox.plan_all(
        [
            Planned(
                key=f"{kind}:{appointment.id}:{appointment.sequence}:email:{recipient_id}",
                kind=kind,
                due_at=due_at or now,
                recipient_id=recipient_id,
                payload=payload,
                subject=subject_of(appointment),
            )
            for recipient_id in _recipients(kind, appointment, everybody=everybody)
        ],
        now=now,
    )


def _recipients(kind: str, appointment: Appointment, *, everybody: bool) -> tuple[int, ...]:
    """Name who is written to: of a shared session that moves or is off, its counselor has mostly just done that."""
    own_deed = kind == MOVED or appointment.cancelled_by_id == appointment.counselor_id
    if appointment.group_session_id is not None and own_deed and not everybody:
        return (appointment.client_id,)
    return appointment.client_id, appointment.counselor_id


def _withdraw(appointment: Appointment, now: datetime, *kinds: str) -> int:
    return outbox.withdraw(subject=subject_of(appointment), now=now, kinds=kinds)
