"""Openings of charts from outside the care team: who, when and the chosen reason stand clear, words are sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from notes.openings import rules
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person


class ChartOpening(Model):
    """One sitting in which somebody outside the care team read a chart, and its review.

    `answer` is dropped into the letterbox of the chart's record: whoever wrote it may have lost the chart by then.
    """

    __tablename__ = "chart_openings"
    __table_args__ = (
        CheckConstraint("(asked_at IS NULL) = (asked_by_id IS NULL)", name="asked_whole"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_whole"),
        CheckConstraint("answer IS NULL OR asked_at IS NOT NULL", name="asked_first"),
        CheckConstraint(f"verdict IS NULL OR verdict IN {rules.VERDICTS}", name="verdict_known"),
        CheckConstraint(
            "(verdict IS NULL) = (settled_at IS NULL) AND (verdict IS NULL) = (settled_by_id IS NULL)",
            name="settled_whole",
        ),
        CheckConstraint("settled_by_id IS NULL OR settled_by_id <> person_id", name="settled_by_another"),
        CheckConstraint("(noted_at IS NULL) = (noted_by_id IS NULL)", name="noted_whole"),
        CheckConstraint("noted_at IS NULL OR verdict = 'amiss'", name="noted_if_amiss"),
        Index("ix_chart_openings_chart", "chart_id", "opened_at"),
        Index("ix_chart_openings_person", "person_id", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sign_in_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    verdict: Mapped[str | None] = mapped_column(String(10))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    noted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    chart: Mapped[Chart] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
    noted_by: Mapped[Person | None] = relationship(foreign_keys=[noted_by_id])

    @property
    def stage(self) -> str:
        """Where its review stands."""
        return rules.stage(asked=self.asked_at is not None, answered=self.answer is not None, verdict=self.verdict)
