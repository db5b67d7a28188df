"""New keys for every chart of the practice, a batch at a time; it needs nobody's password."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from notes.custody.models import RingEpoch
from notes.custody.rings import renew_all
from notes.models import Chart
from practice.core.db import db

_BATCH = 200


def rotate(*, before: datetime, now: datetime) -> Iterator[int]:
    """Renew every chart whose newest epoch began before an instant; yield how many after each batch, to be committed.

    It may be stopped and run again with the same instant. Earlier words stay under their earlier keys.
    """
    while charts := _due(before):
        renew_all(charts, now=now)
        yield len(charts)


def _due(before: datetime) -> list[Chart]:
    newest = select(RingEpoch.chart_id).group_by(RingEpoch.chart_id).having(func.max(RingEpoch.begun_at) < before)
    return list(db.session.scalars(select(Chart).where(Chart.id.in_(newest)).order_by(Chart.id).limit(_BATCH)))
