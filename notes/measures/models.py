"""What is asked of whom and when, and the alerts that answers raise. Every answer and every word about one is sealed.

In the clear stand times, people and states. Which questionnaire it is lies under the field keys, so that the clock can
ask for it again while nobody is signed in.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.measures.register import FREE
from notes.measures.rhythm import RHYTHMS, Rhythm
from notes.models import Chart
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person

ASKED, BEGUN, GIVEN, WITHDRAWN = "asked", "begun", "given", "withdrawn"
STATES = (ASKED, BEGUN, GIVEN, WITHDRAWN)
OPEN = (ASKED, BEGUN)


class MeasureRules(Model):
    """What the practice decides about questionnaires: one row."""

    __tablename__ = "measure_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("alert_minutes BETWEEN 5 AND 1440", name="alert_minutes_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    alert_minutes: Mapped[int] = mapped_column(default=60)


class MeasureOffer(Model):
    """Whether the practice offers a questionnaire; those that are not free cannot have a row."""

    __tablename__ = "measure_offers"
    __table_args__ = (CheckConstraint(f"instrument IN {tuple(FREE)}", name="instrument_free"),)

    instrument: Mapped[str] = mapped_column(String(20), primary_key=True)
    offered: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class MeasurePlan(Model):
    """A counselor's wish to have something asked of a client again and again, or once."""

    __tablename__ = "measure_plans"
    __table_args__ = (
        CheckConstraint(f"rhythm IN {RHYTHMS}", name="rhythm_known"),
        CheckConstraint("every BETWEEN 1 AND 26", name="every_bounds"),
        Index("ix_measure_plans_chart", "chart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    instrument: Mapped[str] = mapped_column(SealedText("measure_plans.instrument"))
    rhythm: Mapped[str] = mapped_column(String(12))
    every: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    chart: Mapped[Chart] = relationship()

    @property
    def how_often(self) -> Rhythm:
        """The rhythm as the rules know it."""
        return Rhythm(self.rhythm, self.every)


class MeasureAsking(Model):
    """One time a questionnaire was asked; `progress` is sealed to whoever answers, `sealed` to the chart."""

    __tablename__ = "measure_askings"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint(
            "(state = 'given') = (sealed IS NOT NULL AND given_at IS NOT NULL AND given_by_id IS NOT NULL)",
            name="given_whole",
        ),
        CheckConstraint("state IN ('asked', 'begun') OR progress IS NULL", name="progress_while_open"),
        CheckConstraint("saves >= 0", name="saves_count"),
        Index("ix_measure_askings_chart", "chart_id", "state"),
        Index("ix_measure_askings_plan", "plan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("measure_plans.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    instrument: Mapped[str] = mapped_column(SealedText("measure_askings.instrument"))
    state: Mapped[str] = mapped_column(String(12), default=ASKED)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saves: Mapped[int] = mapped_column(default=0)
    progress: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    chart: Mapped[Chart] = relationship()
    given_by: Mapped[Person | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be answered."""
        return self.state in OPEN


class MeasureAlert(Model):
    """An answer that calls for somebody at once: raised, seen, and settled with what was done."""

    __tablename__ = "measure_alerts"
    __table_args__ = (
        UniqueConstraint("asking_id"),
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_whole"),
        CheckConstraint(
            "(settled_at IS NULL) = (settled IS NULL) AND (settled_at IS NULL) = (settled_by_id IS NULL)",
            name="settled_whole",
        ),
        CheckConstraint("settled_at IS NULL OR seen_at IS NOT NULL", name="seen_first"),
        CheckConstraint("(told_at IS NULL) = (told_times = 0)", name="told_whole"),
        Index("ix_measure_alerts_open", "settled_at", "seen_at"),
        Index("ix_measure_alerts_chart", "chart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asking_id: Mapped[int] = mapped_column(ForeignKey("measure_askings.id"))
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    told_times: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_on_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled: Mapped[bytes | None] = mapped_column(LargeBinary)

    asking: Mapped[MeasureAsking] = relationship()
    chart: Mapped[Chart] = relationship()
    seen_by: Mapped[Person | None] = relationship(foreign_keys=[seen_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
