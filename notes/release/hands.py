"""In whose hands it is what leaves a chart: its counselor's, and theirs to whom the chart stands open as well."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from notes.custody.models import COVER, SUCCESSOR, SUPERVISOR, Access
from notes.models import Chart
from practice.core.db import db
from practice.models import Person

COUNSELOR = "counselor"
IN_PLACE = (COVER, SUCCESSOR)
"""Who cares for the client in the counselor's place, and so hears of a release as well."""
ANYBODY = (*IN_PLACE, SUPERVISOR)


def own(client: Person) -> ColumnElement[bool]:
    """Say of a chart that it is about this client."""
    return Chart.client_id == client.id


def kept_by(counselor: Person, client: Person | None = None) -> ColumnElement[bool]:
    """Say of a chart that this counselor keeps it, on one client or on any."""
    theirs = Chart.counselor_id == counselor.id
    return and_(theirs, Chart.client_id == client.id) if client else theirs


def in_hand(person: Person, *, now: datetime, kinds: Sequence[str] = ANYBODY) -> ColumnElement[bool]:
    """Say of a chart that this counselor keeps it, or that it stands open to them in one of these roles."""
    given = _standing(now).where(Access.person_id == person.id, Access.kind.in_(kinds))
    return or_(Chart.counselor_id == person.id, Chart.id.in_(given.with_only_columns(Access.chart_id)))


def chart_in_hand(person: Person, chart_id: int, *, now: datetime) -> Chart | None:
    """Return a chart whose releases this counselor handles."""
    return db.session.scalar(select(Chart).where(Chart.id == chart_id, in_hand(person, now=now)))


def access_to(chart: Chart, person: Person, *, now: datetime) -> Access | None:
    """Return by what right somebody who does not keep a chart has it open."""
    mine = _standing(now).where(Access.chart_id == chart.id, Access.person_id == person.id)
    return db.session.scalar(mine.options(joinedload(Access.chart)))


def role_of(chart: Chart, person: Person, *, now: datetime) -> str | None:
    """Name in what role somebody acts on a chart, as the log has it; None for the client."""
    if person.id == chart.client_id:
        return None
    access = access_to(chart, person, now=now) if person.id != chart.counselor_id else None
    return access.kind if access else COUNSELOR


def told_of(chart: Chart, *, now: datetime) -> list[int]:
    """Name who hears of a release: the chart's counselor, and who cares for the client in their place."""
    given = _standing(now).where(Access.chart_id == chart.id, Access.kind.in_(IN_PLACE))
    return sorted({chart.counselor_id, *db.session.scalars(given.with_only_columns(Access.person_id))})


def _standing(now: datetime) -> Select[Access]:
    return select(Access).where(Access.ended_at.is_(None), or_(Access.ends_at.is_(None), Access.ends_at > now))
