"""Deliver the outbox: claim under a lease, ask once more whether it is wanted, send, settle."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from practice.core.db import db
from practice.core.mail import Mail, MailRefusedError, MailServerDownError, sender_domain
from practice.core.outbox import OutboxMessage, renderer_of
from practice.core.ports import ports
from practice.core.settings import settings

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
MOST_ATTEMPTS = 12
LONGEST_PAUSE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one message; only its holder may settle it."""

    message_id: int
    worker: str
    attempts: int


def deliver_due(worker: str, *, most: int = 20) -> int:
    """Send what is due, up to a batch; return how many messages were settled."""
    claims = claim(worker, now=ports().clock.now(), most=most)
    return sum(_deliver(one) for one in claims)


def claim(worker: str, *, now: datetime, most: int) -> list[Claim]:
    """Take due messages, and those whose holder let the lease lapse, under a lease."""
    due = and_(OutboxMessage.state == "planned", OutboxMessage.due_at <= now)
    abandoned = and_(OutboxMessage.state == "sending", OutboxMessage.leased_until < now)
    chosen = select(OutboxMessage.id).where(or_(due, abandoned)).order_by(OutboxMessage.due_at).limit(most)
    if db.session.get_bind().dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    rows = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(chosen.scalar_subquery()))
        .values(state="sending", worker=worker, attempts=OutboxMessage.attempts + 1, leased_until=now + LEASE)
        .returning(OutboxMessage.id, OutboxMessage.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    return [Claim(message_id, worker, attempts) for message_id, attempts in rows]


def settle(claimed: Claim, *, state: str, now: datetime, due_at: datetime | None = None, error: str = "") -> bool:
    """Write the outcome, if this attempt still holds the message; commit."""
    values: dict[str, object] = {
        "state": state,
        "worker": None,
        "leased_until": None,
        "last_error": error[:500] or None,
    }
    values |= {"due_at": due_at} if due_at else {"settled_at": now}
    result = db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == claimed.message_id,
            OutboxMessage.worker == claimed.worker,
            OutboxMessage.attempts == claimed.attempts,
            OutboxMessage.state == "sending",
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return bool(getattr(result, "rowcount", 0))


def pause(attempts: int) -> timedelta:
    """Wait longer after each failure, with jitter so that workers do not march in step."""
    seconds = min(LONGEST_PAUSE_SECONDS, 15 * 2.0**attempts)
    return timedelta(seconds=seconds * (0.5 + random.random()))  # noqa: S311 -- jitter guards nothing


def _deliver(claimed: Claim) -> bool:
    now = ports().clock.now()
    try:
        mail = _render(claimed.message_id, now)
        if mail is None:
            return settle(claimed, state="withdrawn", now=now)
        if claimed.attempts == 1 or not ports().mailer.took(mail.message_id):
            ports().mailer.send(mail, now=now)
    except MailRefusedError as error:
        return settle(claimed, state="failed", now=now, error=str(error))
    except MailServerDownError as error:
        return _later(claimed, now, str(error))
    except Exception as error:
        log.exception("message %s could not be sent", claimed.message_id)
        db.session.rollback()
        return _later(claimed, now, f"{type(error).__name__}: {error}")
    return settle(claimed, state="sent", now=ports().clock.now())


def _render(message_id: int, now: datetime) -> Mail | None:
    message = db.session.get(OutboxMessage, message_id)
    renderer = renderer_of(message.kind) if message else None
    if message is None or renderer is None:
        raise LookupError(f"nobody renders message {message_id}")
    mail = renderer(message, now)
    key = message.key
    db.session.rollback()
    return mail.keyed(key, sender_domain(settings().mail_from)) if mail else None


def _later(claimed: Claim, now: datetime, error: str) -> bool:
    if claimed.attempts >= MOST_ATTEMPTS:
        return settle(claimed, state="failed", now=now, error=error)
    return settle(claimed, state="planned", now=now, due_at=now + pause(claimed.attempts), error=error)
