"""A letter to those who run the practice when a key is not the one in the audit log: once for each key and person."""

from datetime import datetime

from sqlalchemy import select

from notes import account_letters
from notes.account_letters import Letter
from practice.core import outbox
from practice.core.db import db
from practice.core.outbox import Planned
from practice.models import ADMINISTRATOR, Person, PersonRole

DOUBTED = "keys.doubted"
LETTERS = {
    DOUBTED: Letter(
        "A key was changed in the database",
        "A key for which records are sealed is not the one that the audit log knows. Nothing more is sealed for it. "
        "Somebody may be able to write to the database: please look into it today.",
        "See which key",
        "notes.recovery_key",
        lambda _message: True,
    )
}


def doubted(key_name: str, *, now: datetime) -> None:
    """Tell those who run the practice of a key by its name, "person/3/1" or "recovery/2"."""
    running = select(Person.id).join(PersonRole).where(PersonRole.role == ADMINISTRATOR, Person.closed_at.is_(None))
    to = sorted(db.session.scalars(running))
    outbox.plan_all([Planned(f"{DOUBTED}:{key_name}:{who}", DOUBTED, now, who) for who in to], now=now)


def register() -> None:
    """Tell the outbox who writes these letters."""
    account_letters.register(LETTERS)
