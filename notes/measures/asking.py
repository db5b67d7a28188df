"""Ask a client a questionnaire: now, or again and again by a plan."""

from datetime import datetime

from sqlalchemy import select

from booking.models.appointments import Appointment
from notes import keys
from notes.measures import notices, queries
from notes.measures.models import ASKED, OPEN, WITHDRAWN, MeasureAsking, MeasurePlan
from notes.measures.register import FREE
from notes.measures.rhythm import ONCE, SESSIONS, Rhythm, due_by_session, due_by_weeks
from notes.models import Chart
from practice.core import audit
from practice.core.db import db
from practice.models import Person


class AskedAlreadyError(Exception):
    """The same questions wait for this client already, or a plan asks them."""


class NotOfferedError(Exception):
    """The practice does not offer this questionnaire, or nobody may."""


def plan(*, counselor: Person, client: Person, instrument: str, rhythm: Rhythm, now: datetime) -> MeasurePlan:
    """Plan to ask a client something and ask at once what is due; raises NotOfferedError, AskedAlreadyError."""
    if instrument not in {each.key for each in queries.offered()}:
        raise NotOfferedError("Your practice does not offer this questionnaire.")
    chart = keys.chart_of(counselor=counselor, client=client, now=now)
    _refuse_twice(chart, instrument)
    planned = MeasurePlan(
        chart_id=chart.id,
        instrument=instrument,
        rhythm=rhythm.kind,
        every=rhythm.every,
        begun_at=now,
        begun_by_id=counselor.id,
    )
    db.session.add(planned)
    db.session.flush()
    audit.record(
        "measure.planned", person_id=counselor.id, subject=("measure_plan", planned.id), about=planned.chart.client_id
    )
    ask_if_due(planned, now=now)
    return planned


def end(planned: MeasurePlan, *, by: Person, now: datetime) -> None:
    """End a plan; what was asked and not begun is taken back."""
    if planned.ended_at is None:
        planned.ended_at = now
        audit.record(
            "measure.plan_ended", person_id=by.id, subject=("measure_plan", planned.id), about=planned.chart.client_id
        )
    for asking in db.session.scalars(
        select(MeasureAsking).where(MeasureAsking.plan_id == planned.id, MeasureAsking.state == ASKED)
    ):
        take_back(asking, by=by, now=now)


def take_back(asking: MeasureAsking, *, by: Person, now: datetime) -> None:
    """Take back what is not answered yet."""
    db.session.refresh(asking, with_for_update=True)
    if not asking.is_open:
        return
    asking.state, asking.progress = WITHDRAWN, None
    db.session.flush()
    notices.no_longer_asked(asking, now=now)
    audit.record("measure.taken_back", person_id=by.id, subject=("measure", asking.id), about=asking.chart.client_id)


def ask_all_due(now: datetime) -> int:
    """Ask whatever running plans have due; return how many askings that made."""
    running = select(MeasurePlan).where(MeasurePlan.ended_at.is_(None)).order_by(MeasurePlan.id)
    return sum(ask_if_due(planned, now=now) is not None for planned in db.session.scalars(running).all())


def ask_if_due(planned: MeasurePlan, *, now: datetime) -> MeasureAsking | None:
    """Ask what a plan has due, unless its questions still wait; a plan that asks once ends with it."""
    db.session.refresh(planned, with_for_update=True)  # two schedulers must not ask twice
    if planned.ended_at is not None or _waits(planned) or planned.chart.client.closed_at is not None:
        return None
    coming = queries.next_session(planned.chart, now)
    if not _is_due(planned, coming, now):
        return None
    asking = MeasureAsking(
        chart_id=planned.chart_id,
        plan_id=planned.id,
        appointment_id=coming.id if coming else None,
        instrument=planned.instrument,
        state=ASKED,
        asked_at=now,
        saves=0,
    )
    db.session.add(asking)
    if planned.rhythm == ONCE:
        planned.ended_at = now
    db.session.flush()
    notices.asked(asking, now=now)
    return asking


def _refuse_twice(chart: Chart, instrument: str) -> None:
    plans = any(each.instrument == instrument for each in queries.plans_on(chart))
    waits = any(each.instrument == instrument and each.is_open for each in queries.askings_on(chart))
    if plans or waits:
        raise AskedAlreadyError(f"{FREE[instrument].name} is asked already. End its plan or take it back first.")


def _waits(planned: MeasurePlan) -> bool:
    waiting = select(MeasureAsking.id).where(MeasureAsking.plan_id == planned.id, MeasureAsking.state.in_(OPEN))
    return db.session.scalar(waiting.limit(1)) is not None


def _is_due(planned: MeasurePlan, coming: Appointment | None, now: datetime) -> bool:
    last = db.session.scalars(
        select(MeasureAsking)
        .where(MeasureAsking.plan_id == planned.id)
        .order_by(MeasureAsking.asked_at.desc(), MeasureAsking.id.desc())
        .limit(1)
    ).first()
    if planned.rhythm != SESSIONS:
        return due_by_weeks(planned.how_often, begun=planned.begun_at, last=last.asked_at if last else None, now=now)
    before = db.session.get(Appointment, last.appointment_id) if last and last.appointment_id else None
    return due_by_session(
        planned.how_often,
        next_session=coming.starts_at if coming else None,
        sessions_since=queries.sessions_since(planned.chart, before, coming) if before and coming else None,
        now=now,
    )
