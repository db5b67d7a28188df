"""Letters that say only that something is in one's account: what it is about stands there and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from practice.core import mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person
from practice.queries.people import the_practice


@dataclass(frozen=True, slots=True)
class Letter:
    """How one kind of letter reads, and whether it is still wanted."""

    subject: str
    words: str
    button: str
    endpoint: str
    wanted: Callable[[OutboxMessage], bool]


def register(letters: Mapping[str, Letter]) -> None:
    """Tell the outbox who writes these letters."""
    for kind, letter in letters.items():
        outbox.renders(kind)(partial(_write, letter))


def _write(letter: Letter, message: OutboxMessage, now: datetime) -> Mail | None:
    person = db.session.get(Person, message.recipient_id)
    if person is None or person.closed_at is not None or not letter.wanted(message):
        return None
    return mail.compose(
        "emails/notes/account",
        to=person.email,
        subject=letter.subject,
        person=person,
        title=letter.subject,
        words=letter.words,
        button=letter.button,
        link=absolute(letter.endpoint),
        practice_name=the_practice().name,
    )
