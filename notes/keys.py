"""Charts and the keys that open them: begun, found, renewed, and the letterbox of those who only add."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from notes.custody import envelopes, rings, signals
from notes.custody.holders import holder, holder_or_none
from notes.custody.models import Access, RingEpoch, RingKey
from notes.models import Chart, ChartKey
from notes.vault import (
    DataKey,
    Place,
    Ring,
    VaultKeyMissingError,
    VaultRefusedError,
    VaultSealBrokenError,
    epoch_of,
    ring_of,
    unseal,
)
from practice.core.db import db, only_reads
from practice.core.ports import ports
from practice.models import Person


def chart_of(*, counselor: Person, client: Person, now: datetime) -> Chart:
    """Find the counselor's chart on the client, or begin it with keys of its own; raises VaultNotMadeError."""
    ours = select(Chart).where(Chart.counselor_id == counselor.id, Chart.client_id == client.id)
    chart = db.session.scalar(ours)
    if chart:
        return _begun_again(chart, now) if chart.erased_at else chart
    try:
        with db.session.begin_nested():
            chart = Chart(counselor_id=counselor.id, client_id=client.id, epoch=1, created_at=now)
            db.session.add(chart)
            db.session.flush()
            _begin(chart, now)
    except IntegrityError:  # begun in another tab at the same moment
        return db.session.scalars(ours).one()
    return chart


def key_of(chart: Chart, epoch: int | None = None, ring: Ring = Ring.WORKING) -> DataKey:
    """Open the chart's key of a ring and epoch, the current one by default.

    Raises VaultLockedError when nobody's keys are open, VaultRefusedError when theirs do not open this one,
    VaultSealBrokenError when what is kept was altered or is gone.
    """
    held = holder()
    found = rings.of_chart(chart.id, ring, epoch or chart.epoch)
    if found is None and ring is Ring.PRIVATE and epoch is None:
        return _begin_private(chart)
    if found is None:
        raise _lost(chart)
    key = None if _is_over(chart, held.person_id) else rings.open_by(held, found)
    if key is None:
        raise _refusal(found)
    return key


def opened(chart: Chart, sealed: bytes, place: Place) -> bytes:
    """Open words of a chart, whichever ring and epoch they are sealed under, letterbox included."""
    if envelopes.is_dropped(sealed):
        return collect(chart, sealed, place)
    return unseal(key_of(chart, epoch_of(sealed), ring_of(sealed)), sealed, place)


def may_open(chart: Chart, ring: Ring = Ring.WORKING) -> bool:
    """Tell whether the keys at hand open the chart's ring as it is now."""
    held = holder_or_none()
    found = rings.of_chart(chart.id, ring, chart.epoch)
    return held is not None and found is not None and rings.open_by(held, found) is not None


def is_open() -> bool:
    """Tell whether anybody's keys are open here."""
    return holder_or_none() is not None


def own_key(person: Person | None = None) -> DataKey:
    """Open the key of what whoever is signed in keeps beside every chart; made at its first use."""
    held = holder()
    person_id = person.id if person else held.person_id
    found = rings.own_of(person_id)
    if found is None:
        return _begin_own(person_id)
    key = rings.open_by(held, found)
    if key is None:
        raise _refusal(found)
    return key


def opened_own(sealed: bytes, place: Place, person: Person | None = None) -> bytes:
    """Open words that belong to a person and to no chart."""
    return unseal(own_key(person), sealed, place)


def drop(chart: Chart, words: bytes, place: Place) -> bytes:
    """Seal words for the readers of a chart's record, by somebody who need not be able to read them."""
    found = rings.of_chart(chart.id, Ring.RECORD, chart.epoch)
    if found is None or found.letterbox is None:
        raise VaultSealBrokenError("This chart's letterbox is gone.")
    return envelopes.drop(found.letterbox, found.epoch, words, place)


def collect(chart: Chart, sealed: bytes, place: Place) -> bytes:
    """Open what was dropped into a chart's letterbox."""
    key = key_of(chart, envelopes.dropped_epoch(sealed), Ring.RECORD)
    return envelopes.collect(key, sealed, place)


def renew(chart: Chart, *, now: datetime) -> None:
    """Begin the next epoch: words from now on are sealed under new keys, earlier ones still open."""
    db.session.refresh(chart, ["epoch"], with_for_update=True)
    rings.renew(chart, now=now)


def _begin(chart: Chart, now: datetime) -> None:
    signals.chart_begun.send(signals.ChartBegun(chart, now))
    for ring in rings.OF_CHARTS:
        rings.begin(chart, chart.epoch, ring, now=now)


def _begun_again(chart: Chart, now: datetime) -> Chart:
    """Begin anew where all was erased before: the client came back, and words from now on get keys of their own."""
    db.session.refresh(chart, with_for_update={"of": Chart})
    if chart.erased_at:
        chart.epoch, chart.erased_at, chart.created_at = chart.epoch + 1, None, now
        db.session.flush()
        _begin(chart, now)
    return chart


def _begin_private(chart: Chart) -> DataKey:
    if chart.erased_at:
        raise _lost(chart)
    if rings.needed(chart.counselor_id).name not in holder().names:
        raise VaultRefusedError("These words are not sealed for you.")
    return rings.begin(chart, chart.epoch, Ring.PRIVATE, now=ports().clock.now())


def _begin_own(person_id: int) -> DataKey:
    if only_reads.get():  # nothing was sealed under one yet, so any will do to read nothing with
        return DataKey.fresh(person_id, 1, Ring.OWN)
    return rings.begin_own(person_id, now=ports().clock.now())


def _is_over(chart: Chart, person_id: int) -> bool:
    """Tell whether the chart was this person's until an instant that has passed, though its envelopes lie here yet."""
    if person_id in {chart.counselor_id, chart.client_id}:
        return False
    ends_at = db.session.scalar(
        select(Access.ends_at).where(
            Access.chart_id == chart.id, Access.person_id == person_id, Access.ended_at.is_(None)
        )
    )
    return ends_at is not None and ends_at <= ports().clock.now()


def _lost(chart: Chart) -> Exception:
    """Say why a chart has no such key: it was not moved from the master key yet, or it is gone."""
    if db.session.scalar(select(func.count()).where(ChartKey.chart_id == chart.id)):
        return VaultKeyMissingError("This chart is still under STILLPOINT_VAULT_KEY. Set it, then sign in again.")
    if chart.erased_at:
        return VaultSealBrokenError("This record was lawfully erased. Nobody can open what it held.")
    return VaultSealBrokenError("The key of this chart is gone.")


def _refusal(found: RingEpoch) -> Exception:
    """Say why an epoch's key does not open: nobody holds it any more, or it was never for whoever asks."""
    kept = db.session.scalar(select(func.count()).where(RingKey.ring_epoch_id == found.id))
    if not kept:
        return VaultSealBrokenError("The key of this chart is gone.")
    return VaultRefusedError("These words are not sealed for you.")
