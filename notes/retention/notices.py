"""What leaves the house about the time of records: neutral letters to those who decide, none with a name."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from notes.models import Chart
from practice.core import outbox
from practice.core.db import db
from practice.core.outbox import Planned
from practice.models import ADMINISTRATOR, Person, PersonRole

DUE, OWN_DUE, AGREED, OWN_AGREED = "retention.due", "retention.own_due", "retention.agreed", "retention.own_agreed"
SUBJECT = "chart_end"


def due(counselor_ids: Iterable[int], *, now: datetime) -> None:
    """Tell those who run the practice, and the counselors of these records, that a time is over: one letter each."""
    administrators, day = _administrators(), now.isoformat()
    to = [(DUE, who) for who in administrators]
    to += [(OWN_DUE, who) for who in sorted(set(counselor_ids) - set(administrators)) if _may_sign_in(who)]
    outbox.plan_all([Planned(f"{kind}:{day}:{who}", kind, now, who) for kind, who in to], now=now)


def agreed(chart: Chart, *, by: Person, now: datetime) -> None:
    """Tell whoever has to look at it after the first: another administrator, or else the chart's counselor."""
    to = [(AGREED, who) for who in _administrators() if who != by.id]
    if not to and chart.counselor_id != by.id and _may_sign_in(chart.counselor_id):
        to = [(OWN_AGREED, chart.counselor_id)]
    key, subject = f"{chart.id}:{now.isoformat()}", (SUBJECT, chart.id)
    outbox.plan_all([Planned(f"{kind}:{key}:{who}", kind, now, who, subject=subject) for kind, who in to], now=now)


def _administrators() -> list[int]:
    running = select(Person.id).join(PersonRole).where(PersonRole.role == ADMINISTRATOR, Person.closed_at.is_(None))
    return sorted(db.session.scalars(running))


def _may_sign_in(person_id: int) -> bool:
    person = db.session.get(Person, person_id)
    return person is not None and person.closed_at is None
