"""The letters about appointments: planned with the deed, written and checked once more when they leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from booking import calendar, notices
from booking.calendar import UID_DOMAIN, Entry, Method
from booking.models.appointments import Appointment
from booking.policy import CANCELLED, CONFIRMED
from booking.whereabouts import calendar_place, whereabouts
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Attachment, Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice


@dataclass(frozen=True, slots=True)
class Letter:
    """How one kind of letter is written, and whether it is still wanted."""

    template: str
    subject: str
    method: Method | None
    wanted: Callable[[Appointment, OutboxMessage, datetime], bool]


def _stands(appointment: Appointment, message: OutboxMessage, now: datetime) -> bool:
    return appointment.status == CONFIRMED and appointment.ends_at > now


def _stands_in_this_version(appointment: Appointment, message: OutboxMessage, now: datetime) -> bool:
    return _stands(appointment, message, now) and appointment.sequence == message.payload["version"]


def _is_off(appointment: Appointment, message: OutboxMessage, now: datetime) -> bool:
    return appointment.status == CANCELLED


LETTERS = {
    notices.CONFIRMED: Letter("confirmed", "Your appointment: {when}", Method.REQUEST, _stands_in_this_version),
    notices.MOVED: Letter("moved", "New time: {when}", Method.REQUEST, _stands_in_this_version),
    notices.CANCELLED: Letter("cancelled", "Cancelled: {when}", Method.CANCEL, _is_off),
}


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind, letter in LETTERS.items():
        outbox.renders(kind)(partial(_write, letter))


def entry_for(appointment: Appointment, person: Person) -> Entry:
    """Return the appointment as it stands in one person's calendar; the title names the other by first name only."""
    return Entry(
        uid=f"{appointment.uid}@{UID_DOMAIN}",
        sequence=appointment.sequence,
        span=appointment.span,
        zone=person.zone,
        title=f"Appointment with {appointment.other_than(person).first_name}",
        url=absolute("booking.show", appointment_id=appointment.id),
        changed_at=appointment.changed_at,
        organizer=db.session.get_one(Practice, 1).email,
        attendee=person.email,
        place=calendar_place(appointment),
        words=f"{whereabouts(appointment, person)}.",
    )


def _write(letter: Letter, message: OutboxMessage, now: datetime) -> Mail | None:
    appointment = db.session.get(Appointment, message.subject_id)
    person = db.session.get(Person, message.recipient_id)
    if appointment is None or person is None:
        return None
    if person.closed_at is not None and message.kind != notices.CANCELLED:
        return None
    if not letter.wanted(appointment, message, now):
        return None
    return mail.compose(
        f"emails/booking/{letter.template}",
        to=person.email,
        subject=letter.subject.format(when=formats.when(_known_time(appointment, message), person.zone)),
        attachments=_attachments(letter, appointment, person),
        **_words(appointment, person, message),
    )


def _known_time(appointment: Appointment, message: OutboxMessage) -> datetime:
    """Return the time a letter goes by: a cancelled one may have moved without anybody having heard of it."""
    before = message.payload.get("before")
    return datetime.fromisoformat(before) if before and message.kind == notices.CANCELLED else appointment.starts_at


def _attachments(letter: Letter, appointment: Appointment, person: Person) -> tuple[Attachment, ...]:
    if letter.method is None:
        return ()
    content = calendar.ics(entry_for(appointment, person), letter.method)
    return (Attachment("appointment.ics", content, calendar.content_type(letter.method)),)


def _words(appointment: Appointment, person: Person, message: OutboxMessage) -> dict[str, object]:
    before = message.payload.get("before")
    mine = appointment.cancelled_by_id == person.id
    return {
        "appointment": appointment,
        "person": person,
        "other": appointment.other_than(person),
        "before": datetime.fromisoformat(before) if before else None,
        "cancelled_by": "you" if mine else appointment.cancelled_by.first_name if appointment.cancelled_by else None,
        "is_client": person.id == appointment.client_id,
        "link": absolute("booking.show", appointment_id=appointment.id),
        "practice_name": db.session.get_one(Practice, 1).name,
    }
