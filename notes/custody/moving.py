"""Charts move from the practice's master key to the keys of people, once, when their counselor has some."""

from datetime import datetime

from sqlalchemy import delete, select

from notes.custody import rings
from notes.custody.master import Masters
from notes.models import Chart, ChartKey
from notes.vault import Ring
from practice.core import audit
from practice.core.db import db
from practice.core.settings import settings


def waiting(counselor_id: int | None = None) -> list[Chart]:
    """Return the charts, of one counselor or of all, with a key that is still under the master key."""
    kept = select(ChartKey.chart_id).where(ChartKey.recipient.startswith("practice:"))
    charts = select(Chart).where(Chart.id.in_(kept)).order_by(Chart.id)
    return list(db.session.scalars(charts.where(Chart.counselor_id == counselor_id) if counselor_id else charts))


def move(chart: Chart, *, now: datetime) -> None:
    """Wrap every key of a chart for its readers, and forget the copies under the master key.

    Raises VaultKeyMissingError, VaultSealBrokenError and VaultNotMadeError; nothing has changed then.
    """
    masters = Masters.read(settings().vault_key)
    rows = db.session.scalars(
        select(ChartKey).where(ChartKey.chart_id == chart.id, ChartKey.recipient.startswith("practice:"))
    )
    kept = {row.epoch: masters.unwrap(row.wrapped, chart_id=chart.id, epoch=row.epoch) for row in rows}
    for epoch, key in kept.items():
        if rings.of_chart(chart.id, Ring.WORKING, epoch) is None:
            rings.begin(chart, epoch, Ring.WORKING, now=now, key=key)
    if rings.of_chart(chart.id, Ring.RECORD, chart.epoch) is None:
        rings.begin(chart, chart.epoch, Ring.RECORD, now=now)
    db.session.execute(delete(ChartKey).where(ChartKey.chart_id == chart.id))
    audit.record("vault.moved", person_id=chart.counselor_id, subject=("chart", chart.id))
