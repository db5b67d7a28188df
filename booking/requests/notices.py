"""Plans what people are told about a request, in the transaction of the deed."""

from __future__ import annotations

from datetime import datetime

from booking.models.appointments import Appointment
from practice.core import outbox

REQUESTED, APPROVED, DECLINED = "booking.requested", "booking.approved", "booking.declined"
LAPSED, WITHDRAWN = "booking.lapsed", "booking.request_withdrawn"
UNPAID = "booking.unpaid"


def tell_requested(appointment: Appointment, now: datetime) -> None:
    """Tell the counselor that somebody asks, and the client that it was passed on."""
    _tell(REQUESTED, appointment, appointment.counselor_id, now)
    _tell(REQUESTED, appointment, appointment.client_id, now)


def tell_approved(appointment: Appointment, now: datetime) -> None:
    """Tell the client how to pay and until when."""
    _withdraw(appointment, now)
    _tell(APPROVED, appointment, appointment.client_id, now)


def tell_declined(appointment: Appointment, now: datetime) -> None:
    """Tell the client that it cannot be, with the counselor's words."""
    _withdraw(appointment, now)
    _tell(DECLINED, appointment, appointment.client_id, now)


def tell_lapsed(appointment: Appointment, now: datetime) -> None:
    """Tell the client that no answer came."""
    _withdraw(appointment, now)
    _tell(LAPSED, appointment, appointment.client_id, now)


def tell_unpaid(appointment: Appointment, now: datetime) -> None:
    """Tell both that a time which was approved was not paid, and is free again."""
    _withdraw(appointment, now)
    _tell(UNPAID, appointment, appointment.client_id, now)
    _tell(UNPAID, appointment, appointment.counselor_id, now)


def tell_withdrawn(appointment: Appointment, now: datetime) -> None:
    """Tell the counselor that nobody asks any more."""
    _withdraw(appointment, now)
    _tell(WITHDRAWN, appointment, appointment.counselor_id, now)


def _tell(kind: str, appointment: Appointment, recipient_id: int, now: datetime) -> None:
    outbox.plan(
        key=f"{kind}:{appointment.id}:email:{recipient_id}",
        kind=kind,
        recipient_id=recipient_id,
        subject=("appointment", appointment.id),
        due_at=now,
        now=now,
    )


def _withdraw(appointment: Appointment, now: datetime) -> None:
    outbox.withdraw(subject=("appointment", appointment.id), now=now, kinds=(REQUESTED, APPROVED))
