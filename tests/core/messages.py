"""A message about a kettle, planned and looked at."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from practice.core import outbox
from practice.core.outbox import OutboxMessage
from tests.fakes import MONDAY_MORNING

ABOUT = ("kettle", 7)


def plan(key: str = "tea", *, after: timedelta = timedelta()) -> bool:
    """Plan one, to be sent while its key is wanted."""
    return outbox.plan(
        key=key,
        kind="test.kettle",
        payload={"subject": f"About {key}"},
        due_at=MONDAY_MORNING + after,
        now=MONDAY_MORNING,
        subject=ABOUT,
    )


def state_of(session: scoped_session[Session], key: str = "tea") -> OutboxMessage:
    """Look at it as the database has it now."""
    session.expire_all()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
