"""What must leave the house, exactly once: planned with the deed, sent after the commit.

A row is written in the transaction of what caused it and is unique by its key. Any
number of schedulers claim rows under a lease and settle them fenced by (worker,
attempts), so that one that comes back from the dead cannot overwrite another's
result (transactional outbox; see `bench/reminders`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model, db
from practice.core.mail import Mail

STATES = ("planned", "sending", "sent", "failed", "withdrawn")

Renderer = Callable[["OutboxMessage", datetime], Mail | None]
_renderers: dict[str, Renderer] = {}


class OutboxMessage(Model):
    """One message to one person about one thing."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint(
            "state <> 'sending' OR (worker IS NOT NULL AND leased_until IS NOT NULL)", name="sending_leased"
        ),
        Index("ix_outbox_messages_due", "state", "due_at"),
        Index("ix_outbox_messages_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20), default="email")
    recipient_id: Mapped[int | None]
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]] = mapped_column(SealedJSON("outbox_messages.payload"))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(500))


def plan(
    *,
    key: str,
    kind: str,
    due_at: datetime,
    now: datetime,
    payload: dict[str, Any] | None = None,
    recipient_id: int | None = None,
    channel: str = "email",
    subject: tuple[str, int] | None = None,
) -> bool:
    """Plan a message inside the current transaction; tell whether the key was new."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(OutboxMessage)
        .values(
            key=key,
            kind=kind,
            channel=channel,
            recipient_id=recipient_id,
            subject_kind=subject[0] if subject else None,
            subject_id=subject[1] if subject else None,
            payload=payload or {},
            due_at=due_at,
            planned_at=now,
            state="planned",
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OutboxMessage.id)
    )
    return db.session.execute(statement).first() is not None


def withdraw(*, subject: tuple[str, int], now: datetime, kinds: tuple[str, ...] | None = None) -> int:
    """Take back what is still planned about a thing; return how many messages that were."""
    statement = update(OutboxMessage).where(
        OutboxMessage.subject_kind == subject[0],
        OutboxMessage.subject_id == subject[1],
        OutboxMessage.state == "planned",
    )
    if kinds is not None:
        statement = statement.where(OutboxMessage.kind.in_(kinds))
    result = db.session.execute(
        statement.values(state="withdrawn", settled_at=now).execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def about(subject: tuple[str, int]) -> list[OutboxMessage]:
    """Return every message about a thing, the earliest due first."""
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.subject_kind == subject[0], OutboxMessage.subject_id == subject[1])
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
        )
    )


def renders(kind: str) -> Callable[[Renderer], Renderer]:
    """Register who turns messages of this kind into mail, or into None when it is no longer wanted."""

    def register(renderer: Renderer) -> Renderer:
        _renderers[kind] = renderer
        return renderer

    return register


def renderer_of(kind: str) -> Renderer | None:
    """Return who renders this kind."""
    return _renderers.get(kind)
