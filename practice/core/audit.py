"""Who viewed and changed what. The table only grows: the database refuses anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import UTCDateTime
from practice.core.db import Model, aside, db
from practice.core.ports import ports


class AuditEntry(Model):
    """One deed or view by one person."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_person", "person_id", "at"),
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_about", "about_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(45))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    about_id: Mapped[int | None]
    acting: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))


def record(
    action: str,
    *,
    person_id: int | None = None,
    subject: tuple[str, int] | None = None,
    detail: dict[str, Any] | None = None,
    about: int | None = None,
    acting: str | None = None,
    reason: str | None = None,
) -> None:
    """Add an entry to the current transaction.

    `about` is the client whose record it concerns, who may read the entry; `acting` the role in which
    the person acted ("supervisor"), and `reason` one of a few that can be chosen, never free words.
    """
    db.session.add(_entry(action, person_id, subject, detail, (about, acting, reason)))


def record_aside(
    action: str,
    *,
    person_id: int | None = None,
    subject: tuple[str, int] | None = None,
    detail: dict[str, Any] | None = None,
    about: int | None = None,
    acting: str | None = None,
    reason: str | None = None,
) -> None:
    """Add an entry in a transaction of its own, for a request that only reads."""
    with aside() as session:
        session.add(_entry(action, person_id, subject, detail, (about, acting, reason)))


def _entry(
    action: str,
    person_id: int | None,
    subject: tuple[str, int] | None,
    detail: dict[str, Any] | None,
    access: tuple[int | None, str | None, str | None],
) -> AuditEntry:
    about, acting, reason = access
    return AuditEntry(
        at=ports().clock.now(),
        person_id=person_id,
        action=action,
        subject_kind=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        address=request.remote_addr if has_request_context() else None,
        detail=detail or {},
        about_id=about,
        acting=acting,
        reason=reason,
    )
