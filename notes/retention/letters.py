"""The letters about the time of records. They never say whose record it is."""

from notes import account_letters
from notes.account_letters import Letter
from notes.models import Chart
from notes.retention import notices, queries
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.core.ports import ports


def _always(_message: OutboxMessage) -> bool:
    return True


def _agreed(message: OutboxMessage) -> bool:
    chart = db.session.get(Chart, message.subject_id)
    return chart is not None and queries.keeping_of(chart, now=ports().clock.now()).awaits_its_end


_LOOK = (
    "The time is over until which a record is kept. Nothing goes by itself: one person looks at it and agrees, "
    "another destroys it, or it is kept for a reason."
)
_SECOND = (
    "Somebody looked at a record whose time is over and agreed that it may be destroyed. A second person is to look "
    "at it now."
)
LETTERS = {
    notices.DUE: Letter("A record to look at", _LOOK, "Open the records", "notes.retention", _always),
    notices.OWN_DUE: Letter("A record to look at", _LOOK, "Open today", "booking.today", _always),
    notices.AGREED: Letter("A second pair of eyes", _SECOND, "Open the records", "notes.retention", _agreed),
    notices.OWN_AGREED: Letter("A second pair of eyes", _SECOND, "Open today", "booking.today", _agreed),
}


def register() -> None:
    """Tell the outbox who writes these letters."""
    account_letters.register(LETTERS)
