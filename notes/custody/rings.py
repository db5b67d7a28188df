"""Rings of a chart and their epochs: begun, found, and wrapped for everyone who may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select, update

from notes.custody import envelopes, vouching
from notes.custody.envelopes import BROWSERS, HYBRID, Recipient
from notes.custody.holders import Holder
from notes.custody.models import Access, PersonKey, RecoveryKey, RingEpoch, RingKey
from notes.models import Chart
from notes.vault import DataKey, Ring, VaultDoubtedError, VaultNotMadeError, VaultSealBrokenError
from practice.core.db import db

NOT_MADE = "These notes get their keys when their counselor next signs in."
DOUBTED = (
    "The key kept for whoever these words are for is not the one in the audit log. Nothing is sealed for it: tell your "
    "administrator, and let its owner sign in anew."
)
OF_CHARTS = (Ring.WORKING, Ring.RECORD)
"""What every chart has from the start; the private ring is begun with its first words."""


@dataclass(frozen=True, slots=True)
class Readership:
    """Who may read which of some charts, as public halves of keys."""

    newest: Mapping[int, Recipient]
    given: Mapping[int, set[int]]
    recovery: Sequence[Recipient]

    @classmethod
    def of(cls, charts: Iterable[Chart], *, now: datetime) -> "Readership":
        """Look up everyone who may read these charts."""
        charts = list(charts)
        given = _given([chart.id for chart in charts], now)
        people = {person_id for chart in charts for person_id in (chart.counselor_id, chart.client_id)}
        newest = newest_keys(people.union(*({person_id for person_id, _ in pairs} for pairs in given.values())))
        standing = {
            chart_id: {person_id for person_id, number in pairs if _is(newest.get(person_id), person_id, number)}
            for chart_id, pairs in given.items()
        }
        return cls(newest, standing, recovery())

    def of_ring(self, chart: Chart, ring: Ring) -> list[Recipient]:
        """Name everyone a ring's key is wrapped for; raises VaultNotMadeError when the counselor has no keys.

        Whose public half was exchanged is left out; the counselor's raises VaultDoubtedError.
        """
        if chart.counselor_id not in self.newest:
            raise _no_key_of(chart.counselor_id)
        readers = {chart.counselor_id}
        if ring is not Ring.PRIVATE:
            readers |= self.given.get(chart.id, set())
        if ring is Ring.RECORD:
            readers.add(chart.client_id)
        found = [self.newest[person_id] for person_id in sorted(readers) if person_id in self.newest]
        return found if ring is Ring.PRIVATE else [*found, *self.recovery]


def begin(
    chart: Chart,
    epoch: int,
    ring: Ring,
    *,
    now: datetime,
    key: DataKey | None = None,
    readership: Readership | None = None,
) -> DataKey:
    """Begin an epoch of a ring and wrap its key for everyone who may read; raises VaultNotMadeError."""
    key = key or DataKey.fresh(chart.id, epoch, ring)
    readers = (readership or Readership.of([chart], now=now)).of_ring(chart, ring)
    box = envelopes.letterbox(key).public if ring is Ring.RECORD else None
    row = RingEpoch(chart_id=chart.id, ring=ring.value, epoch=epoch, letterbox=box, begun_at=now)
    db.session.add(row)
    db.session.flush()
    wrap_for(row, key, readers, now=now)
    return key


def renew(chart: Chart, *, now: datetime) -> None:
    """Begin the next epoch of every ring a chart has: words from now on are sealed under new keys."""
    renew_all([chart], now=now)


def renew_all(charts: Sequence[Chart], *, now: datetime) -> None:
    """Begin the next epoch of every ring these charts have, in a few questions to the database."""
    by_id, readership = {chart.id: chart for chart in charts}, Readership.of(charts, now=now)
    kept = select(RingEpoch.chart_id, RingEpoch.ring, RingEpoch.epoch).where(RingEpoch.chart_id.in_(by_id))
    begun = [
        (by_id[chart_id], Ring(ring))
        for chart_id, ring, epoch in db.session.execute(kept.order_by(RingEpoch.id))
        if chart_id and epoch == by_id[chart_id].epoch
    ]
    for chart in charts:
        chart.epoch += 1
    made = [(DataKey.fresh(chart.id, chart.epoch, ring), readership.of_ring(chart, ring)) for chart, ring in begun]
    rows = [_row(key, now) for key, _ in made]
    if rows:
        returning = insert(RingEpoch).returning(RingEpoch.id, sort_by_parameter_order=True)
        ids = db.session.scalars(returning, rows).all()
        wrapped = zip(ids, made, strict=True)
        db.session.execute(
            insert(RingKey), [row for number, (key, readers) in wrapped for row in _wrapped(number, key, readers, now)]
        )
    db.session.flush()


def begin_own(person_id: int, *, now: datetime) -> DataKey:
    """Begin what a person keeps beside every chart."""
    key = DataKey.fresh(person_id, 1, Ring.OWN)
    row = RingEpoch(person_id=person_id, ring=Ring.OWN.value, epoch=1, begun_at=now)
    db.session.add(row)
    db.session.flush()
    wrap_for(row, key, [needed(person_id), *recovery()], now=now)
    return key


def of_chart(chart_id: int, ring: Ring, epoch: int) -> RingEpoch | None:
    """Find an epoch of a chart's ring."""
    return db.session.scalar(
        select(RingEpoch).where(RingEpoch.chart_id == chart_id, RingEpoch.ring == ring.value, RingEpoch.epoch == epoch)
    )


