"""What a reminder says, by letter and by text; written, and checked once more, when it leaves.

Texts are plain ASCII, which no carrier changes, as short as one part, and neutral: no name but the practice's short
one, no word on what the appointment is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from booking.models.appointments import Appointment
from booking.models.reminding import TextConsent
from booking.policy import CONFIRMED
from booking.reminding import planning
from booking.reminding.rules import SMS, is_stale, last_use
from booking.reminding.scenes import Scene
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.outbox import OutboxMessage, Postponed, Rendered, Renderer, TooLate
from practice.core.settings import settings
from practice.core.texts import Text
from practice.links import absolute
from practice.models import Person

CODE_KIND = "booking.text_code"


def register() -> None:
    """Tell the outbox who writes these."""
    outbox.prepares(planning.KIND)(reminders)
    outbox.renders(CODE_KIND)(code)


def reminders(messages: Sequence[OutboxMessage]) -> Renderer:
    """Read what a batch of reminders is about; return who writes them."""
    return partial(_reminder, Scene.of(messages))


def _reminder(scene: Scene, message: OutboxMessage, now: datetime) -> Rendered:
    """Write a reminder, unless the appointment, the client or the hour has changed."""
    appointment = scene.appointments.get(message.subject_id or 0)
    person = scene.people.get(message.recipient_id or 0)
    if appointment is None or person is None or person.closed_at is not None:
        return None
    if appointment.status != CONFIRMED or appointment.sequence != message.payload["version"]:
        return None
    minutes = int(message.payload["minutes"])
    if person.id == appointment.client_id and (refused := _unwanted(scene, message, appointment, minutes, now)):
        return None if refused is True else refused
    if is_stale(minutes, appointment.starts_at, now):
        return TooLate(f"Its time was {formats.when(appointment.starts_at - timedelta(minutes=minutes), person.zone)}.")
    write = _text if message.channel == SMS else _letter
    return write(scene, message, appointment, person)


def code(message: OutboxMessage, now: datetime) -> Rendered:
    """Write the code that proves whose telephone it is, while it works."""
    consent = db.session.get(TextConsent, message.subject_id)
    if consent is None or consent.given_at is not None or consent.ended_at is not None:
        return None
    if now >= consent.code_until:
        return TooLate("The code ran out before it could be sent.")
    words = f"{settings().texts_signed}: your code is {message.payload['code']}. It works for ten minutes."
    return Text(consent.phone, words, report_to=report_to(message))


def report_to(message: OutboxMessage) -> str:
    """Return where the provider says what became of a text."""
    return absolute("booking.text_report", message_id=message.id)


def brief(instant: datetime, zone: str) -> str:
    """Read an instant as texts do: short, and plain ASCII."""
    moment = formats.local(instant, zone)
    return f"{moment:%a} {moment.day} {moment:%b} {moment:%H:%M} ({_city(zone)} time)"


def _unwanted(
    scene: Scene, message: OutboxMessage, appointment: Appointment, minutes: int, now: datetime
) -> bool | Rendered:
    """Tell whether the client wants no such reminder any more, or not at this hour."""
    wishes = scene.wishes(appointment.client)
    if message.channel not in wishes.channels or minutes in wishes.skipped:
        return True
    if minutes not in {each.minutes for each in scene.terms(appointment).offsets}:
        return True
    night = wishes.quiet.around(now)
    if night is None or is_stale(minutes, appointment.starts_at, now):
        return False
    if night[1] <= last_use(appointment.starts_at, minutes):
        return Postponed(night[1])
    return TooLate("It would only have been of use during the client’s quiet hours.")


def _text(scene: Scene, message: OutboxMessage, appointment: Appointment, person: Person) -> Rendered:
    consent = scene.consents.get(person.id)
    if consent is None:
        return None
    when = brief(appointment.starts_at, person.zone)
    answers = "M moves, X cancels" if scene.has_confirmed(appointment) else "C confirms, M moves, X cancels"
    link = absolute("booking.reminder_link", secret=message.payload["link"])
    words = f"{settings().texts_signed}: {when}. {answers}. {link} STOP ends texts."
    return Text(consent.phone, words, report_to=report_to(message))


def _letter(scene: Scene, message: OutboxMessage, appointment: Appointment, person: Person) -> Rendered:
    secret = message.payload.get("link")
    return mail.compose(
        "emails/booking/reminder",
        to=person.email,
        subject=f"Coming up: {formats.when(appointment.starts_at, person.zone)}",
        appointment=appointment,
        person=person,
        other=appointment.other_than(person),
        link=absolute("booking.show", appointment_id=appointment.id),
        answer_link=absolute("booking.reminder_link", secret=secret) if secret else None,
        has_confirmed=scene.has_confirmed(appointment),
        practice_name=scene.practice.name,
    )


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
