"""Layouts somebody built and snippets somebody keeps; every word sealed under their own key."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import UTCDateTime
from practice.core.db import Model


class OwnLayout(Model):
    """A layout somebody built. Each change makes a new version; notes keep the one they were written in."""

    __tablename__ = "own_layouts"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_counts"),
        Index("ix_own_layouts_author", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Snippet(Model):
    """Words that stand in for a shortcut while one writes."""

    __tablename__ = "snippets"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_counts"),
        Index("ix_snippets_author", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
