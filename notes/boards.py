"""Lists of notes, a page at a time: what waits to be written or signed, what is late, what was signed, a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, cast, func, null, select, union_all
from sqlalchemy.orm import selectinload

from booking.models.appointments import Appointment
from notes.folding import plain
from notes.models import DRAFT, IN_RECORD, PROGRESS, SIGNED, Chart, Note
from notes.queries import noted_at
from practice.core.db import db
from practice.models import Person, Practice

PER_PAGE = 20
NOTED = ("confirmed", "completed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a list are asked for; days count by the counselor's own clock, both included."""

    name: str = ""
    since: date = date.min
    until: date = date.min
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything was asked for."""
        return bool(self.name) or self.since != date.min or self.until != date.min


Lines = Select[*tuple[Any, ...]]
ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Line:
    """A session whose note is not begun, or a note."""

    appointment: Appointment | None
    note: Note | None
    client: Person
    at: datetime

    def days_late(self, *, days: int, now: datetime) -> int:
        """Count the days since its note was due, signed; nothing before that."""
        return max(0, (now - self.at - timedelta(days=days)).days)


@dataclass(frozen=True, slots=True)
class Board:
    """One page of a list of notes, and how many there are in all."""

    rows: Sequence[Line]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def days_to_sign() -> int:
    """Return the practice's rule: in how many days after a session its note is due, signed."""
    return db.session.scalars(select(Practice.note_days)).one()


def unsigned(counselor: Person, *, now: datetime, wanted: Wanted = ALL, late_before: datetime | None = None) -> Board:
    """Return sessions that are over and notes that are begun, none of them signed; the oldest first."""
    lines = _unsigned(counselor, now, late_before)
    return _page(lines, counselor, wanted, newest_first=False)


def count_unsigned(counselor: Person, *, now: datetime, late_before: datetime | None = None) -> int:
    """Count the sessions and notes that wait to be written or signed."""
    return _count(_unsigned(counselor, now, late_before))


def signed(counselor: Person, *, wanted: Wanted = ALL) -> Board:
    """Return signed notes, the latest first."""
    return _page(_notes().where(Note.author_id == counselor.id, Note.status == SIGNED), counselor, wanted)


def chosen(counselor: Person, note_ids: Sequence[int], *, wanted: Wanted = ALL) -> Board:
    """Return some notes by this counselor, the oldest first."""
    ours = _notes().where(Note.author_id == counselor.id, Note.id.in_(note_ids))
    return _page(ours, counselor, wanted, newest_first=False)


def of_client(counselor: Person, client: Person, *, page: int = 1) -> Board:
    """Return a client's notes by this counselor, the newest first."""
    ours = _notes().where(Chart.counselor_id == counselor.id, Chart.client_id == client.id)
    return _page(ours, counselor, Wanted(page=page))


def _notes() -> Lines:
    notes: Lines = (
        select(Note.appointment_id, Note.id.label("note_id"), Chart.client_id, noted_at.label("at"))
        .join(Chart, Chart.id == Note.chart_id)
        .outerjoin(Appointment, Appointment.id == Note.appointment_id)
        .where(Note.kind.in_(IN_RECORD))
    )
    return notes


def _unsigned(counselor: Person, now: datetime, late_before: datetime | None) -> Lines:
    noted = select(Note.id).where(Note.appointment_id == Appointment.id, Note.kind == PROGRESS)
    unbegun = select(
        Appointment.id.label("appointment_id"),
        cast(null(), Integer).label("note_id"),
        Appointment.client_id,
        Appointment.starts_at.label("at"),
    ).where(
        Appointment.counselor_id == counselor.id,
        Appointment.ends_at <= now,
        Appointment.status.in_(NOTED),
        ~noted.exists(),
    )
    begun = _notes().where(Note.author_id == counselor.id, Note.status == DRAFT)
    if late_before is not None:
        unbegun, begun = unbegun.where(Appointment.starts_at < late_before), begun.where(noted_at < late_before)
    lines = union_all(unbegun, begun).subquery()
    return select(lines)


def _page(lines: Lines, counselor: Person, wanted: Wanted, *, newest_first: bool = True) -> Board:
    chosen = _narrowed(lines, counselor, wanted)
    total = _count(chosen)
    number = min(max(1, wanted.page), max(1, -(-total // PER_PAGE)))
    found = chosen.subquery()
    order = (found.c.at.desc(), found.c.note_id.desc()) if newest_first else (found.c.at, found.c.appointment_id)
    rows = db.session.execute(select(found).order_by(*order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    sessions = _by_id(Appointment, [row.appointment_id for row in rows])
    clients = _by_id(Person, [row.client_id for row in rows])
    ids = [row.note_id for row in rows]
    notes = {
        note.id: note
        for note in db.session.scalars(select(Note).where(Note.id.in_(ids)).options(selectinload(Note.addenda)))
    }
    return Board(
        [Line(sessions.get(r.appointment_id), notes.get(r.note_id), clients[r.client_id], r.at) for r in rows],
        number,
        total,
    )


def _by_id(model: Any, ids: Sequence[int | None]) -> Mapping[int | None, Any]:
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _narrowed(lines: Lines, counselor: Person, wanted: Wanted) -> Lines:
    """Keep the rows between two days whose client's name contains every word that was typed."""
    found, zone = lines.subquery(), ZoneInfo(counselor.zone)
    narrowed = select(found)
    if wanted.since != date.min:
        narrowed = narrowed.where(found.c.at >= datetime.combine(wanted.since, time(), zone))
    if wanted.until != date.min:
        narrowed = narrowed.where(found.c.at < datetime.combine(wanted.until + timedelta(days=1), time(), zone))
    words = plain(wanted.name).split()
    if not words:
        return narrowed
    people = db.session.execute(
        select(Person.id, Person.name).where(Person.id.in_(select(lines.subquery().c.client_id)))
    )
    ids = [number for number, name in people if all(word in plain(name) for word in words)]
    return narrowed.where(found.c.client_id.in_(ids))


def _count(lines: Lines) -> int:
    return db.session.scalar(select(func.count()).select_from(lines.subquery())) or 0
