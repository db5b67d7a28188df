"""Supervision for the demo: one counselor under Ines's eyes, and one under whose eyes she works."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes.supervision import queries, services
from notes.supervision.models import Supervision
from practice.core import seeds
from practice.models import Person

ORDER = 44
SAID = "Warm and clear. Please add what the two of you planned for a week without a session."


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Ines co-sign Jonah's notes and Amara approve hers; of each, one note was sent back already."""
    under_ines = _supervision(people["ines"], people["jonah"], people["omar"], "cosign", now)
    under_amara = _supervision(people["amara"], people["ines"], people["omar"], "approve", now)
    for weeks, minutes, form in ((1, 60, "individual"), (2, 60, "individual"), (3, 90, "group")):
        _met(under_ines, now - timedelta(weeks=weeks), minutes, form, confirmed=weeks > 1)
    for supervision in (under_ines, under_amara):
        _send_one_back(supervision, now)


def _send_one_back(supervision: Supervision, now: datetime) -> None:
    for waiting in queries.queue(supervision.supervisor, today=now.date())[:1]:
        services.decide(
            waiting.note,
            supervision,
            "returned",
            fingerprint=waiting.note.fingerprint or "",
            addenda=len(waiting.note.addenda),
            words=SAID,
            now=now,
        )


def _supervision(supervisor: Person, supervisee: Person, by: Person, duty: str, now: datetime) -> Supervision:
    since = now - timedelta(days=60)
    row = services.arrange(supervisor, supervisee, duty=duty, begins_on=since.date(), ends_on=None, by=by, now=since)
    services.accept(row, today=now.date(), now=now - timedelta(days=14))
    return row


def _met(supervision: Supervision, at: datetime, minutes: int, form: str, *, confirmed: bool) -> None:
    row = services.note_hours(
        supervision, met_on=at.date(), minutes=minutes, form=form, by=supervision.supervisee, now=at
    )
    if confirmed:
        services.confirm_hours(row, by=supervision.supervisor, now=at + timedelta(days=1))


seeds.register(ORDER, seed)
