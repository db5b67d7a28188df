"""Who viewed and changed what. The table only grows: the database refuses anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(45))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    action: str,
    *,
    person_id: int | None = None,
    subject: tuple[str, int] | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an entry to the current transaction."""
    _add(db.session, action, person_id, subject, detail)  # type: ignore[arg-type]  # a scoped session acts as one


def record_aside(
    action: str,
    *,
    person_id: int | None = None,
    subject: tuple[str, int] | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an entry in a transaction of its own, for a request that only reads."""
    with aside() as session:
        _add(session, action, person_id, subject, detail)


def _add(
    session: Session,
    action: str,
    person_id: int | None,
    subject: tuple[str, int] | None,
    detail: dict[str, Any] | None,
) -> None:
    session.add(
        AuditEntry(
            at=ports().clock.now(),
            person_id=person_id,
            action=action,
            subject_kind=subject[0] if subject else None,
            subject_id=subject[1] if subject else None,
            address=request.remote_addr if has_request_context() else None,
            detail=detail or {},
        )
    )
