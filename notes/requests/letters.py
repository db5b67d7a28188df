"""The letters about requests. They never say what was asked, or what the answer is."""

from notes import account_letters
from notes.account_letters import Letter
from notes.requests import notices
from notes.requests.models import RecordRequest
from practice.core.db import db
from practice.core.outbox import OutboxMessage


def _there(message: OutboxMessage) -> bool:
    return db.session.get(RecordRequest, message.subject_id) is not None


def _open(message: OutboxMessage) -> bool:
    request = db.session.get(RecordRequest, message.subject_id)
    return request is not None and request.is_open


LETTERS = {
    notices.ASKED: Letter(
        "Somebody asks for something",
        "One of the people in your care wrote to you by their account. It has a day by which it is to be answered.",
        "Open the requests",
        "notes.requests_start",
        _there,
    ),
    notices.STEP: Letter(
        "Something new in your account",
        "There is something new about what you asked us. It stands in your account.",
        "Open your requests",
        "notes.own_requests",
        _there,
    ),
    notices.DUE: Letter(
        "An answer is due",
        "A request waits for its answer, and its time ends soon or is over. The requests that are due stand on top.",
        "Open the requests",
        "notes.requests_start",
        _open,
    ),
}


def register() -> None:
    """Tell the outbox who writes these letters."""
    account_letters.register(LETTERS)
