"""Open a plan and set down its next state. Every state is kept; nothing is overwritten unseen."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from notes import keys
from notes.models import Chart
from notes.plans import queries
from notes.plans.document import Plan
from notes.plans.models import PlanVersion
from notes.plans.written import read, write
from notes.vault import Place, seal, unseal
from practice.core import audit
from practice.core.db import db
from practice.models import Person

KIND = "plan"
Change = Callable[[Plan], Plan]


class PlanMovedOnError(Exception):
    """What is about to be changed was changed elsewhere since it was read."""

    def __init__(self) -> None:
        super().__init__(
            "This was changed somewhere else after you opened it here. What stands now is shown above; "
            "yours is kept below. Save again if yours shall stand."
        )


def plan_of(chart: Chart | None) -> tuple[Plan, int]:
    """Open a chart's plan with the number of its state; an empty one, 0, where nothing was planned."""
    row = queries.latest(chart) if chart else None
    return (opened(row), row.version) if row else (Plan(), 0)


def opened(row: PlanVersion) -> Plan:
    """Open one state of a plan; raises VaultSealBrokenError when it is not what was sealed there."""
    key = keys.key_of(row.chart, row.epoch)
    return read(unseal(key, row.sealed, _place(row.chart, row.version)))


def save(chart: Chart, change: Change, *, author: Person, now: datetime, deed: str = "changed") -> PlanVersion:
    """Set down what a change makes of the plan as it stands; raises whatever the change raises."""
    db.session.scalars(select(Chart).where(Chart.id == chart.id).with_for_update()).one()
    before, version = plan_of(chart)
    after = change(before)
    key = keys.key_of(chart)
    row = PlanVersion(
        chart_id=chart.id,
        version=version + 1,
        author_id=author.id,
        epoch=key.epoch,
        sealed=seal(key, write(after), _place(chart, version + 1)),
        review_on=after.review_on,
        saved_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        f"plan.{deed}",
        person_id=author.id,
        subject=("chart", chart.id),
        detail={"state": row.version},
        about=chart.client_id,
    )
    return row


def unmoved(chart: Chart, line_id: str, base: int, change: Change) -> Change:
    """Let a change pass only if its line is as it was in the state that its writer had before them.

    Other lines may have changed since; a state that is not there counts as one that differs.
    """

    def checked(plan: Plan) -> Plan:
        seen = queries.version_of(chart, base)
        if seen is None or opened(seen).line(line_id) != plan.line(line_id):
            raise PlanMovedOnError
        return change(plan)

    return checked


def new_id() -> str:
    """Make a name for a line that says nothing and never comes twice."""
    return secrets.token_hex(4)


def _place(chart: Chart, version: int) -> Place:
    return Place(chart.id, chart.id, version, KIND)
