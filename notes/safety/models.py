"""Safety plans: one a chart, in versions that never change, every word sealed to counselor and client."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person


class SafetyPlan(Model):
    """The plan of one chart, and which version of it counts."""

    __tablename__ = "safety_plans"
    __table_args__ = (UniqueConstraint("chart_id"), CheckConstraint("version >= 0", name="version_counts"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    version: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    chart: Mapped[Chart] = relationship()
    versions: Mapped[list["SafetyVersion"]] = relationship(
        order_by="SafetyVersion.version.desc()", back_populates="plan"
    )


class SafetyVersion(Model):
    """What a plan said from one save to the next, and who wrote it."""

    __tablename__ = "safety_versions"
    __table_args__ = (
        UniqueConstraint("plan_id", "version"),
        CheckConstraint("version > 0 AND base_version >= 0 AND base_version < version", name="version_grows"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("safety_plans.id"))
    version: Mapped[int]
    base_version: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    plan: Mapped[SafetyPlan] = relationship(back_populates="versions")
    author: Mapped[Person] = relationship()
