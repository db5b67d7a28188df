"""Who holds which message and what became of it: claimed and settled in batches, fenced by (worker, attempts)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from sqlalchemy import ColumnElement, and_, bindparam, select, tuple_, update

from practice.core.db import db, reading
from practice.core.outbox import PLANNED, SENDING, OutboxMessage

MOST_WATCHED = 5000
DEAD_SECONDS = 15.0
"""As long as a provider of texts may take over a request whose sender is gone, before it can be asked about it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one message; only its holder may settle it."""

    message_id: int
    worker: str
    attempts: int
    due_at: datetime
    uncertain: bool = False
    """Whether an earlier attempt may have gone through."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt."""

    claim: Claim
    state: str
    error: str = ""
    code: str = ""
    due_at: datetime | None = None
    provider_id: str = ""
    untouched: bool = False
    """The message was put back without an attempt."""

    @classmethod
    def put_back(cls, claimed: Claim, *, until: datetime | None = None, error: str = "") -> Self:
        """Give a message back that was not tried."""
        return cls(claimed, PLANNED, due_at=until or claimed.due_at, error=error, untouched=True)


@dataclass(slots=True)
class Watch:
    """What lies in the hands of others, and since when this process has seen it there, or seen them dead.

    Nothing but the process's own steady clock is asked, so a time of day that jumps neither frees a lease early nor
    keeps one for ever.
    """

    is_dead: Callable[[str], bool] = lambda worker: False
    """Whether a worker is proven to be gone."""
    dead_seconds: float = DEAD_SECONDS
    _seen: dict[tuple[int, int], float] = field(default_factory=dict)
    _dead: dict[str, float] = field(default_factory=dict)

    def lapsed(self, worker: str, steady: float, lease_seconds: float) -> list[tuple[int, int]]:
        """Return the (message, attempts) that have lain in somebody's hands, unchanged, for a whole lease.

        What the dead held is let lie only as long as a carrier may still be busy with it.
        """
        with reading():
            held = db.session.execute(
                select(OutboxMessage.id, OutboxMessage.attempts, OutboxMessage.worker)
                .where(OutboxMessage.state == SENDING)
                .order_by(OutboxMessage.due_at)
                .limit(MOST_WATCHED)
            ).all()
            db.session.rollback()
        others = {each.worker for each in held} - {worker}
        self._dead = {each: self._dead.get(each, steady) for each in others if self.is_dead(each)}
        buried = {each for each, since in self._dead.items() if steady - since >= self.dead_seconds}
        self._seen = {(each.id, each.attempts): self._seen.get((each.id, each.attempts), steady) for each in held}
        return [
            (each.id, each.attempts)
            for each in held
            if each.worker in buried or steady - self._seen[each.id, each.attempts] >= lease_seconds
        ]


def claim(worker: str, *, now: datetime, most: int) -> list[Claim]:
    """Take what is due, the longest waiting first; commit."""
    if most <= 0:
        return []
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == PLANNED, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at)
        .limit(most)
    )
    # A query of its own: inside the update, PostgreSQL may run it once a row, and then takes thousands.
    wanted = db.session.scalars(due.with_for_update(skip_locked=True)).all()
    if not wanted:
        db.session.rollback()
        return []
    return _take(worker, and_(OutboxMessage.state == PLANNED, OutboxMessage.id.in_(wanted)))


def take_over(worker: str, lapsed: list[tuple[int, int]]) -> list[Claim]:
    """Take what others let lie, unless it changed hands meanwhile; commit."""
    if not lapsed:
        return []
    unchanged = tuple_(OutboxMessage.id, OutboxMessage.attempts).in_(lapsed)
    return _take(worker, and_(OutboxMessage.state == SENDING, unchanged))


def settle(outcomes: list[Outcome], *, now: datetime) -> None:
    """Write down the outcomes of attempts that still hold their messages, together; commit."""
    if not outcomes:
        return
    table = OutboxMessage.__table__
    statement = (
        update(OutboxMessage.__table__)  # type: ignore[arg-type]  # a table; the stubs say FromClause
        .where(
            table.c.id == bindparam("b_id"),
            table.c.worker == bindparam("b_worker"),
            table.c.attempts == bindparam("b_attempts"),
            table.c.state == SENDING,
        )
        .values({name: bindparam(f"n_{name}") for name in _values(outcomes[0], now)} | {"worker": None})
    )
    db.session.connection().execute(statement, [_row(outcome, now) for outcome in outcomes])
    db.session.commit()


def _take(worker: str, wanted: ColumnElement[bool]) -> list[Claim]:
    rows = db.session.execute(
        update(OutboxMessage)
        .where(wanted)
        .values(state=SENDING, worker=worker, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.id, OutboxMessage.attempts, OutboxMessage.due_at, OutboxMessage.uncertain)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    claims = [Claim(each.id, worker, each.attempts, each.due_at, each.uncertain) for each in rows]
    return sorted(claims, key=lambda each: (each.due_at, each.message_id))


def _row(outcome: Outcome, now: datetime) -> dict[str, object]:
    values = _values(outcome, now)
    claimed = outcome.claim
    return {f"n_{name}": value for name, value in values.items()} | {
        "b_id": claimed.message_id,
        "b_worker": claimed.worker,
        "b_attempts": claimed.attempts,
    }


def _values(outcome: Outcome, now: datetime) -> dict[str, object]:
    claimed = outcome.claim
    return {
        "state": outcome.state,
        "attempts": claimed.attempts - outcome.untouched,
        "due_at": outcome.due_at or claimed.due_at,
        "settled_at": None if outcome.state == PLANNED else now,
        "last_error": outcome.error[:500] or None,
        "error_code": outcome.code[:40] or None,
        "provider_id": outcome.provider_id[:64] or None,
        "uncertain": claimed.uncertain and outcome.state != "sent",
    }
