"""What the provider says became of a text. Reports come late, twice and out of order; the furthest one stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update

from practice.core.db import db
from practice.core.outbox import DELIVERED, FAILED, PLANNED, SENDING, SENT, SMS, OutboxMessage
from practice.core.texts import Report


def take(message_id: int, report: Report, now: datetime) -> bool:
    """Note a report; tell whether it changed anything.

    A message that a scheduler still holds, or is about to try again because it never heard the answer, is settled by
    the report: it is out, and must not go again.
    """
    state = {"sent": SENT, "delivered": DELIVERED, "failed": FAILED}.get(report.fate)
    if state is None:
        return False
    earlier = {SENT: (PLANNED, SENDING), DELIVERED: (PLANNED, SENDING, SENT), FAILED: (PLANNED, SENDING, SENT)}[state]
    changed = db.session.scalar(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.channel == SMS,
            OutboxMessage.attempts > 0,
            OutboxMessage.state.in_(earlier),
            or_(OutboxMessage.provider_id.is_(None), OutboxMessage.provider_id == report.provider_id),
        )
        .values(
            state=state,
            provider_id=report.provider_id,
            worker=None,
            settled_at=now,
            delivered_at=now if state == DELIVERED else None,
            error_code=report.code[:40] or None,
            last_error=f"The carrier answered {report.code}." if state == FAILED else None,
            uncertain=False,
        )
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def messages_about(subject: tuple[str, int]) -> list[OutboxMessage]:
    """Return what was and will be sent about a thing, the earliest first, without what was taken back untried."""
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.subject_kind == subject[0],
                OutboxMessage.subject_id == subject[1],
                or_(OutboxMessage.state != "withdrawn", OutboxMessage.attempts > 0),
            )
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
        )
    )
