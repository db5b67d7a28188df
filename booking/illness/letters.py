"""The kind letter of a day that could not take place: what became of it, and other times to pick by a link."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from booking import calendar
from booking.calendar import Method
from booking.illness import services
from booking.letters import entry_for
from booking.models.appointments import Appointment
from booking.policy import CANCELLED, CONFIRMED
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Attachment, Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice


def register() -> None:
    """Tell the outbox who writes these letters."""
    outbox.renders(services.MOVED)(partial(_write, True))
    outbox.renders(services.CANCELLED)(partial(_write, False))


def _write(moved: bool, message: OutboxMessage, now: datetime) -> Mail | None:
    appointment = db.session.get(Appointment, message.subject_id)
    person = db.session.get(Person, message.recipient_id)
    if appointment is None or person is None or appointment.sequence != message.payload["version"]:
        return None
    if appointment.status != (CONFIRMED if moved else CANCELLED):
        return None
    others = [datetime.fromisoformat(each) for each in message.payload["others"]]
    before = message.payload["before"]
    return mail.compose(
        "emails/booking/ill",
        to=person.email,
        subject=f"{'New time' if moved else 'Cancelled'}: {formats.when(appointment.starts_at, person.zone)}",
        attachments=_attachments(appointment, person, Method.REQUEST if moved else Method.CANCEL),
        appointment=appointment,
        person=person,
        other=appointment.counselor,
        moved=moved,
        words=message.payload["words"],
        before=datetime.fromisoformat(before) if before else None,
        others=[
            (formats.when(each, person.zone), _pick(appointment, each, moved=moved)) for each in others if each > now
        ],
        link=absolute("booking.show", appointment_id=appointment.id),
        practice_name=db.session.get_one(Practice, 1).name,
    )


def _pick(appointment: Appointment, starts_at: datetime, *, moved: bool) -> str:
    chosen = starts_at.strftime("%Y-%m-%dT%H:%MZ")
    if moved:
        return absolute("booking.move", appointment_id=appointment.id, starts_at=chosen)
    return absolute(
        "booking.new", counselor_id=appointment.counselor_id, service_id=appointment.service_id, starts_at=chosen
    )


def _attachments(appointment: Appointment, person: Person, method: Method) -> tuple[Attachment, ...]:
    content = calendar.ics(entry_for(appointment, person), method)
    return (Attachment("appointment.ics", content, calendar.content_type(method)),)
