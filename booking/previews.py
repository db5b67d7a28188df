"""Who would be told what, by which channel and when: the notices of a change, before anybody makes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from booking import moving
from booking.models.appointments import Appointment
from booking.reminding import planning
from booking.reminding.rules import SMS, Reminder
from practice.core import formats
from practice.core.spans import Span
from practice.models import Person

EMAIL, TEXT = "e-mail", "text"


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
    news = [] if told == after else [letter(each, "New time", after.starts_at, due_at) for each in _both(appointment)]
    return news + _reminders(appointment, after.starts_at, due_at)


def of_cancellation(appointment: Appointment, now: datetime) -> list[Notice]:
    """List the notices of calling an appointment off; its reminders are withdrawn."""
    return [letter(person, "Cancelled", appointment.starts_at, now) for person in _both(appointment)]


def reminder(person: Person, planned: Reminder, starts_at: datetime) -> Notice:
    """Return the notice of a reminder, by the road it goes."""
    written = letter(person, "Coming up", starts_at, planned.due_at)
    consent = planning.consent_of(person.id) if planned.channel == SMS else None
    return replace(written, channel=TEXT, address=consent.phone) if consent else written


def letter(person: Person, what: str, starts_at: datetime, due_at: datetime) -> Notice:
    """Return the notice of a letter."""
    return Notice(person, EMAIL, person.email, f"{what}: {formats.when(starts_at, person.zone)}", due_at)


def _reminders(appointment: Appointment, starts_at: datetime, since: datetime) -> list[Notice]:
    people = {person.id: person for person in _both(appointment)}
    planned = planning.ahead(appointment, starts_at, since, version=appointment.sequence + 1)
    return [reminder(people[each.recipient_id], each, starts_at) for each in planned]


def _both(appointment: Appointment) -> tuple[Person, Person]:
    return appointment.client, appointment.counselor
