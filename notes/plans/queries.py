"""Plans as the counselor of their chart finds them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from notes.models import Chart
from notes.plans.models import PlanVersion
from practice.core.db import db
from practice.models import Person


def chart_on(counselor: Person, client: Person) -> Chart | None:
    """Return the counselor's chart on the client, if one was begun."""
    return db.session.scalar(select(Chart).where(Chart.counselor_id == counselor.id, Chart.client_id == client.id))


def latest(chart: Chart) -> PlanVersion | None:
    """Return the plan of a chart as it stands."""
    ours = select(PlanVersion).where(PlanVersion.chart_id == chart.id)
    return db.session.scalars(ours.order_by(PlanVersion.version.desc()).limit(1)).first()


def version_of(chart: Chart, number: int) -> PlanVersion | None:
    """Return an earlier state of a chart's plan."""
    return db.session.scalar(select(PlanVersion).where(PlanVersion.chart_id == chart.id, PlanVersion.version == number))


def versions(chart: Chart, *, most: int = 200) -> Sequence[PlanVersion]:
    """Return the states of a chart's plan, the newest first."""
    ours = select(PlanVersion).where(PlanVersion.chart_id == chart.id).options(joinedload(PlanVersion.author))
    return db.session.scalars(ours.order_by(PlanVersion.version.desc()).limit(most)).all()


def to_review(counselor: Person, *, until: date) -> Sequence[PlanVersion]:
    """Return the plans of this counselor's charts that come up for review until a day, the longest due first."""
    newest = (
        select(PlanVersion.chart_id, func.max(PlanVersion.version).label("version"))
        .join(Chart, Chart.id == PlanVersion.chart_id)
        .where(Chart.counselor_id == counselor.id)
        .group_by(PlanVersion.chart_id)
        .subquery()
    )
    due = (
        select(PlanVersion)
        .join(newest, (newest.c.chart_id == PlanVersion.chart_id) & (newest.c.version == PlanVersion.version))
        .where(PlanVersion.review_on <= until)
        .options(joinedload(PlanVersion.chart).joinedload(Chart.client))
    )
    return db.session.scalars(due.order_by(PlanVersion.review_on, PlanVersion.id)).all()
