"""The letters about questionnaires and alerts. They never say what was asked, or answered, or by whom."""

from notes import account_letters
from notes.account_letters import Letter
from notes.measures import notices
from notes.measures.models import MeasureAlert, MeasureAsking
from practice.core.db import db
from practice.core.outbox import OutboxMessage


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
    account_letters.register(LETTERS)
