"""Notes as their author may see them; to everybody else they are not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import combining, normalize

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking.models.appointments import Appointment
from notes.models import DRAFT, PROGRESS, SIGNED, Chart, Note
from practice.core.db import db
from practice.models import Person

PER_PAGE = 20
NOTED = ("confirmed", "completed")


@dataclass(frozen=True, slots=True)
class Open:
    """A session whose note is not signed: begun, or not yet."""

    appointment: Appointment
    note: Note | None


@dataclass(frozen=True, slots=True)
class Board:
    """One page of a list of notes, and how many there are in all."""

    rows: Sequence[Open]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def appointment_for(author: Person, appointment_id: int) -> Appointment | None:
    """Return an appointment of which this person is the counselor."""
    return db.session.scalar(
        select(Appointment).where(Appointment.id == appointment_id, Appointment.counselor_id == author.id)
    )


def note_for(author: Person, note_id: int) -> Note | None:
    """Return a note this person wrote."""
    return db.session.scalar(select(Note).where(Note.id == note_id, Note.author_id == author.id))


def note_of(appointment: Appointment) -> Note | None:
    """Return the note of an appointment, if one was begun."""
    return db.session.scalar(select(Note).where(Note.appointment_id == appointment.id, Note.kind == PROGRESS))


def client_of(counselor: Person, client_id: int) -> Person | None:
    """Return a client this counselor has had an appointment with."""
    met = select(Appointment.id).where(
        Appointment.counselor_id == counselor.id,
        Appointment.client_id == client_id,
        Appointment.status.not_in(("held", "expired")),
    )
    return db.session.scalar(select(Person).where(Person.id == client_id, met.exists()))


def notes_on(counselor: Person, client: Person, *, page: int) -> Board:
    """Return one page of a client's notes by this counselor, newest session first."""
    ours = (
        select(Appointment, Note)
        .join(Note, Note.appointment_id == Appointment.id)
        .join(Chart, Chart.id == Note.chart_id)
        .where(Chart.counselor_id == counselor.id, Chart.client_id == client.id)
    )
    return _page(ours.order_by(Appointment.starts_at.desc()), page)


def unsigned(counselor: Person, *, now: datetime, name: str = "", page: int = 1) -> Board:
    """Return sessions that are over, or begun to be noted, and have no signed note; the oldest first."""
    return _page(
        _named(_unsigned(counselor, now), counselor, name).order_by(Appointment.starts_at, Appointment.id), page
    )


def count_unsigned(counselor: Person, *, now: datetime) -> int:
    """Count the sessions whose note is not signed."""
    return _count(_unsigned(counselor, now))


def signed(counselor: Person, *, name: str = "", page: int = 1) -> Board:
    """Return signed notes, the latest signature first."""
    ours = (
        select(Appointment, Note)
        .join(Note, Note.appointment_id == Appointment.id)
        .where(Note.author_id == counselor.id, Note.status == SIGNED)
    )
    return _page(_named(ours, counselor, name).order_by(Note.signed_at.desc(), Note.id.desc()), page)


def last_signed_before(appointment: Appointment) -> Note | None:
    """Return the signed note of the session before this one, by the same counselor on the same client."""
    earlier = (
        select(Note)
        .join(Appointment, Appointment.id == Note.appointment_id)
        .where(
            Note.author_id == appointment.counselor_id,
            Appointment.client_id == appointment.client_id,
            Appointment.starts_at < appointment.starts_at,
            Note.status == SIGNED,
        )
        .order_by(Appointment.starts_at.desc())
    )
    return db.session.scalars(earlier.limit(1)).first()


def _unsigned(counselor: Person, now: datetime) -> Select[Appointment, Note]:
    over = and_(Note.id.is_(None), Appointment.ends_at <= now, Appointment.status.in_(NOTED))
    return (
        select(Appointment, Note)
        .outerjoin(Note, and_(Note.appointment_id == Appointment.id, Note.kind == PROGRESS))
        .where(Appointment.counselor_id == counselor.id, or_(Note.status == DRAFT, over))
    )


def _named(query: Select[Appointment, Note], counselor: Person, name: str) -> Select[Appointment, Note]:
    """Keep the rows whose client's name contains every word that was typed, whatever the case and accents."""
    wanted = _plain(name).split()
    if not wanted:
        return query
    met = select(Person.id, Person.name).join(Appointment, Appointment.client_id == Person.id)
    clients = db.session.execute(met.where(Appointment.counselor_id == counselor.id).distinct())
    found = [number for number, full in clients if all(word in _plain(full) for word in wanted)]
    return query.where(Appointment.client_id.in_(found))


def _plain(name: str) -> str:
    """Fold case and accents, which databases do each in their own way."""
    return "".join(letter for letter in normalize("NFKD", name.casefold()) if not combining(letter))


def _count(query: Select[Appointment, Note]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.with_only_columns(Appointment.id).subquery())) or 0


def _page(query: Select[Appointment, Note], number: int) -> Board:
    total = _count(query.order_by(None))
    number = min(max(1, number), max(1, -(-total // PER_PAGE)))
    wanted = (
        query.options(joinedload(Appointment.client), selectinload(Note.addenda))
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Board([Open(appointment, note) for appointment, note in db.session.execute(wanted)], number, total)
