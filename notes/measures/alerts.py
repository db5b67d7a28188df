"""See an alert, settle it with what was done, and tell the practice of one that nobody has seen."""

from collections.abc import Sequence
from datetime import datetime

from notes.measures import notices, queries, sealing
from notes.measures.models import MeasureAlert
from notes.measures.rhythm import escalates
from practice.core import audit
from practice.core.db import db
from practice.models import Person

DEEDS = (
    ("spoke", "I spoke with them"),
    ("reached_other", "I reached their emergency contact"),
    ("emergency", "I called emergency services"),
    ("safety_plan", "We went through the safety plan"),
    ("session", "We meet sooner than planned"),
    ("not_reached", "I tried and did not reach them"),
    ("no_danger", "I looked into it and see no danger now"),
)
"""What may have been done, as a counselor ticks it."""


class AlreadySettledError(Exception):
    """What was done stands there already, and stays."""


def see(alert: MeasureAlert, *, by: Person, now: datetime) -> None:
    """Note that a counselor has seen an alert; it goes no further then."""
    db.session.refresh(alert, with_for_update=True)
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by_id = now, by.id
        notices.seen(alert, now=now)
        audit.record(
            "measure.alert_seen", person_id=by.id, subject=("measure_alert", alert.id), about=alert.chart.client_id
        )
        db.session.flush()


def settle(alert: MeasureAlert, *, deeds: Sequence[str], words: str, by: Person, now: datetime) -> None:
    """Write down what was done about an alert; raises AlreadySettledError."""
    see(alert, by=by, now=now)
    if alert.settled_at is not None:
        raise AlreadySettledError("What was done is written down already and stays as it is.")
    alert.settled = sealing.settle(alert, {"deeds": list(deeds), "words": words})
    alert.settled_at, alert.settled_by_id = now, by.id
    audit.record(
        "measure.alert_settled", person_id=by.id, subject=("measure_alert", alert.id), about=alert.chart.client_id
    )
    db.session.flush()


def take_on(alert: MeasureAlert, *, by: Person, now: datetime) -> None:
    """Note that somebody of the practice sees to it that an alert is heard; it is not told again then."""
    db.session.refresh(alert, with_for_update=True)
    if alert.taken_on_at is None:
        alert.taken_on_at = now
        audit.record(
            "measure.alert_taken_on", person_id=by.id, subject=("measure_alert", alert.id), about=alert.chart.client_id
        )
        db.session.flush()


def escalate(now: datetime) -> int:
    """Tell the practice of every alert that stayed unseen too long; return how many that were."""
    minutes = queries.alert_minutes()
    late = [
        alert
        for alert in queries.unseen_alerts()
        if escalates(raised=alert.raised_at, last=alert.told_at, minutes=minutes, now=now)
    ]
    return sum(_tell(alert, minutes, now) for alert in late)


def _tell(alert: MeasureAlert, minutes: int, now: datetime) -> bool:
    db.session.refresh(alert, with_for_update=True)  # another scheduler may have told of it meanwhile
    if alert.seen_at or not escalates(raised=alert.raised_at, last=alert.told_at, minutes=minutes, now=now):
        return False
    alert.told_at, alert.told_times = now, alert.told_times + 1
    notices.unseen(alert, queries.called_with(alert.chart, now=now), now=now)
    audit.record(
        "measure.alert_told",
        subject=("measure_alert", alert.id),
        detail={"times": alert.told_times},
        about=alert.chart.client_id,
    )
    db.session.flush()
    return True
