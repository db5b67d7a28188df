"""Treatment plans for the demo's clients. Everybody and everything in them is invented."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from notes.diagnoses.catalogue import published
from notes.models import Chart
from notes.plans import services
from notes.plans.document import UNDER, Diagnosis, Line, Plan, Review
from practice.core import seeds
from practice.core.db import db

ORDER = 42
_Outline = list[tuple[str, str, int, int | None]]
"""Lines from the top down: kind, words, days since they were opened, days until the review."""

_SLEEP: _Outline = [
    ("problem", "Lies awake before working days and loses the post three times by four in the morning.", 63, None),
    ("goal", "Sleeps through six nights of seven, and Mondays feel like other days.", 63, 27),
    ("objective", "Writes the worry list at six in the evening, ten minutes, then closes the book.", 63, -2),
    ("intervention", "Worry postponement; look at the book together at the start of the hour.", 63, None),
    ("objective", "Says the first sentence of the Tuesday meeting as planned.", 42, 20),
    ("intervention", "Rehearse it aloud in session; the walk round the block beforehand.", 42, None),
]
_GRIEF: _Outline = [
    (
        "problem",
        "“Nobody knows how good he was with wood.” Father died in spring; the workshop stands untouched.",
        49,
        None,
    ),
    ("goal", "The workshop is cleared in a way that feels like a farewell and not like a sale.", 49, 12),
    ("objective", "Chooses three things to keep, one of them to be used.", 49, 12),
    ("intervention", "Tell the story of each thing; write them down for the children.", 49, None),
]
_CHANGE: _Outline = [
    ("problem", "Moved for the post and misses being known by name.", 35, None),
    ("goal", "Three people in the new city would notice if they did not come.", 35, 40),
    ("objective", "One thing a week that makes somebody learn a name.", 35, 40),
    ("intervention", "Plan the week’s one thing at the end of each hour.", 35, None),
]
_STORIES: tuple[tuple[str, _Outline, dict[str, str]], ...] = (
    (
        "F51.01",
        _SLEEP,
        {
            "strengths": "Laughs quickly, good weekends, strong support at home.",
            "rhythm": "Weekly by video until sleep is steady, then every second week.",
            "ending": "Two months in which a bad night is only a bad night.",
        },
    ),
    ("F43.81", _GRIEF, {"strengths": "A warm family table on Sundays.", "rhythm": "Every second week.", "ending": ""}),
    ("F43.23", _CHANGE, {"strengths": "Curiosity, a good alto.", "rhythm": "Weekly.", "ending": "The choir concert."}),
)


def seed(_practice: Any, _people: Mapping[str, Any], now: datetime) -> None:
    """Plan the work of every chart that has been begun."""
    for place, chart in enumerate(db.session.scalars(select(Chart).order_by(Chart.id))):
        code, outline, frame = _STORIES[chart.client_id % len(_STORIES)]
        today = now.date()
        plan = Plan((_diagnosis(code, today),), tuple(_lines(outline, today, later=place % 7)), frame)
        services.save(chart, _all_of(plan), author=chart.counselor, now=now)


def _all_of(plan: Plan) -> services.Change:
    return lambda _before: plan


def _diagnosis(code: str, today: date) -> Diagnosis:
    known = published().find(code)
    assert known  # noqa: S101 - the codes above are of the release that came with this program
    return Diagnosis(services.new_id(), code, known.name, published().release, since_on=today - timedelta(days=49))


def _lines(outline: _Outline, today: date, *, later: int) -> Iterator[Line]:
    last: dict[str, str] = {"": ""}
    for line_number, (kind, words, since, until) in enumerate(outline):
        under = UNDER.get(kind, "")
        opened_on = today - timedelta(days=since)
        seen = (
            (Review(today - timedelta(days=14), "active", "Most weeks. It comes easier when it is planned aloud."),)
            if line_number == 2
            else ()
        )
        line = Line(
            services.new_id(),
            kind,
            words,
            under=last[under],
            opened_on=opened_on,
            target_on=today + timedelta(days=60) if kind == "goal" else None,
            review_on=None if until is None else today + timedelta(days=until + later),
            reviews=seen,
        )
        last[kind] = line.id
        yield line


seeds.register(ORDER, seed)
