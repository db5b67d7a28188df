"""Keep answers as they are chosen, give them to the chart, and call somebody at once where one asks for it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from notes.measures import alerts, notices, queries, sealing
from notes.measures.models import BEGUN, GIVEN, MeasureAlert, MeasureAsking
from notes.measures.register import FREE
from notes.measures.scoring import Answers, calling
from practice.core import audit
from practice.core.db import db
from practice.models import Person


class NoLongerAskedError(Exception):
    """The questions were answered, or taken back, in the meantime."""


class NothingAnsweredError(Exception):
    """There is no answer to give."""


def watch(asking: MeasureAsking, chosen: Answers, *, by: Person, now: datetime) -> bool:
    """Call somebody where one of these answers asks for it, and tell whether one does; raises NoLongerAskedError.

    It needs nobody's key, so that help never waits for a password.
    """
    _hold(asking)
    called = calling(FREE[asking.instrument], chosen)
    for number in called:
        _call(asking, number, chosen[number] or 0, by=by, now=now)
    return bool(called)


def keep(asking: MeasureAsking, chosen: Answers, *, by: Person) -> None:
    """Keep these answers beside those chosen before; raises NoLongerAskedError."""
    _hold(asking)
    answers = sealing.kept(asking, by) | dict(chosen)
    asking.saves += 1
    asking.state, asking.progress = BEGUN, sealing.keep(asking, answers, by)
    db.session.flush()


def give(asking: MeasureAsking, *, by: Person, now: datetime) -> None:
    """Give the answers kept so far to the chart; raises NoLongerAskedError, NothingAnsweredError."""
    _hold(asking)
    _give(asking, sealing.kept(asking, by), by=by, now=now)


def give_together(asking: MeasureAsking, answers: Answers, *, by: Person, now: datetime) -> MeasureAlert | None:
    """Give what a client answered aloud; an alert is raised and seen at once. Raises as `give` does."""
    _hold(asking)
    watch(asking, answers, by=by, now=now)
    _give(asking, answers, by=by, now=now)
    raised = db.session.scalar(select(MeasureAlert).where(MeasureAlert.asking_id == asking.id))
    if raised:
        alerts.see(raised, by=by, now=now)
    return raised


def _hold(asking: MeasureAsking) -> None:
    db.session.refresh(asking, with_for_update=True)
    if not asking.is_open:
        raise NoLongerAskedError("These questions are no longer open. Nothing needs to be done.")


def _give(asking: MeasureAsking, answers: Answers, *, by: Person, now: datetime) -> None:
    if all(answer is None for answer in answers.values()):
        raise NothingAnsweredError("Nothing is answered yet. Choose at least one answer, or leave this for later.")
    asking.sealed = sealing.give(asking, answers)
    asking.progress, asking.state = None, GIVEN
    asking.given_at, asking.given_by_id = now, by.id
    db.session.flush()
    notices.no_longer_asked(asking, now=now)
    audit.record("measure.given", person_id=by.id, subject=("measure", asking.id), about=asking.chart.client_id)


def _call(asking: MeasureAsking, number: int, answer: int, *, by: Person, now: datetime) -> None:
    """Raise an alert, once for each time something is asked."""
    if db.session.scalar(select(MeasureAlert.id).where(MeasureAlert.asking_id == asking.id)):
        return
    alert = MeasureAlert(
        asking_id=asking.id,
        chart_id=asking.chart_id,
        raised_at=now,
        sealed=sealing.raise_with(asking, number, answer),
    )
    try:
        with db.session.begin_nested():
            db.session.add(alert)
    except IntegrityError:  # raised by another request at the same moment
        return
    notices.alert(alert, queries.called_with(asking.chart, now=now), now=now)
    audit.record(
        "measure.alert_raised", person_id=by.id, subject=("measure_alert", alert.id), about=asking.chart.client_id
    )
