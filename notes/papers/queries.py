"""Which notes go on a paper, and whether a paper is ours."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from booking.models.appointments import Appointment
from notes.models import DRAFT, SIGNED, Note
from notes.papers import codes
from notes.papers.models import OwnPaper, Paper
from notes.queries import noted_at, record_notes
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
    if first:
        ours = ours.where(noted_at >= _begins(first, zone))
    if last:
        ours = ours.where(noted_at < _begins(last + timedelta(days=1), zone))
    return db.session.scalars(ours).all()


def count_of(author: Person, client: Person) -> dict[str, int]:
    """Count the notes of the record by their state: `signed` and `draft`."""
    counted = record_notes(author, client).with_only_columns(Note.status, func.count(Note.id)).group_by(Note.status)
    return {SIGNED: 0, DRAFT: 0, **dict(db.session.execute(counted).all())}


def paper_with(code: str) -> Paper | OwnPaper | None:
    """Return the paper that carries a code."""
    code_hash = codes.digest(code)
    counselors = db.session.scalar(select(Paper).where(Paper.code_hash == code_hash))
    return counselors or db.session.scalar(select(OwnPaper).where(OwnPaper.code_hash == code_hash))


def paper_of(sha256: str) -> Paper | OwnPaper | None:
    """Return the paper whose file has this SHA-256."""
    counselors = db.session.scalars(select(Paper).where(Paper.sha256 == sha256).order_by(Paper.id)).first()
    own = select(OwnPaper).where(OwnPaper.sha256 == sha256).order_by(OwnPaper.id)
    return counselors or db.session.scalars(own).first()


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
