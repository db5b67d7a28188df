"""Charts and the keys that open them: begun, found, renewed and wrapped anew."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from notes.models import Chart, ChartKey
from notes.vault import DataKey, Vault, VaultSealBrokenError
from practice.core.db import db
from practice.core.settings import settings
from practice.models import Person

_BATCH = 500


def vault() -> Vault:
    """Return the practice's vault; raises VaultKeyMissingError when it has no key."""
    return Vault.read(settings().vault_key)


def chart_of(*, counselor: Person, client: Person, now: datetime) -> Chart:
    """Find the counselor's chart on the client, or begin it with a key of its own."""
    ours = select(Chart).where(Chart.counselor_id == counselor.id, Chart.client_id == client.id)
    chart = db.session.scalar(ours)
    if chart:
        return chart
    try:
        with db.session.begin_nested():
            chart = Chart(counselor_id=counselor.id, client_id=client.id, epoch=1, created_at=now)
            db.session.add(chart)
            db.session.flush()
            _keep(DataKey.fresh(chart.id, 1), now=now)
    except IntegrityError:  # begun in another tab at the same moment
        return db.session.scalars(ours).one()
    return chart


def key_of(chart: Chart, epoch: int | None = None) -> DataKey:
    """Unwrap the chart's key of an epoch, the current one by default."""
    epoch = epoch or chart.epoch
    kept = select(ChartKey).where(ChartKey.chart_id == chart.id, ChartKey.epoch == epoch)
    row = db.session.scalars(
        kept.where(ChartKey.recipient.startswith("practice:")).order_by(ChartKey.id.desc())
    ).first()
    if row is None:
        raise VaultSealBrokenError("The key of this chart is gone.")
    return vault().unwrap(row.wrapped, chart_id=chart.id, epoch=epoch)


def renew(chart: Chart, *, now: datetime) -> None:
    """Begin the next epoch: words from now on are sealed under a new key, earlier ones still open."""
    db.session.refresh(chart, with_for_update=True)
    chart.epoch += 1
    _keep(DataKey.fresh(chart.id, chart.epoch), now=now)


def stale() -> Iterator[list[ChartKey]]:
    """Yield the keys still wrapped under an older master key, a batch at a time."""
    newest = vault().recipient
    while batch := list(
        db.session.scalars(
            select(ChartKey)
            .where(ChartKey.recipient.startswith("practice:"), ChartKey.recipient != newest)
            .order_by(ChartKey.id)
            .limit(_BATCH)
        )
    ):
        yield batch


def rewrap(batch: list[ChartKey], *, now: datetime) -> int:
    """Wrap these keys under the newest master key; the words themselves are not touched."""
    ours = vault()
    rows = [
        {
            "id": row.id,
            "recipient": ours.recipient,
            "wrapped": ours.wrap(ours.unwrap(row.wrapped, chart_id=row.chart_id, epoch=row.epoch)),
            "wrapped_at": now,
        }
        for row in batch
    ]
    db.session.execute(update(ChartKey), rows)
    db.session.expire_all()
    return len(rows)


def _keep(key: DataKey, *, now: datetime) -> None:
    ours = vault()
    row = ChartKey(
        chart_id=key.chart_id, epoch=key.epoch, recipient=ours.recipient, wrapped=ours.wrap(key), wrapped_at=now
    )
    db.session.add(row)
    db.session.flush()
