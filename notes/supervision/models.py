"""Supervisions, what came of each note in them, comments of which every word is sealed, and hours."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Note
from notes.supervision.rules import DECISIONS, DUTIES, FORMATS
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

_RUNNING = "ended_at IS NULL"


class Supervision(Model):
    """One counselor under the eyes of another: arranged by the practice, and accepted by whose charts are opened."""

    __tablename__ = "supervisions"
    __table_args__ = (
        CheckConstraint("supervisor_id <> supervisee_id", name="two_people"),
        CheckConstraint(f"duty IN {DUTIES}", name="duty_known"),
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="days_in_order"),
        Index(
            "uq_supervisions_running",
            "supervisor_id",
            "supervisee_id",
            unique=True,
            postgresql_where=text(_RUNNING),
            sqlite_where=text(_RUNNING),
        ),
        Index("ix_supervisions_supervisee", "supervisee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    duty: Mapped[str] = mapped_column(String(10))
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    arranged_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    arranged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    supervisor: Mapped[Person] = relationship(foreign_keys=[supervisor_id])
    supervisee: Mapped[Person] = relationship(foreign_keys=[supervisee_id])
    arranged_by: Mapped[Person] = relationship(foreign_keys=[arranged_by_id])


class NoteReview(Model):
    """What a supervisor decided about the signed note they read; the row never changes."""

    __tablename__ = "note_reviews"
    __table_args__ = (
        CheckConstraint(f"decision IN {DECISIONS}", name="decision_known"),
        CheckConstraint("addenda >= 0", name="addenda_count"),
        Index(
            "uq_note_reviews_final",
            "note_id",
            "reviewer_id",
            unique=True,
            postgresql_where=text("decision <> 'returned'"),
            sqlite_where=text("decision <> 'returned'"),
        ),
        Index("ix_note_reviews_note", "note_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    supervision_id: Mapped[int] = mapped_column(ForeignKey("supervisions.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decision: Mapped[str] = mapped_column(String(10))
    fingerprint: Mapped[str] = mapped_column(String(64))
    addenda: Mapped[int]
    reviewed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    note: Mapped[Note] = relationship()
    reviewer: Mapped[Person] = relationship()


class ReviewComment(Model):
    """Something said between supervisor and supervisee about a note; it is no part of the record."""

    __tablename__ = "review_comments"
    __table_args__ = (
        UniqueConstraint("note_id", "number"),
        CheckConstraint("number > 0", name="number_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    epoch: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)

    note: Mapped[Note] = relationship()
    author: Mapped[Person] = relationship()


class SupervisionHour(Model):
    """Time spent in supervision: written down by one of the two and confirmed by the other."""

    __tablename__ = "supervision_hours"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes_bounds"),
        CheckConstraint(f"format IN {FORMATS}", name="format_known"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_whole"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="confirmed_by_other"),
        CheckConstraint("withdrawn_at IS NULL OR confirmed_at IS NULL", name="confirmed_stays"),
        Index("ix_supervision_hours_supervision", "supervision_id", "met_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supervision_id: Mapped[int] = mapped_column(ForeignKey("supervisions.id"))
    met_on: Mapped[date]
    minutes: Mapped[int]
    format: Mapped[str] = mapped_column(String(12))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    supervision: Mapped[Supervision] = relationship()
    entered_by: Mapped[Person] = relationship(foreign_keys=[entered_by_id])
