"""Sessions to write about, and words to write."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from booking.models.appointments import Appointment
from booking.models.services import Service
from notes import queries, services
from notes.layouts import DAP, FREE, SOAP
from notes.models import CONTACT, Note
from notes.words import Words
from practice.core.db import db
from practice.models import Person
from tests.builders import LONG_AGO, saved
from tests.fakes import MONDAY_MORNING

SLEEP = Words(
    SOAP,
    "Sleep and the new post",
    {
        "subjective": "Slept five nights through; still wakes before meetings.",
        "objective": "Calm voice, easy eye contact.",
        "assessment": "Anticipatory worry is easing.",
        "plan": "Keep the evening walk; bring the list next week.",
    },
)
HARVEST = Words(FREE, "", {"text": "Spoke of the harvest and of missing her brother."})
LETTER = Words(DAP, "The letter", {"data": "Read the letter aloud.", "assessment": "Relief.", "plan": "Post it."})


def a_session(
    counselor: Person, client: Person, *, starts_at: datetime | None = None, status: str = "completed"
) -> Appointment:
    """Put a session into the past, each at its own hour."""
    starts_at = starts_at or MONDAY_MORNING - timedelta(hours=2 + _so_far())
    service = Service(counselor_id=counselor.id, name="Session", minutes=50, price_cents=12000, currency="USD")
    saved(service)
    return saved(
        Appointment(
            counselor_id=counselor.id,
            client_id=client.id,
            service_id=service.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=50),
            blocked_from=starts_at,
            blocked_until=starts_at + timedelta(minutes=50),
            status=status,
            held_until=LONG_AGO,
            price_cents=12000,
            currency="USD",
            cancellation_notice_hours=24,
            created_at=LONG_AGO,
            changed_at=LONG_AGO,
            confirmed_at=LONG_AGO,
            cancelled_at=LONG_AGO if status == "cancelled" else None,
        )
    )


def _so_far() -> int:
    """Count the appointments there are, so that each has an hour of its own."""
    return db.session.scalar(select(func.count(Appointment.id))) or 0


def a_draft(appointment: Appointment, words: Words = SLEEP, *, now: datetime = MONDAY_MORNING) -> Note:
    """Write a draft about a session."""
    note = services.open_or_start(appointment, now=now)
    services.save_draft(note, words, base_version=note.version, tab="the first", now=now)
    db.session.commit()
    return note


def a_signed_note(appointment: Appointment, words: Words = SLEEP, *, now: datetime = MONDAY_MORNING) -> Note:
    """Write and sign a note about a session."""
    note = a_draft(appointment, words, now=now)
    services.sign(note, version=note.version, signer=appointment.counselor, now=now)
    db.session.commit()
    return note


def a_note_apart(author: Person, client: Person, *, kind: str = CONTACT, at: datetime = MONDAY_MORNING) -> Note:
    """Begin a note that is no session's; the two have met."""
    if queries.client_of(author, client.id) is None:
        a_session(author, client, status="cancelled")
    note = services.start(author=author, client=client, kind=kind, happened_at=at, now=at)
    db.session.commit()
    return note
