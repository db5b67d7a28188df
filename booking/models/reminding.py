"""What counselors and clients have chosen about reminders, with whose leave texts go out, and what people answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person

STANDING = "given_at IS NOT NULL AND ended_at IS NULL"
ENDINGS = ("page", "stop", "carrier", "replaced")


class ReminderPlan(Model):
    """A counselor's own plan for a service; a service without one has the usual plan."""

    __tablename__ = "reminder_plans"
    __table_args__ = (CheckConstraint("counselor_minutes BETWEEN 1 AND 20160", name="counselor_minutes_bounds"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    counselor_minutes: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    offsets: Mapped[list[ServiceReminder]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="ServiceReminder.minutes.desc()"
    )


class ServiceReminder(Model):
    """One reminder of a service: how many minutes before, and by which roads."""

    __tablename__ = "service_reminders"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 20160", name="minutes_bounds"),
        CheckConstraint("by_email OR by_sms", name="some_road"),
    )

    service_id: Mapped[int] = mapped_column(
        ForeignKey("reminder_plans.service_id", ondelete="CASCADE"), primary_key=True
    )
    minutes: Mapped[int] = mapped_column(primary_key=True)
    by_email: Mapped[bool]
    by_sms: Mapped[bool]


class ReminderChoice(Model):
    """What a client has chosen; whoever has not chosen gets every reminder by e-mail."""

    __tablename__ = "reminder_choices"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439", name="quiet_bounds"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    by_email: Mapped[bool] = mapped_column(default=True)
    by_sms: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """The minutes before a session at which this client wants no reminder."""
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)
    quiet_until: Mapped[int] = mapped_column(default=8 * 60)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TextConsent(Model):
    """Leave to text a telephone: the words that were shown, and when the code proved whose telephone it is."""

    __tablename__ = "text_consents"
    __table_args__ = (
        CheckConstraint(f"ended_by IS NULL OR ended_by IN {ENDINGS}", name="ending_known"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_something"),
        Index(
            "uq_text_consents_standing",
            "person_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index("ix_text_consents_phone_tail", "phone_tail"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(SealedText("text_consents.phone"))
    """In E.164."""
    phone_tail: Mapped[str] = mapped_column(String(3))
    """The last three digits, by which a text that comes in is matched without opening every number."""
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    code_hash: Mapped[str] = mapped_column(String(64))
    code_until: Mapped[datetime] = mapped_column(UTCDateTime)
    code_tries: Mapped[int] = mapped_column(default=0)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(12))

    person: Mapped[Person] = relationship()


class ReminderLink(Model):
    """A one-time link in a reminder, bound to one version of one appointment; only its hash is kept."""

    __tablename__ = "reminder_links"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_reminder_links_appointment", "appointment_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"))
    version: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_for: Mapped[str | None] = mapped_column(String(12))


class AttendanceAnswer(Model):
    """A client's word that they will be there, for one version of an appointment."""

    __tablename__ = "attendance_answers"
    __table_args__ = (CheckConstraint("road IN ('link', 'text', 'page')", name="road_known"),)

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    road: Mapped[str] = mapped_column(String(8))


class IncomingText(Model):
    """A text that came in: what was understood of it and what was answered, so that a repeat is answered alike."""

    __tablename__ = "incoming_texts"
    __table_args__ = (UniqueConstraint("provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    verb: Mapped[str] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(Text)
