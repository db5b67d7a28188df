"""What is put in order when somebody's keys open: envelopes that lack, and envelopes for keys of before."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from notes.custody import moving, rings, vouching
from notes.custody.envelopes import Recipient
from notes.custody.holders import Holder
from notes.custody.models import RingEpoch, RingKey
from notes.models import Chart
from notes.vault import Ring, VaultKeyMissingError, VaultNotMadeError, VaultSealBrokenError
from practice.core.db import db


def tend(held: Holder, *, now: datetime) -> None:
    """Move a counselor's charts to their keys, bring older envelopes up, and wrap for readers who lack one."""
    _move(held, now)
    _bring_up(held, now)
    charts = list(db.session.scalars(select(Chart).where(Chart.counselor_id == held.person_id)))
    wrap_missing(held, charts, now=now)


def wrap_missing(held: Holder, charts: Iterable[Chart], *, now: datetime) -> int:
    """Wrap the keys of these charts, and one's own, for readers who have no envelope yet; count the envelopes."""
    by_id = {chart.id: chart for chart in charts}
    epochs = db.session.scalars(
        select(RingEpoch)
        .where(RingEpoch.chart_id.in_(by_id) | (RingEpoch.person_id == held.person_id))
        .options(selectinload(RingEpoch.envelopes))
    )
    readership, count = rings.Readership.of(by_id.values(), now=now), 0
    for epoch in epochs:
        readers = _readers(epoch, by_id, readership)
        have = {envelope.recipient for envelope in epoch.envelopes}
        lacking = [reader for reader in readers if reader.name not in have]
        key = held.open(epoch, epoch.envelopes) if lacking else None
        if key:
            rings.wrap_for(epoch, key, lacking, now=now)
            _drop_retired(epoch, [reader.name for reader in lacking])
            count += len(lacking)
    return count


def doubt_exchanged(*, now: datetime) -> None:
    """Look through all public keys for those that were exchanged, and speak of each once."""
    for key in vouching.exchanged():
        vouching.doubt(vouching.PERSON, key.person_id, key.number, now=now)
    ours = rings.recovery_key()
    if ours and not vouching.of_practice(ours):
        vouching.doubt(vouching.RECOVERY, ours.id, 0, now=now)


def _drop_retired(epoch: RingEpoch, now_wrapped: list[str]) -> None:
    """Let the envelope of an earlier recovery key go once there is one for the key in force."""
    if any(name.startswith("recovery/") for name in now_wrapped):
        older = [one.id for one in epoch.envelopes if one.recipient.startswith("recovery/")]
        db.session.execute(delete(RingKey).where(RingKey.id.in_(older)))


def _readers(epoch: RingEpoch, charts: Mapping[int, Chart], readership: rings.Readership) -> list[Recipient]:
    if epoch.chart_id is None:
        return [rings.needed(epoch.owner), *readership.recovery]
    return readership.of_ring(charts[epoch.chart_id], Ring(epoch.ring))


def _move(held: Holder, now: datetime) -> None:
    try:
        for chart in moving.waiting(held.person_id):
            with db.session.begin_nested():
                moving.move(chart, now=now)
    except (VaultKeyMissingError, VaultNotMadeError, VaultSealBrokenError) as error:
        current_app.logger.error("Charts stay under the master key: %s", error)


def _bring_up(held: Holder, now: datetime) -> None:
    """Address to the newest key what was addressed to an older one that is open as well."""
    newest = rings.newest_keys({held.person_id}).get(held.person_id)
    older = [name for name in held.names if newest and name != newest.name]
    if newest is None or newest.name not in held.names or not older:
        return
    kept = select(RingEpoch).join(RingKey).where(RingKey.recipient.in_(older))
    epochs = db.session.scalars(kept.options(selectinload(RingEpoch.envelopes))).unique().all()
    for epoch in epochs:
        key = held.open(epoch, epoch.envelopes)
        if key and newest.name not in {envelope.recipient for envelope in epoch.envelopes}:
            rings.wrap_for(epoch, key, [newest], now=now)
    rings.follow(newest, [epoch.chart_id for epoch in epochs if epoch.chart_id])
    db.session.execute(delete(RingKey).where(RingKey.recipient.in_(older)))
    db.session.expire_all()
