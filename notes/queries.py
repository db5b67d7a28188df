"""Notes as their author may see them; to everybody else they are not there.

What is read here is the client's record, unless a function says otherwise: psychotherapy notes are no part of it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from booking.models.appointments import Appointment
from notes.models import IN_RECORD, PROGRESS, PSYCHOTHERAPY, SIGNED, Chart, Note
from practice.core.db import db
from practice.models import Person

noted_at = func.coalesce(Appointment.starts_at, Note.happened_at)
"""When a note's session was, or what it is about."""


def appointment_for(author: Person, appointment_id: int) -> Appointment | None:
    """Return an appointment of which this person is the counselor."""
    return db.session.scalar(
        select(Appointment).where(Appointment.id == appointment_id, Appointment.counselor_id == author.id)
    )


def note_for(author: Person, note_id: int) -> Note | None:
    """Return a note of the record that this person wrote."""
    return db.session.scalar(_by(author).where(Note.id == note_id))


def draft_for(author: Person, note_id: int) -> Note | None:
    """Return a note this person wrote, psychotherapy notes too: for their own editor and nothing else."""
    return db.session.scalar(select(Note).where(Note.id == note_id, Note.author_id == author.id))


def note_of(appointment: Appointment) -> Note | None:
    """Return the progress note of an appointment, if one was begun."""
    return db.session.scalar(select(Note).where(Note.appointment_id == appointment.id, Note.kind == PROGRESS))


def client_of(counselor: Person, client_id: int) -> Person | None:
    """Return a client this counselor has had an appointment with."""
    return db.session.scalar(select(Person).where(Person.id == client_id, Person.id.in_(clients_met(counselor))))


def clients_met(counselor: Person) -> Select[int]:
    """Select the ids of those this counselor has had an appointment with."""
    return select(Appointment.client_id).where(
        Appointment.counselor_id == counselor.id, Appointment.status.not_in(("held", "expired"))
    )


def record_notes(author: Person, client: Person | None = None) -> Select[Note]:
    """Select the notes of the record that this person wrote, on one client or on all; print and export these."""
    ours = _by(author)
    return ours.join(Chart, Chart.id == Note.chart_id).where(Chart.client_id == client.id) if client else ours


def psychotherapy_notes(author: Person, client: Person) -> Sequence[Note]:
    """List this person's psychotherapy notes on a client, the newest first: for their own eyes and no export."""
    ours = select(Note).join(Chart, Chart.id == Note.chart_id)
    kept = ours.where(Note.author_id == author.id, Chart.client_id == client.id, Note.kind == PSYCHOTHERAPY)
    return db.session.scalars(kept.order_by(Note.happened_at.desc(), Note.id.desc())).all()


def last_signed(author: Person, client: Person, *, before: datetime) -> Note | None:
    """Return the latest signed note by this person on a client about a time before this one."""
    earlier = (
        record_notes(author, client)
        .outerjoin(Appointment, Appointment.id == Note.appointment_id)
        .where(Note.status == SIGNED, noted_at < before)
    )
    return db.session.scalars(earlier.order_by(noted_at.desc(), Note.id.desc()).limit(1)).first()


def _by(author: Person) -> Select[Note]:
    return select(Note).where(Note.author_id == author.id, Note.kind.in_(IN_RECORD))
