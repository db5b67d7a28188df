"""Whose charts somebody has in hand, who else reads them, and what was lent to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from notes.custody import rings
from notes.custody.models import COVER, SUCCESSOR, Access
from notes.models import DRAFT, IN_RECORD, SIGNED, Chart, Note
from practice.core.db import db
from practice.models import COUNSELOR, Person, PersonRole


@dataclass(frozen=True, slots=True)
class Reader:
    """A colleague who reads charts: in what role, until when, and which."""

    person: Person
    kind: str
    ends_at: datetime | None
    accesses: Sequence[Access]


def charts_in_hand(person: Person) -> Sequence[Chart]:
    """Return a counselor's own charts and those they took over, by the names of their clients."""
    ours = select(Chart).join(Person, Person.id == Chart.client_id).where(Chart.id.in_(_in_hand(person)))
    return db.session.scalars(ours.options(joinedload(Chart.client)).order_by(func.lower(Person.name), Chart.id)).all()


def readers_of(person: Person, *, now: datetime) -> list[Reader]:
    """Return who else reads the charts a counselor has in hand, those who leave first before the others."""
    rows = db.session.scalars(
        _standing(now)
        .where(Access.chart_id.in_(_in_hand(person)), Access.person_id != person.id)
        .join(Person, Person.id == Access.person_id)
        .order_by(Access.ends_at.is_(None), Access.ends_at, func.lower(Person.name), Access.chart_id)
    )
    found: dict[tuple[int, str, datetime | None], list[Access]] = {}
    for row in rows:
        found.setdefault((row.person_id, row.kind, row.ends_at), []).append(row)
    return [
        Reader(rows[0].person, kind, ends_at, sorted(rows, key=lambda row: row.chart.client.name.lower()))
        for (_, kind, ends_at), rows in found.items()
    ]


def shut_out(readers: Iterable[Reader]) -> set[int]:
    """Name the readers who have new keys since they were let in, so that they cannot open what they were given."""
    by_person = {reader.person.id: reader.accesses for reader in readers}
    newest = rings.newest_keys(by_person)
    return {
        person_id
        for person_id, accesses in by_person.items()
        for access in accesses
        if person_id not in newest or newest[person_id].name != f"person/{person_id}/{access.key_number}"
    }


def may_end(access: Access, person: Person) -> bool:
    """Tell whether somebody may take a chart back: its counselor, and whoever gave it; supervision ends elsewhere."""
    return access.kind in {COVER, SUCCESSOR} and person.id in {access.chart.counselor_id, access.given_by_id}


def access_for(person: Person, access_id: int, *, now: datetime) -> Access | None:
    """Return an access that this counselor may end."""
    found = db.session.scalar(_standing(now).where(Access.id == access_id))
    return found if found and may_end(found, person) else None


def lent_to(person: Person, *, now: datetime) -> Sequence[Access]:
    """Return what was lent or handed over to somebody, by the names of the clients."""
    mine = _standing(now).where(Access.person_id == person.id, Access.kind.in_((COVER, SUCCESSOR)))
    return sorted(db.session.scalars(mine), key=lambda row: (row.chart.client.name.lower(), row.id))


def lent_chart(person: Person, chart_id: int, *, now: datetime) -> Access | None:
    """Return by what right somebody reads a chart that was lent or handed over to them."""
    return next((row for row in lent_to(person, now=now) if row.chart_id == chart_id), None)


def notes_of(chart: Chart, *, drafts: bool) -> Sequence[Note]:
    """Return the notes of a chart's record, the latest first: the signed ones, and drafts where they are wanted."""
    states = (SIGNED, DRAFT) if drafts else (SIGNED,)
    ours = select(Note).where(
        Note.chart_id == chart.id, Note.status.in_(states), Note.kind.in_(IN_RECORD), Note.version > 0
    )
    return sorted(
        db.session.scalars(ours.options(joinedload(Note.appointment))), key=lambda note: note.at, reverse=True
    )


def unsigned(person: Person) -> int:
    """Count the notes a counselor has begun and not signed."""
    ours = select(func.count()).where(Note.author_id == person.id, Note.status == DRAFT, Note.kind.in_(IN_RECORD))
    return db.session.scalar(ours) or 0


def colleagues(person: Person | None = None) -> Sequence[Person]:
    """Return the counselors of the practice whose accounts are open, without one of them."""
    ours = select(Person).where(
        Person.role_rows.any(PersonRole.role == COUNSELOR),
        Person.closed_at.is_(None),
        Person.confirmed_at.is_not(None),
        Person.id != (person.id if person else 0),
    )
    return db.session.scalars(ours.order_by(func.lower(Person.name), Person.id)).all()


def _in_hand(person: Person) -> Select[int]:
    taken = select(Access.chart_id).where(
        Access.person_id == person.id, Access.kind == SUCCESSOR, Access.ended_at.is_(None)
    )
    return select(Chart.id).where(or_(Chart.counselor_id == person.id, Chart.id.in_(taken)))


def _standing(now: datetime) -> Select[Access]:
    return (
        select(Access)
        .where(Access.ended_at.is_(None), or_(Access.ends_at.is_(None), Access.ends_at > now))
        .options(
            joinedload(Access.person),
            joinedload(Access.given_by),
            joinedload(Access.chart).joinedload(Chart.client),
            joinedload(Access.chart).joinedload(Chart.counselor),
        )
    )
