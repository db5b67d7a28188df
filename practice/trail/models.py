"""The leaves of the audit tree and its signed heads; both only grow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import UTCDateTime
from practice.core.db import Model


class AuditLeaf(Model):
    """One entry's place in the tree, counted from 0 without gaps, and its hash."""

    __tablename__ = "audit_leaves"
    __table_args__ = (
        UniqueConstraint("entry_id"),
        CheckConstraint("position >= 0", name="position_counts"),
        CheckConstraint("length(hash) = 32", name="hash_whole"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditTree(Model):
    """How far the tree has grown: one row, which whoever appends holds; all of it follows from the leaves."""

    __tablename__ = "audit_tree"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(default=0)
    frontier: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


class AuditHead(Model):
    """A head as it was signed and sent out."""

    __tablename__ = "audit_heads"
    __table_args__ = (CheckConstraint("size >= 0", name="size_counts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text)
