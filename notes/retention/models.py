"""How long charts are kept, what holds them back, and the certificates of those that were erased."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from notes.retention.exceptions import EXCEPTIONS
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person

RETENTION, REQUEST = "retention", "request"
GROUNDS = (RETENTION, REQUEST)


class RetentionRule(Model):
    """How long a place wants records kept; the one without a place is the practice's usual rule."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        UniqueConstraint("place"),
        CheckConstraint("years BETWEEN 1 AND 99", name="years_bounds"),
        CheckConstraint("until_age IS NULL OR until_age BETWEEN 18 AND 40", name="until_age_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(60))
    years: Mapped[int]
    until_age: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(300))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class ChartKeeping(Model):
    """What is known of one chart's time: its rule, its client's birth, and who agreed that it may end."""

    __tablename__ = "chart_keepings"
    __table_args__ = (
        UniqueConstraint("chart_id"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by_id IS NULL)", name="reviewed_whole"),
        CheckConstraint(f"exception IN {EXCEPTIONS}", name="exception_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("retention_rules.id"))
    born_on: Mapped[str | None] = mapped_column(SealedText("chart_keepings.born_on"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    exception: Mapped[str | None] = mapped_column(String(12))
    """Why it may end before its day, where whoever agreed says so."""
    reason: Mapped[str | None] = mapped_column(SealedText("chart_keepings.reason"))
    told_until: Mapped[date | None]
    """The day it was kept until when those who decide were told that it is over."""

    chart: Mapped[Chart] = relationship()
    rule: Mapped[RetentionRule | None] = relationship()
    reviewed_by: Mapped[Person | None] = relationship()


class LegalHold(Model):
    """Nothing of a chart may be destroyed until this is released; the reason is encrypted under the field keys."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_whole"),
        Index(
            "uq_legal_holds_standing",
            "chart_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
            sqlite_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    reason: Mapped[str] = mapped_column(SealedText("legal_holds.reason"))
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    chart: Mapped[Chart] = relationship()
    placed_by: Mapped[Person] = relationship(foreign_keys=[placed_by_id])
    released_by: Mapped[Person | None] = relationship(foreign_keys=[released_by_id])


class Erasure(Model):
    """That a chart was lawfully erased, on what ground, by whom, and the certificate as it was issued."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint(f"ground IN {GROUNDS}", name="ground_known"),
        CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name="digests_whole"),
        CheckConstraint("(ground = 'request') = (request_id IS NOT NULL)", name="request_named"),
        CheckConstraint(f"exception IN {EXCEPTIONS}", name="exception_known"),
        UniqueConstraint("code_hash"),
        Index("ix_erasures_sha256", "sha256"),
        Index("ix_erasures_chart", "chart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    ground: Mapped[str] = mapped_column(String(12))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("record_requests.id"))
    kept_until: Mapped[date]
    keys: Mapped[int]
    envelopes: Mapped[int]
    rows: Mapped[int]
    reviewed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    erased_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    erased_at: Mapped[datetime] = mapped_column(UTCDateTime)
    code_hash: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    exception: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(SealedText("erasures.reason"))

    chart: Mapped[Chart] = relationship()
    erased_by: Mapped[Person] = relationship(foreign_keys=[erased_by_id])
    reviewed_by: Mapped[Person] = relationship(foreign_keys=[reviewed_by_id])

    @property
    def printed_at(self) -> datetime:
        """When the certificate was issued."""
        return self.erased_at
