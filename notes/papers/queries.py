"""Which notes go on a paper, and whether a paper is ours."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from booking.models.appointments import Appointment
from notes.models import DRAFT, SIGNED, Note
from notes.papers import codes
from notes.papers.models import OwnPaper, Paper
from notes.queries import noted_at, record_notes
from notes.release.models import Packet
from notes.retention.models import Erasure
from practice.core.db import db
from practice.models import Person


def signed_between(
    author: Person, client: Person, first: date | None, last: date | None, *, zone: ZoneInfo
) -> Sequence[Note]:
    """Return the signed notes of the record from day to day, both included, in the order of their sessions."""
    ours = (
        record_notes(author, client)
        .outerjoin(Appointment, Appointment.id == Note.appointment_id)
        .where(Note.status == SIGNED)
        .order_by(noted_at, Note.id)
        .options(selectinload(Note.addenda))
    )
    begins, ends = between(first, last, zone)
    if begins:
        ours = ours.where(noted_at >= begins)
    if ends:
        ours = ours.where(noted_at < ends)
    return db.session.scalars(ours).all()


def count_of(author: Person, client: Person) -> dict[str, int]:
    """Count the notes of the record by their state: `signed` and `draft`."""
    counted = record_notes(author, client).with_only_columns(Note.status, func.count(Note.id)).group_by(Note.status)
    return {SIGNED: 0, DRAFT: 0, **dict(db.session.execute(counted).all())}


Issued = Paper | OwnPaper | Packet | Erasure


def paper_with(code: str) -> Issued | None:
    """Return the paper that carries a code."""
    return _known("code_hash", codes.digest(code))


def paper_of(sha256: str) -> Issued | None:
    """Return the paper whose file has this SHA-256."""
    return _known("sha256", sha256)


def between(first: date | None, last: date | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return the instants from which and before which something lies in a span of days, both included."""
    return _begins(first, zone) if first else None, _begins(last + timedelta(days=1), zone) if last else None


def _known(column: str, value: str) -> Issued | None:
    kinds: tuple[Any, ...] = (Paper, OwnPaper, Packet, Erasure)
    found = (db.session.scalars(select(kind).filter_by(**{column: value}).order_by(kind.id)).first() for kind in kinds)
    return next((paper for paper in found if paper), None)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
