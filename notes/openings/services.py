"""Open a chart for a reason; look into it afterwards, ask, answer, and keep what came of it."""

from datetime import datetime

from sqlalchemy import select

from notes import keys
from notes.custody.models import Access
from notes.models import Chart
from notes.openings import queries, rules
from notes.openings.models import ChartOpening
from notes.vault import Place
from practice.core import audit
from practice.core.db import db
from practice.models import Person

ANSWER = "opening-answer"


class ReviewError(Exception):
    """The review has moved on in the meantime; the words say to where."""


def open_for(access: Access, reason: str, *, sign_in_id: int, now: datetime) -> ChartOpening:
    """Note why somebody outside the care team opens a chart, once for a sitting."""
    db.session.execute(select(Chart.id).where(Chart.id == access.chart_id).with_for_update())
    held = queries.of_sitting(access.chart_id, access.person_id, sign_in_id, now=now)
    if held:
        return held
    row = ChartOpening(
        chart_id=access.chart_id,
        person_id=access.person_id,
        sign_in_id=sign_in_id,
        kind=access.kind,
        reason=reason,
        opened_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _record(queries.GIVEN_REASON, row, by=access.person, acting=access.kind)
    return row


def ask(opening: ChartOpening, *, by: Person, now: datetime) -> None:
    """Ask who opened a chart to say more; raises ReviewError."""
    _hold(opening)
    if opening.stage != rules.WAITS:
        raise ReviewError("This was asked or settled already.")
    opening.asked_at, opening.asked_by_id = now, by.id
    db.session.flush()
    _record("opening.asked", opening, by=by)


def answer(opening: ChartOpening, words: str, *, now: datetime) -> None:
    """Answer for one's own opening, sealed for the readers of the chart's record; raises ReviewError."""
    _hold(opening)
    if opening.stage != rules.ASKED:
        raise ReviewError("This was answered or settled already.")
    opening.answer, opening.answered_at = keys.drop(opening.chart, words.encode(), _place(opening)), now
    db.session.flush()
    _record("opening.answered", opening, by=opening.person)


def settle(opening: ChartOpening, verdict: str, *, by: Person, now: datetime) -> None:
    """Keep what came of looking at an opening; raises ReviewError."""
    _hold(opening)
    if opening.verdict:
        raise ReviewError("This was settled already.")
    opening.verdict, opening.settled_at, opening.settled_by_id = verdict, now, by.id
    db.session.flush()
    _record(f"opening.{verdict}", opening, by=by)


def note(opening: ChartOpening, *, by: Person, now: datetime) -> None:
    """Note that the practice has dealt with an opening that was not right; raises ReviewError."""
    _hold(opening)
    if opening.verdict != rules.AMISS or opening.noted_at:
        raise ReviewError("There is nothing to deal with here any more.")
    opening.noted_at, opening.noted_by_id = now, by.id
    db.session.flush()
    _record("opening.dealt_with", opening, by=by)


def answer_of(opening: ChartOpening) -> str:
    """Open what was answered; nothing while there is no answer. Only a reader of the chart's record can."""
    if opening.answer is None:
        return ""
    return keys.opened(opening.chart, opening.answer, _place(opening)).decode()


def _hold(opening: ChartOpening) -> None:
    db.session.refresh(opening, with_for_update={"of": ChartOpening})


def _place(opening: ChartOpening) -> Place:
    return Place(opening.chart_id, opening.id, 1, ANSWER)


def _record(action: str, opening: ChartOpening, *, by: Person, acting: str | None = None) -> None:
    audit.record(
        action,
        person_id=by.id,
        subject=("opening", opening.id),
        about=opening.chart.client_id,
        acting=acting,
        reason=opening.reason,
    )
