"""Who would be told what, by which channel and when: the notices of a change, before anybody makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking import moving
from booking.models.appointments import Appointment
from booking.reminders import reminders
from practice.core import formats
from practice.core.spans import Span
from practice.models import Person

EMAIL = "e-mail"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message that would go out."""

    person: Person
    channel: str
    address: str
    subject: str
    due_at: datetime


def of_move(appointment: Appointment, after: Span, now: datetime) -> list[Notice]:
    """List the notices of a move: the new time once it can no longer be undone, and the reminders of that time."""
    earlier = moving.last_untold(appointment, now)
    told = earlier.told if earlier else appointment.span
    due_at = min(now + moving.UNDO_LASTS, after.starts_at)
    news = [] if told == after else [_mail(each, "New time", after.starts_at, due_at) for each in _both(appointment)]
    return news + _reminders(appointment, after.starts_at, due_at)


def of_cancellation(appointment: Appointment, now: datetime) -> list[Notice]:
    """List the notices of calling an appointment off; its reminders are withdrawn."""
    return [_mail(person, "Cancelled", appointment.starts_at, now) for person in _both(appointment)]


def _reminders(appointment: Appointment, starts_at: datetime, since: datetime) -> list[Notice]:
    people = {person.id: person for person in _both(appointment)}
    planned = reminders(
        appointment.id,
        appointment.sequence + 1,
        client_id=appointment.client_id,
        counselor_id=appointment.counselor_id,
        starts_at=starts_at,
        now=since,
    )
    return [_mail(people[each.recipient_id], "Coming up", starts_at, each.due_at) for each in planned]


def _mail(person: Person, what: str, starts_at: datetime, due_at: datetime) -> Notice:
    return Notice(person, EMAIL, person.email, f"{what}: {formats.when(starts_at, person.zone)}", due_at)


def _both(appointment: Appointment) -> tuple[Person, Person]:
    return appointment.client, appointment.counselor
