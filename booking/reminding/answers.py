"""A client's word that they will be there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from booking.models.appointments import Appointment
from booking.models.reminding import AttendanceAnswer
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def confirm(appointment: Appointment, by: Person, road: str, now: datetime) -> bool:
    """Note that the client will be there; saying so twice is saying so once. Tell whether it was news."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    noted = db.session.execute(
        insert(AttendanceAnswer)
        .values(appointment_id=appointment.id, version=appointment.sequence, answered_at=now, road=road)
        .on_conflict_do_nothing()
        .returning(AttendanceAnswer.version)
    ).first()
    if noted is None:
        return False
    subject = ("appointment", appointment.id)
    audit.record("appointment.attendance_confirmed", person_id=by.id, subject=subject, detail={"by": road})
    return True


def answer_to(appointment: Appointment) -> AttendanceAnswer | None:
    """Return the client's word about the appointment as it stands now."""
    return db.session.get(AttendanceAnswer, (appointment.id, appointment.sequence))
