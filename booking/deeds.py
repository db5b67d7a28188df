"""What every deed about an appointment begins and ends with: whose time is decided, who acts, and the audit entry."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from booking import guards
from booking.models.appointments import Appointment
from booking.policy import Side
from booking.refusals import NotAllowedError
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def lock(appointment: Appointment) -> None:
    """Let one transaction at a time decide about the time of everybody in it, and read the appointment anew."""
    guards.lock_people(*guards.people_of(appointment))
    db.session.refresh(appointment, with_for_update={"of": Appointment})


def time_of(counselor_id: int, client_id: int) -> ColumnElement[bool]:
    """Match the appointments that take time from either of two people."""
    return or_(Appointment.counselor_id == counselor_id, Appointment.client_id == client_id)


def side_of(appointment: Appointment, person: Person) -> Side:
    """Return the side a person acts for. Raises NotAllowedError for a stranger."""
    side = appointment.side_of(person)
    if side is None:
        raise NotAllowedError("This session is somebody else's.")
    return side


def record(deed: str, appointment: Appointment, by: Person | None, **detail: object) -> None:
    """Note the deed in the audit log."""
    audit.record(
        f"appointment.{deed}",
        person_id=by.id if by else None,
        subject=("appointment", appointment.id),
        detail=detail,
    )
