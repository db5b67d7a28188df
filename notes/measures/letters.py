"""The letters about questionnaires and alerts. They never say what was asked, or answered, or by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from notes.measures import notices
from notes.measures.models import MeasureAlert, MeasureAsking
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


def _waits(message: OutboxMessage) -> bool:
    asking = db.session.get(MeasureAsking, message.subject_id)
    return asking is not None and asking.is_open


def _unseen(message: OutboxMessage) -> bool:
    alert = db.session.get(MeasureAlert, message.subject_id)
    return alert is not None and alert.seen_at is None


LETTERS = {
    notices.ASKED: Letter(
        "Something for you in your account",
        "There are a few questions for you in your account. They take some minutes, and you may stop and go on later.",
        "Open your account",
        "notes.questions",
        _waits,
    ),
    notices.REMINDER: Letter(
        "Still there for you in your account",
        "The questions in your account still wait for you. Answer them when it suits you, or leave them for your next "
        "appointment.",
        "Open your account",
        "notes.questions",
        _waits,
    ),
    notices.ALERT: Letter(
        "Please look into your account now",
        "Something in your account needs you to look at it now. It is at the top of your page for today.",
        "Open today",
        "booking.today",
        _unseen,
    ),
    notices.UNSEEN: Letter(
        "Please look into this now",
        "Something that should be looked at at once has not been opened by the person it is for. Please see to it that "
        "they hear of it. It is at the top of your page for the day.",
        "Open your day",
        "practice.start",
        _unseen,
    ),
}


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind, letter in LETTERS.items():
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