def own_of(person_id: int) -> RingEpoch | None:
    """Find what a person keeps beside every chart: the newest epoch of it."""
    return db.session.scalar(
        select(RingEpoch).where(RingEpoch.person_id == person_id).order_by(RingEpoch.epoch.desc()).limit(1)
    )


def open_by(holder: Holder, epoch: RingEpoch) -> DataKey | None:
    """Open an epoch's key with what is at hand; None when no envelope is addressed to it."""
    ours = select(RingKey).where(RingKey.ring_epoch_id == epoch.id, RingKey.recipient.in_(holder.names))
    key = holder.known(epoch) or holder.open(epoch, db.session.scalars(ours))
    if key and epoch.letterbox and envelopes.letterbox(key).public != epoch.letterbox:
        raise VaultSealBrokenError("This chart's letterbox was exchanged for another.")
    return key


def needed(person_id: int) -> Recipient:
    """Return the newest public half of somebody who must have one; raises VaultNotMadeError, VaultDoubtedError."""
    found = newest_keys({person_id}).get(person_id)
    if found is None:
        raise _no_key_of(person_id)
    return found


def newest_keys(person_ids: Iterable[int]) -> dict[int, Recipient]:
    """Return the newest public half of each of these people who has one, if it is what the audit log says."""
    rows = db.session.scalars(
        select(PersonKey).where(PersonKey.person_id.in_(list(person_ids))).order_by(PersonKey.number)
    )
    newest = vouching.of_people({row.person_id: row for row in rows}.values())
    return {row.person_id: Recipient(row.name, HYBRID, row.public) for row in newest}


def wrap_for(epoch: RingEpoch, key: DataKey, readers: Sequence[Recipient], *, now: datetime) -> None:
    """Put an epoch's key into an envelope for each of these readers."""
    rows = _wrapped(epoch.id, key, readers, now)
    if rows:
        db.session.execute(insert(RingKey), rows)


def follow(newest: Recipient, chart_ids: Iterable[int]) -> None:
    """Let what somebody was given of these charts go on under their newest key: they proved to be themselves."""
    _, person_id, number = newest.name.split("/")
    standing = update(Access).where(Access.chart_id.in_(list(chart_ids)), Access.ended_at.is_(None))
    db.session.execute(standing.where(Access.person_id == int(person_id)).values(key_number=int(number)))


def recovery_key() -> RecoveryKey | None:
    """Return the recovery key that is in force, if one was made."""
    standing = select(RecoveryKey).where(RecoveryKey.retired_at.is_(None))
    return db.session.scalars(standing.order_by(RecoveryKey.id.desc())).first()


def recovery() -> list[Recipient]:
    """Return the recovery key as a reader, if one was made and it is what the audit log says."""
    found = recovery_key()
    return [Recipient(found.name, BROWSERS, found.public)] if found and vouching.of_practice(found) else []


def _no_key_of(person_id: int) -> Exception:
    """Say why nothing can be sealed for somebody: they have no keys yet, or the one kept is not theirs."""
    made = db.session.scalar(select(PersonKey.id).where(PersonKey.person_id == person_id).limit(1))
    return VaultDoubtedError(DOUBTED) if made else VaultNotMadeError(NOT_MADE)


def _row(key: DataKey, now: datetime) -> dict[str, object]:
    """Write down a chart's key as an epoch: what is in the clear."""
    box = envelopes.letterbox(key).public if key.ring is Ring.RECORD else None
    row = {"chart_id": key.chart_id, "ring": key.ring.value, "epoch": key.epoch}
    return row | {"letterbox": box, "begun_at": now}


def _wrapped(epoch_id: int, key: DataKey, readers: Sequence[Recipient], now: datetime) -> list[dict[str, object]]:
    return [
        {
            "ring_epoch_id": epoch_id,
            "recipient": reader.name,
            "person_id": _person_in(reader.name),
            "wrapped": envelopes.wrap(key, reader),
            "wrapped_at": now,
        }
        for reader in readers
    ]


def _given(chart_ids: Sequence[int], now: datetime) -> dict[int, set[tuple[int, int]]]:
    """Find to whom these charts were given, and under which number of their keys."""
    rows = db.session.execute(
        select(Access.chart_id, Access.person_id, Access.key_number).where(
            Access.chart_id.in_(chart_ids),
            Access.ended_at.is_(None),
            or_(Access.ends_at.is_(None), Access.ends_at > now),
        )
    )
    found: dict[int, set[tuple[int, int]]] = {}
    for chart_id, person_id, number in rows:
        found.setdefault(chart_id, set()).add((person_id, number))
    return found


def _is(newest: Recipient | None, person_id: int, number: int) -> bool:
    """Tell whether a person's newest key is still the one a chart was given to."""
    return newest is not None and newest.name == f"person/{person_id}/{number}"


def _person_in(name: str) -> int | None:
    kind, _, rest = name.partition("/")
    return int(rest.partition("/")[0]) if kind == "person" else None
