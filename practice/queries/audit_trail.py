"""The audit log's seal, and what a client may read of the log: who opened their record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from practice.trail.models import AuditHead, AuditTree

PAGE_SIZE = 30
OPENED = ("viewed", "read", "opened", "searched", "printed", "exported", "downloaded")
"""The last words of actions by which somebody gets to see a record."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One time that somebody saw a record; `name` is empty for somebody who has no account any more."""

    entry: AuditEntry
    name: str


@dataclass(frozen=True, slots=True)
class Openings:
    """One page of openings, the newest first; `older` continues after the last."""

    openings: Sequence[Opening]
    older: int | None


def openings(client: Person, *, before: int | None = None) -> Openings:
    """Return who else saw the client's record."""
    wanted = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(
            or_(
                AuditEntry.about_id == client.id,
                and_(AuditEntry.subject_kind == "person", AuditEntry.subject_id == client.id),
            ),
            AuditEntry.person_id != client.id,
            or_(*(AuditEntry.action.endswith(f".{word}") for word in OPENED)),
        )
    )
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    rows = db.session.execute(wanted.order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)).all()
    shown = [Opening(entry, name or "") for entry, name in rows[:PAGE_SIZE]]
    return Openings(shown, shown[-1].entry.id if len(rows) > PAGE_SIZE else None)


def size() -> int:
    """Count the entries that have their place in the tree."""
    return db.session.scalar(select(AuditTree.size)) or 0


def heads(*, most: int) -> Sequence[AuditHead]:
    """Return the newest heads."""
    return db.session.scalars(select(AuditHead).order_by(AuditHead.id.desc()).limit(most)).all()


def notes() -> Sequence[str]:
    """Return every head as it was signed, the oldest first."""
    return db.session.scalars(select(AuditHead.note).order_by(AuditHead.id)).all()


def last_check() -> AuditEntry | None:
    """Return the entry of the last check of the log."""
    checks = select(AuditEntry).where(AuditEntry.action == "audit.checked").order_by(AuditEntry.id.desc())
    return db.session.scalars(checks.limit(1)).first()
