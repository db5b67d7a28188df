"""Documents that were printed: enough to know one again, and not a word of what they say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import UTCDateTime
from practice.core.db import Model


class Paper(Model):
    """One PDF as it left the house: the SHA-256 of its bytes and of the code it carries."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name="digests_whole"),
        CheckConstraint("notes > 0", name="notes_counted"),
        Index("ix_papers_sha256", "sha256"),
        Index("ix_papers_chart", "chart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    notes: Mapped[int]
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OwnPaper(Model):
    """One PDF of their whole record, or of a part of it, as a client took it out by themselves."""

    __tablename__ = "own_papers"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name="digests_whole"),
        Index("ix_own_papers_sha256", "sha256"),
        Index("ix_own_papers_client", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
