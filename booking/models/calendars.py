"""Calendars kept elsewhere, when they say a counselor is busy, and the address of one's own agenda."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person

NEUTRAL, BUSY, INITIALS = "neutral", "busy", "initials"
TITLES = (NEUTRAL, BUSY, INITIALS)


class ExternalCalendar(Model):
    """A calendar that a counselor keeps elsewhere and that is read by its address every so often."""

    __tablename__ = "external_calendars"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        CheckConstraint("claims >= 0", name="claims_not_negative"),
        Index("ix_external_calendars_counselor", "counselor_id"),
        Index("ix_external_calendars_due", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    label: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(SealedText("external_calendars.address"))
    """A secret: whoever has it reads the calendar."""
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claims: Mapped[int] = mapped_column(default=0)
    """Counts the readings begun, so that only the latest one is written down."""
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    """Readings in a row that failed."""
    problem: Mapped[str] = mapped_column(String(200), default="")
    """Why the last reading failed, in words; empty when it went well."""
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last was as it is here, changed or not."""
    content_read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its content was last taken in."""
    content_zone: Mapped[str] = mapped_column(String(60), default="")
    """The zone in which whole days were placed then."""
    etag: Mapped[str] = mapped_column(String(300), default="")
    last_modified: Mapped[str] = mapped_column(String(60), default="")

    counselor: Mapped[Person] = relationship()


class BusyTime(Model):
    """A stretch in which a calendar kept elsewhere says that its counselor is busy."""

    __tablename__ = "busy_times"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        Index("ix_busy_times_counselor", "counselor_id", "ends_at"),
        Index("ix_busy_times_calendar", "calendar_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("external_calendars.id", ondelete="CASCADE"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarFeed(Model):
    """The secret address under which a person's own agenda is read; only its hash is here."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        UniqueConstraint("person_id"),
        UniqueConstraint("token_hash"),
        CheckConstraint(f"titles IN {TITLES}", name="titles_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    titles: Mapped[str] = mapped_column(String(10), default=NEUTRAL)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a calendar program last asked, to the hour."""

    person: Mapped[Person] = relationship()
