"""The letters about requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from booking.models.appointments import Appointment
from booking.policy import CANCELLED, DECLINED, EXPIRED, HELD, REQUESTED
from booking.requests import notices
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice


@dataclass(frozen=True, slots=True)
class Letter:
    """How one kind of letter reads; `{when}`, `{name}` and `{until}` are filled in for its reader."""

    subject: str
    title: str
    words: str
    button: str
    wanted: str
    endpoint: str = "booking.show"


TO_COUNSELOR = Letter(
    "Somebody asks for {when}",
    "Somebody asks for an appointment",
    "{name} asks for this time. Answer until {until}; after that the request lapses.",
    "Answer the request",
    REQUESTED,
)
TO_CLIENT = {
    notices.REQUESTED: Letter(
        "You asked for {when}",
        "Your request is on its way",
        "We passed your request on to {name}, who answers until {until}. Nothing is booked or charged before that.",
        "See the request",
        REQUESTED,
    ),
    notices.APPROVED: Letter(
        "{name} said yes to {when}",
        "Your request was approved",
        "{name} said yes. The time is kept for you until {until}; it is booked once it is paid.",
        "Go on to payment",
        HELD,
        "billing.pay",
    ),
    notices.DECLINED: Letter(
        "Not possible: {when}",
        "This time is not possible",
        "{name} cannot take the time you asked for. Nothing was charged, and other times may suit you both.",
        "See other times",
        DECLINED,
        "booking.counselor",
    ),
    notices.LAPSED: Letter(
        "No answer yet to {when}",
        "Your request was not answered in time",
        "{name} did not answer in time, so the request has lapsed. Nothing was charged. You can ask for another time.",
        "See other times",
        EXPIRED,
        "booking.counselor",
    ),
}
UNPAID = Letter(
    "No longer kept: {when}",
    "The time is no longer kept for you",
    "{name} said yes, and the time was kept until {until}. It was not paid by then, so it is free again. "
    "Nothing was charged. You can ask for another time.",
    "See other times",
    EXPIRED,
    "booking.counselor",
)
UNPAID_TO_COUNSELOR = Letter(
    "Free again: {when}",
    "A time you approved is free again",
    "{name} did not pay for this time until {until}, so it is no longer kept. There is nothing for you to do.",
    "Open your day",
    EXPIRED,
    "booking.today",
)
WITHDRAWN = Letter(
    "Taken back: {when}",
    "A request was taken back",
    "{name} no longer asks for this time. There is nothing for you to do.",
    "Open your day",
    CANCELLED,
    "booking.today",
)


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind, to_client in TO_CLIENT.items():
        outbox.renders(kind)(partial(_write, to_client, TO_COUNSELOR))
    outbox.renders(notices.UNPAID)(partial(_write, UNPAID, UNPAID_TO_COUNSELOR))
    outbox.renders(notices.WITHDRAWN)(partial(_write, WITHDRAWN, WITHDRAWN))


def _write(to_client: Letter, to_counselor: Letter, message: OutboxMessage, now: datetime) -> Mail | None:
    appointment = db.session.get(Appointment, message.subject_id)
    person = db.session.get(Person, message.recipient_id)
    if appointment is None or person is None or person.closed_at is not None:
        return None
    letter = to_counselor if person.id == appointment.counselor_id else to_client
    if appointment.status != letter.wanted:
        return None
    until = appointment.held_until or appointment.answer_by or appointment.starts_at
    filled = {
        "when": formats.when(appointment.starts_at, person.zone),
        "name": appointment.other_than(person).first_name,
        "until": formats.when(until, person.zone),
    }
    return mail.compose(
        "emails/booking/request",
        to=person.email,
        subject=letter.subject.format(**filled),
        appointment=appointment,
        person=person,
        other=appointment.other_than(person),
        title=letter.title,
        words=letter.words.format(**filled),
        quoted=appointment.cancel_reason if appointment.status == DECLINED else None,
        button=letter.button,
        link=_link(letter, appointment),
        practice_name=db.session.get_one(Practice, 1).name,
    )


def _link(letter: Letter, appointment: Appointment) -> str:
    if letter.endpoint == "booking.counselor":
        return absolute(letter.endpoint, counselor_id=appointment.counselor_id, service_id=appointment.service_id)
    if letter.endpoint == "booking.today":
        return absolute(letter.endpoint)
    return absolute(letter.endpoint, appointment_id=appointment.id)
