"""What leaves the house about questionnaires: planned with the deed, neutral, and without a word of what was asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from notes.measures.models import MeasureAlert, MeasureAsking
from notes.measures.rhythm import REMIND_AFTER
from practice.core import outbox
from practice.core.db import db
from practice.core.outbox import Planned
from practice.models import ADMINISTRATOR, Person, PersonRole

ASKED, REMINDER = "measures.asked", "measures.reminder"
ALERT, UNSEEN = "measures.alert", "measures.unseen"
ASKING_SUBJECT, ALERT_SUBJECT = "measure", "measure_alert"


def asked(asking: MeasureAsking, *, now: datetime) -> None:
    """Tell the client that something waits in their account, and once more if it still does later."""
    subject, to = (ASKING_SUBJECT, asking.id), asking.chart.client_id
    outbox.plan_all(
        [
            Planned(f"{ASKED}:{asking.id}", ASKED, now, to, subject=subject),
            Planned(f"{REMINDER}:{asking.id}", REMINDER, now + REMIND_AFTER, to, subject=subject),
        ],
        now=now,
    )


def no_longer_asked(asking: MeasureAsking, *, now: datetime) -> None:
    """Take back what would still be said about it."""
    outbox.withdraw(subject=(ASKING_SUBJECT, asking.id), now=now)


def alert(raised: MeasureAlert, called: Sequence[int], *, now: datetime) -> None:
    """Tell everybody who is called at once."""
    subject = (ALERT_SUBJECT, raised.id)
    outbox.plan_all(
        [Planned(f"{ALERT}:{raised.id}:{person_id}", ALERT, now, person_id, subject=subject) for person_id in called],
        now=now,
    )


def unseen(raised: MeasureAlert, called: Sequence[int], *, now: datetime) -> None:
    """Tell everybody who runs the practice, and those who were called once more."""
    running = select(Person.id).join(PersonRole).where(PersonRole.role == ADMINISTRATOR, Person.closed_at.is_(None))
    recipients = {*db.session.scalars(running), *called}
    outbox.plan_all(
        [
            Planned(
                f"{UNSEEN}:{raised.id}:{raised.told_times}:{person_id}",
                UNSEEN,
                now,
                person_id,
                subject=(ALERT_SUBJECT, raised.id),
            )
            for person_id in sorted(recipients)
        ],
        now=now,
    )


def seen(raised: MeasureAlert, *, now: datetime) -> None:
    """Take back what would still be said about an alert."""
    outbox.withdraw(subject=(ALERT_SUBJECT, raised.id), now=now)
