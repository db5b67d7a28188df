"""Deliver the outbox: claim a batch, ask once more whether each is wanted, send, settle together.

A claim is a lease that is measured by steady clocks alone. Who holds a batch begins no
message of it after `HANDS_ON_SECONDS`; who finds a message in another's hands takes it
over once they have watched it lie there unchanged for `LEASE_SECONDS`, or a few seconds
after whoever held it is proven dead (see `presence`). So neither a slow mail server nor a
time of day that jumps makes two schedulers hold one message, and a scheduler that was
killed leaves nothing behind for long.
"""

from __future__ import annotations

import logging
import random
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from practice.core.carriers import CarrierDownError, Line, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.claims import Claim, Outcome, Watch, claim, settle, take_over
from practice.core.db import db, reading
from practice.core.mail import Mail, sender_domain
from practice.core.outbox import OutboxMessage, Postponed, Rendered, Renderer, TooLate, prepare
from practice.core.ports import ports
from practice.core.settings import settings
from practice.core.texts import Text

log = logging.getLogger(__name__)

BATCH = 100
LEASE_SECONDS = 300.0
HANDS_ON_SECONDS = 150.0
"""Half the lease: one message more may take every timeout there is, and is still over before the lease."""
SETTLED_EVERY_SECONDS = 5.0
SEEN_FOR_SECONDS = 1.0
"""How old what was read of the database may be when a message leaves."""
MOST_ATTEMPTS = 12
LONGEST_PAUSE_SECONDS = 3600


def deliver_due(worker: str, *, most: int = BATCH) -> int:
    """Send what is due, up to a batch, as a scheduler that has only just begun; return how many were settled."""
    with Roads() as roads:
        return Courier(worker).deliver(roads, most=most)


@dataclass(slots=True)
class Roads:
    """The lines to the carriers, each opened when first needed and kept for as long as there is something to send."""

    _stack: ExitStack = field(default_factory=ExitStack)
    _lines: dict[type[Mail | Text], Line[Mail] | Line[Text]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Open none yet."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Close them all."""
        self._stack.close()

    def line(self, message: Mail | Text) -> Line[Mail] | Line[Text]:
        """Return the line that carries such a message."""
        kind = type(message)
        if kind not in self._lines:
            self._lines[kind] = (
                self._stack.enter_context(ports().mailer.line())
                if isinstance(message, Mail)
                else self._stack.enter_context(ports().texter.line())
            )
        return self._lines[kind]


@dataclass(slots=True)
class Courier:
    """One scheduler's hands."""

    worker: str
    lease_seconds: float = LEASE_SECONDS
    watch: Watch = field(default_factory=Watch)

    def empty(self) -> None:
        """Send all that is due, over lines that stay open from batch to batch."""
        with Roads() as roads:
            while self.deliver(roads):
                pass

    def deliver(self, roads: Roads, *, most: int = BATCH) -> int:
        """Send what is due, up to a batch; return how many messages were settled."""
        clock = ports().clock
        begun = clock.steady()
        lapsed = self.watch.lapsed(self.worker, begun, self.lease_seconds)
        claims = take_over(self.worker, lapsed[:most]) + claim(
            self.worker, now=clock.now(), most=most - len(lapsed[:most])
        )
        with reading():
            batch = _Batch(begun, begun + min(HANDS_ON_SECONDS, self.lease_seconds / 2), roads)
            for place, each in enumerate(claims):
                batch.look(claims[place:])
                batch.deliver(each)
            batch.settle()
        return batch.settled


@dataclass(slots=True)
class _Batch:
    """Messages claimed together, whose outcomes are written down together."""

    begun: float
    until: float
    roads: Roads
    down: dict[type[Mail | Text], str] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    settled: int = 0
    prepared: dict[int, tuple[OutboxMessage, Renderer | None]] = field(default_factory=dict)
    settled_at: float = field(init=False)
    read_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.settled_at = self.read_at = self.begun

    def look(self, ahead: list[Claim]) -> None:
        """Read anew, for the messages ahead, what is too old to go by."""
        steady = ports().clock.steady()
        if not self.prepared or steady - self.read_at > SEEN_FOR_SECONDS:
            db.session.rollback()
            self.prepared = prepare([each.message_id for each in ahead])
            self.read_at = steady

    def deliver(self, claimed: Claim) -> None:
        """Bring one message out, or note why not."""
        steady = ports().clock.steady()
        if steady > self.until:
            self.outcomes.append(Outcome.put_back(claimed))
            return
        self.outcomes.append(self._attempt(claimed, ports().clock.now()))
        if steady - self.settled_at > SETTLED_EVERY_SECONDS:
            self.settle()

    def settle(self) -> None:
        """Write down what became of the messages so far."""
        db.session.rollback()
        settle(self.outcomes, now=ports().clock.now())
        self.settled += sum(not outcome.untouched for outcome in self.outcomes)
        self.outcomes, self.prepared = [], {}
        self.settled_at = ports().clock.steady()

    def _attempt(self, claimed: Claim, now: datetime) -> Outcome:
        try:
            rendered = self._render(claimed.message_id, now)
            if rendered is None:
                return Outcome(claimed, "withdrawn")
            if isinstance(rendered, TooLate):
                return Outcome(claimed, "late", error=rendered.why)
            if isinstance(rendered, Postponed):
                return Outcome.put_back(claimed, until=rendered.until)
            return self._send(claimed, rendered, now)
        except Exception as error:
            log.exception("message %s could not be sent", claimed.message_id)
            db.session.rollback()
            return _later(claimed, now, f"{type(error).__name__}: {error}")

    def _send(self, claimed: Claim, message: Mail | Text, now: datetime) -> Outcome:
        if words := self.down.get(type(message)):
            return Outcome.put_back(claimed, until=now + pause(claimed.attempts), error=words)
        try:
            line = self.roads.line(message)
            provider_id = line.found(message) if claimed.attempts > 1 else None  # type: ignore[arg-type]  # chosen by its type
            if provider_id is None:
                provider_id = line.send(message, now=now)  # type: ignore[arg-type]  # chosen by its type
        except RefusedError as error:
            return Outcome(claimed, "failed", error=str(error), code=error.code)
        except LineDownError as error:
            self.down[type(message)] = str(error)
            return _later(claimed, now, str(error))
        except OutcomeUnknownError as error:
            return _later(replace(claimed, uncertain=True), now, str(error))
        except CarrierDownError as error:
            return _later(claimed, now, str(error))
        return Outcome(claimed, "sent", provider_id=provider_id)

    def _render(self, message_id: int, now: datetime) -> Rendered:
        message, renderer = self.prepared.get(message_id, (None, None))
        if message is None or renderer is None:
            raise LookupError(f"nobody renders message {message_id}")
        rendered = renderer(message, now)
        if isinstance(rendered, Mail):
            return rendered.keyed(message.key, sender_domain(settings().mail_from))
        return rendered.keyed(message.key, message.planned_at) if isinstance(rendered, Text) else rendered


def pause(attempts: int) -> timedelta:
    """Wait longer after each failure, with jitter so that workers do not march in step."""
    seconds = min(LONGEST_PAUSE_SECONDS, 15 * 2.0**attempts)
    return timedelta(seconds=seconds * (0.5 + random.random()))  # noqa: S311 -- jitter guards nothing


def _later(claimed: Claim, now: datetime, error: str) -> Outcome:
    if claimed.attempts >= MOST_ATTEMPTS:
        return Outcome(claimed, "failed", error=error)
    return Outcome(claimed, "planned", due_at=now + pause(claimed.attempts), error=error)
