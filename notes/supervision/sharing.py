"""Open a supervisee's charts to a supervisor and shut them again: by envelopes, not by permission."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from notes.custody import access, rings
from notes.custody.models import SUPERVISOR, Access
from notes.custody.signals import ChartBegun
from notes.models import Chart
from notes.supervision import queries
from notes.supervision.models import Supervision
from practice.core.db import db
from practice.core.formats import local
from practice.models import Person


def open_charts(supervision: Supervision, *, now: datetime) -> None:
    """Give every chart of the supervisee, whose keys must be open; raises VaultLockedError, VaultNotMadeError."""
    for chart in queries.charts_of(supervision.supervisee_id):
        _give(chart, supervision, now=now)


def shut_charts(supervision: Supervision, *, by: Person, now: datetime) -> None:
    """Take every chart back that was given for supervision; nobody's keys are needed for it."""
    for chart in _given(supervision):
        access.take_back(chart, supervision.supervisor, by=by, now=now)


def shut_out(supervision: Supervision) -> int:
    """Count the charts that the supervisor cannot open, because they have new keys since they were let in."""
    newest = rings.newest_keys({supervision.supervisor_id}).get(supervision.supervisor_id)
    rows = db.session.execute(
        select(Access.chart_id, Access.key_number).where(
            Access.person_id == supervision.supervisor_id, Access.ended_at.is_(None)
        )
    )
    reach = {
        chart_id
        for chart_id, number in rows
        if newest and newest.name == f"person/{supervision.supervisor_id}/{number}"
    }
    return sum(chart.id not in reach for chart in queries.charts_of(supervision.supervisee_id))


def give_new_chart(begun: ChartBegun) -> None:
    """Let the supervisors of a counselor read a chart from its first word."""
    today = local(begun.now, begun.chart.counselor.zone).date()
    for supervision in queries.supervisions_of(begun.chart.counselor):
        if supervision.supervisee_id == begun.chart.counselor_id and queries.runs(supervision, today):
            _give(begun.chart, supervision, now=begun.now)


def _give(chart: Chart, supervision: Supervision, *, now: datetime) -> None:
    access.give(
        chart,
        supervision.supervisor,
        kind=SUPERVISOR,
        by=supervision.supervisee,
        ends_at=_end_of(supervision),
        now=now,
    )


def _end_of(supervision: Supervision) -> datetime | None:
    """Return the midnight, where the supervisee is, after which the last day is over."""
    if supervision.ends_on is None:
        return None
    return datetime.combine(supervision.ends_on + timedelta(days=1), time.min, ZoneInfo(supervision.supervisee.zone))


def _given(supervision: Supervision) -> Sequence[Chart]:
    ours = (
        select(Chart)
        .join(Access, Access.chart_id == Chart.id)
        .where(
            Chart.counselor_id == supervision.supervisee_id,
            Access.person_id == supervision.supervisor_id,
            Access.kind == SUPERVISOR,
            Access.ended_at.is_(None),
        )
    )
    return db.session.scalars(ours).all()
