"""What must leave the house, exactly once: planned with the deed, sent after the commit.

A row is written in the transaction of what caused it and is unique by its key. Any
number of schedulers claim rows under a lease and settle them fenced by (worker,
attempts), so that one that comes back from the dead cannot overwrite another's
result (transactional outbox; see `claims`, `delivery` and `bench/reminders`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    Table,
    UniqueConstraint,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model, db
from practice.core.mail import Mail
from practice.core.texts import Text

PLANNED, SENDING, SENT, DELIVERED = "planned", "sending", "sent", "delivered"
FAILED, LATE, WITHDRAWN = "failed", "late", "withdrawn"
_NONE: ColumnElement[int] = literal_column("0")
STATES = (PLANNED, SENDING, SENT, DELIVERED, FAILED, LATE, WITHDRAWN)
EMAIL, SMS = "email", "sms"


@dataclass(frozen=True, slots=True)
class TooLate:
    """The message would now come too late to be of use."""

    why: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """The message is still wanted, but not before another time."""

    until: datetime


Rendered = Mail | Text | TooLate | Postponed | None
"""What a message turns into when it is due; None when nobody wants it any more."""

Renderer = Callable[["OutboxMessage", datetime], Rendered]
_renderers: dict[str, Renderer] = {}

Preparer = Callable[[Sequence["OutboxMessage"]], Renderer]
_preparers: dict[str, Preparer] = {}


class OutboxMessage(Model):
    """One message to one person about one thing."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint("state <> 'sending' OR worker IS NOT NULL", name="sending_held"),
        Index("ix_outbox_messages_due", "state", "due_at"),
        Index("ix_outbox_messages_subject", "subject_kind", "subject_id"),
        Index("ix_outbox_messages_recipient", "recipient_id", "channel", "settled_at"),
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
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider_id: Mapped[str | None] = mapped_column(String(64))
    last_error: Mapped[str | None] = mapped_column(String(500))
    error_code: Mapped[str | None] = mapped_column(String(40))
    uncertain: Mapped[bool] = mapped_column(default=False)
    """Whether an attempt was broken off while the carrier had it, so that it may have gone through."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to plan."""

    key: str
    kind: str
    due_at: datetime
    recipient_id: int | None = None
    channel: str = EMAIL
    payload: dict[str, Any] = field(default_factory=dict)
    subject: tuple[str, int] | None = None


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
    return bool(plan_all([Planned(key, kind, due_at, recipient_id, channel, payload or {}, subject)], now=now))


def plan_all(messages: Iterable[Planned], *, now: datetime, revive: bool = False) -> int:
    """Plan messages inside the current transaction, with one statement; return how many are planned now by it.

    A key that is there already stays as it is. With `revive`, what was taken back before it was ever tried is planned
    again.
    """
    rows = [_row(each, now) for each in messages]
    if not rows:
        return 0
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # The rows come beside the statement, so that it is compiled once for any number of them; values of its own that
    # came beside it too would send every row by itself.
    statement = insert(cast(Table, OutboxMessage.__table__))
    if revive:
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "state": literal_column(f"'{PLANNED}'"),
                "due_at": statement.excluded.due_at,
                "payload": statement.excluded.payload,
                "settled_at": null(),
            },
            where=(OutboxMessage.state == literal_column(f"'{WITHDRAWN}'")) & (OutboxMessage.attempts == _NONE),
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=["key"])
    return len(db.session.execute(statement.returning(OutboxMessage.id), rows).all())


def _row(message: Planned, now: datetime) -> dict[str, object]:
    return {
        "key": message.key,
        "kind": message.kind,
        "channel": message.channel,
        "recipient_id": message.recipient_id,
        "subject_kind": message.subject[0] if message.subject else None,
        "subject_id": message.subject[1] if message.subject else None,
        "payload": message.payload,
        "due_at": message.due_at,
        "planned_at": now,
        "state": PLANNED,
        "attempts": 0,
        "uncertain": False,
    }


def withdraw(*, subject: tuple[str, int], now: datetime, kinds: tuple[str, ...] | None = None) -> int:
    """Take back what is still planned about a thing; return how many messages that were."""
    statement = update(OutboxMessage).where(
        OutboxMessage.subject_kind == subject[0],
        OutboxMessage.subject_id == subject[1],
        OutboxMessage.state == PLANNED,
    )
    if kinds is not None:
        statement = statement.where(OutboxMessage.kind.in_(kinds))
    result = db.session.execute(
        statement.values(state=WITHDRAWN, settled_at=now).execution_options(synchronize_session=False)
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


def prepares(kind: str) -> Callable[[Preparer], Preparer]:
    """Register who reads together what a batch of this kind is about, and returns the renderer that knows it."""

    def register(preparer: Preparer) -> Preparer:
        _preparers[kind] = preparer
        _renderers[kind] = lambda message, now: preparer([message])(message, now)
        return preparer

    return register


def prepare(message_ids: Sequence[int]) -> dict[int, tuple[OutboxMessage, Renderer | None]]:
    """Read a batch of messages, and what they are about, with few queries; each comes with its renderer."""
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(message_ids))).all()
    renderers = {kind: _prepared(kind, found) for kind in {message.kind for message in found}}
    return {message.id: (message, renderers[message.kind]) for message in found}


def renderer_of(kind: str) -> Renderer | None:
    """Return who renders this kind."""
    return _renderers.get(kind)


def _prepared(kind: str, found: Sequence[OutboxMessage]) -> Renderer | None:
    preparer = _preparers.get(kind)
    return preparer([each for each in found if each.kind == kind]) if preparer else _renderers.get(kind)
