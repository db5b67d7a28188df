"""What the pages of supervision share."""

from datetime import date, datetime

from flask import abort

from notes.supervision import queries
from notes.supervision.models import Supervision
from practice.core.formats import local
from practice.core.ports import ports
from practice.security import current_person

DUTIES = (
    ("read", "Reads along", "Reads signed notes and plans, and comments."),
    ("approve", "Approves", "Reads along and approves every signed note."),
    ("cosign", "Co-signs", "Reads along and signs every note as well."),
)
FORMATS = (
    ("individual", "One to one"),
    ("triadic", "With one other"),
    ("group", "In a group"),
    ("observed", "Watching a session"),
)
STANDINGS = {
    "waiting": ("Waits for you", "wait", "hourglass"),
    "answered": ("Added to", "info", "plus"),
    "sent_back": ("Sent back", "quiet", "undo"),
}


def my_supervision(supervision_id: int) -> Supervision:
    """Load a supervision the counselor who asks is or was part of, or answer 404."""
    return queries.supervision_for(current_person(), supervision_id) or abort(404)


def now() -> datetime:
    """Tell the time."""
    return ports().clock.now()


def today() -> date:
    """Tell the day where whoever asks is."""
    return local(now(), current_person().zone).date()
