"""Charts lent to a colleague, who stands outside the care team or within it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.models.hours import TimeOff
from notes.custody import access
from notes.custody.models import COVER, Access
from notes.models import Chart
from notes.openings.models import ChartOpening
from practice.core.db import db
from practice.models import Person
from tests.builders import saved
from tests.fakes import MONDAY_MORNING


def a_lent_chart(chart: Chart, to: Person, *, kind: str = COVER, now: datetime = MONDAY_MORNING) -> Access:
    """Let a counselor lend a chart for a month, or hand it over."""
    ends_at = now + timedelta(days=30) if kind == COVER else None
    row = access.give(chart, to, kind=kind, by=chart.counselor, ends_at=ends_at, now=now)
    db.session.commit()
    return row


def away(counselor: Person, *, now: datetime = MONDAY_MORNING, days: int = 7) -> TimeOff:
    """Let a counselor be away from an hour ago."""
    ends_at = now + timedelta(days=days)
    return saved(TimeOff(counselor_id=counselor.id, starts_at=now - timedelta(hours=1), ends_at=ends_at))


def the_opening() -> ChartOpening:
    """Read the one opening there is."""
    return db.session.scalars(select(ChartOpening)).one()
