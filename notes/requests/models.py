"""Requests of clients about their record, and the words that went to and fro. The words are sealed to the record."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from notes.requests.clocks import KINDS, LAWS
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

OPEN, GRANTED, PARTLY, DENIED, WITHDRAWN = "open", "granted", "partly", "denied", "withdrawn"
STATES = (OPEN, GRANTED, PARTLY, DENIED, WITHDRAWN)
ASKED, EXTENSION, ANSWER, DISAGREEMENT, REBUTTAL = "asked", "extension", "answer", "disagreement", "rebuttal"
SAYINGS = (ASKED, EXTENSION, ANSWER, DISAGREEMENT, REBUTTAL)


class RecordRequest(Model):
    """What a client asks, whose chart it is about, and when the answer is due."""

    __tablename__ = "record_requests"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        CheckConstraint(f"law IN {LAWS}", name="law_known"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint("chart_id IS NOT NULL OR kind IN ('access', 'erasure')", name="chart_of_words"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_whole"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        CheckConstraint("(extended_at IS NULL) = (extended_by_id IS NULL)", name="extended_whole"),
        Index("ix_record_requests_due", "state", "due_on"),
        Index("ix_record_requests_client", "client_id"),
        Index("ix_record_requests_chart", "chart_id"),
        Index(
            "uq_record_requests_open",
            "client_id",
            "kind",
            "chart_id",
            unique=True,
            postgresql_where=text("state = 'open' AND kind IN ('access', 'erasure')"),
            sqlite_where=text("state = 'open' AND kind IN ('access', 'erasure')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    chart_id: Mapped[int | None] = mapped_column(ForeignKey("charts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    law: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    asked_on: Mapped[date]
    """The day it came, on the practice's calendar."""
    due_on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    extended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    extended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    client: Mapped[Person] = relationship(foreign_keys=[client_id])
    chart: Mapped[Chart | None] = relationship()
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
    sayings: Mapped[list["Saying"]] = relationship(order_by="Saying.number", back_populates="request")

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state == OPEN


class Saying(Model):
    """What client or practice said about a request, sealed to the chart's record; it never changes."""

    __tablename__ = "request_sayings"
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("number > 0", name="number_counts"),
        CheckConstraint(f"kind IN {SAYINGS}", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("record_requests.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(14))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)

    request: Mapped[RecordRequest] = relationship(back_populates="sayings")
    author: Mapped[Person] = relationship()
