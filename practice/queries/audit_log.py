"""The audit log, read page by page from the newest backwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person

PAGE_SIZE = 50
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; empty fields want all."""

    who: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of entries; `older` continues after the last, `newer` goes back before the first."""

    entries: Sequence[AuditEntry]
    older: int | None
    newer: int | None


def page(wanted: Filter, *, before: int | None = None, after: int | None = None) -> Entries:
    """Return one page by keyset: entries older than `before`, or the next ones newer than `after`."""
    statement = select(AuditEntry).where(*_conditions(wanted))
    if after is not None:
        rows = db.session.scalars(
            statement.where(AuditEntry.id > after).order_by(AuditEntry.id).limit(PAGE_SIZE + 1)
        ).all()
        shown = list(rows[:PAGE_SIZE])[::-1]
        return Entries(shown, shown[-1].id if shown else None, shown[0].id if len(rows) > PAGE_SIZE else None)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    rows = db.session.scalars(statement.order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)).all()
    shown = list(rows[:PAGE_SIZE])
    older = shown[-1].id if len(rows) > PAGE_SIZE else None
    return Entries(shown, older, shown[0].id if shown and before is not None else None)


def export(wanted: Filter) -> Iterator[AuditEntry]:
    """Return every entry that is wanted, the newest first, up to a hundred thousand."""
    yield from db.session.scalars(
        select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).limit(MOST_EXPORTED)
    ).yield_per(500)


def actions() -> list[str]:
    """List the actions that occur."""
    return list(db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def names(entries: Sequence[AuditEntry]) -> Mapping[int, str]:
    """Return the names of the people who act, or are acted on, in these entries."""
    ids = {entry.person_id for entry in entries} | {
        entry.subject_id for entry in entries if entry.subject_kind == "person"
    }
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids - {None})))
    return {int(person_id): str(name) for person_id, name in rows}


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.person_id is not None:
        found.append(_concerns([wanted.person_id]))
    if wanted.who:
        found.append(_concerns(list(_ids_of(wanted.who))))
    if wanted.action:
        found.append(AuditEntry.action == wanted.action)
    if wanted.since:
        found.append(AuditEntry.at >= _midnight(wanted.since, wanted.zone))
    if wanted.until:
        found.append(AuditEntry.at < _midnight(wanted.until + timedelta(days=1), wanted.zone))
    return found


def _concerns(ids: list[int]) -> ColumnElement[bool]:
    return or_(AuditEntry.person_id.in_(ids), and_(AuditEntry.subject_kind == "person", AuditEntry.subject_id.in_(ids)))


def _ids_of(who: str) -> Sequence[int]:
    return db.session.scalars(
        select(Person.id)
        .where(or_(Person.name.icontains(who, autoescape=True), Person.email.contains(who.lower(), autoescape=True)))
        .limit(500)
    ).all()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
