"""Questionnaires of the demo: a course that eases over the weeks, and something that waits. All of it is invented."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes import keys
from notes.measures import asking, sealing
from notes.measures.models import GIVEN, MeasureAsking
from notes.measures.phq import GAD7, PHQ9
from notes.measures.rhythm import WEEKS, Rhythm
from notes.models import Chart
from practice.core import seeds
from practice.core.db import db
from practice.models import Person

ORDER = 46
_LOW = (
    (2, 2, 3, 2, 1, 2, 2, 1, 0, 2),
    (2, 2, 2, 2, 1, 2, 1, 0, 0, 1),
    (1, 2, 2, 2, 1, 1, 1, 0, 0, 1),
    (1, 1, 2, 1, 1, 1, 1, 0, 0, 1),
    (1, 1, 1, 1, 0, 1, 0, 0, 0, 0),
)
_WORRY = (
    (3, 2, 2, 3, 1, 2, 2),
    (2, 2, 2, 2, 1, 2, 1),
    (2, 1, 2, 2, 1, 1, 1),
    (1, 1, 1, 2, 0, 1, 1),
    (1, 1, 1, 1, 0, 1, 0),
)


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Alice have answered every second week, and be asked again."""
    counselor, client = people["ines"], people["alice"]
    begun = now - timedelta(weeks=2 * len(_LOW), hours=3)
    chart = keys.chart_of(counselor=counselor, client=client, now=begun)
    for instrument, courses in ((PHQ9.key, _LOW), (GAD7.key, _WORRY)):
        for number, values in enumerate(courses):
            _given(chart, instrument, values, client, begun + timedelta(weeks=2 * number))
    asking.plan(counselor=counselor, client=client, instrument=PHQ9.key, rhythm=Rhythm(WEEKS, 2), now=now)


def _given(chart: Chart, instrument: str, values: tuple[int, ...], client: Person, at: datetime) -> None:
    asked = MeasureAsking(chart_id=chart.id, instrument=instrument, asked_at=at - timedelta(days=1), saves=0)
    db.session.add(asked)
    db.session.flush()
    asked.sealed = sealing.give(asked, dict(enumerate(values, 1)))
    asked.state, asked.given_at, asked.given_by_id = GIVEN, at, client.id
    db.session.flush()


seeds.register(ORDER, seed)
