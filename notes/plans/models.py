"""Treatment plans, of which every word is sealed; each saved state is a row that never changes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person


class PlanVersion(Model):
    """A chart's whole plan as it stood from one moment on; in the clear stands only the day of its next review."""

    __tablename__ = "plan_versions"
    __table_args__ = (
        UniqueConstraint("chart_id", "version"),
        CheckConstraint("version > 0", name="version_counts"),
        CheckConstraint("epoch > 0", name="epoch_counts"),
        Index("ix_plan_versions_review", "review_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    version: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    epoch: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    review_on: Mapped[date | None]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    chart: Mapped[Chart] = relationship()
    author: Mapped[Person] = relationship()
