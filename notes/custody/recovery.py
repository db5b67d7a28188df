"""The practice's recovery key: only its public half is ever here; the sheets open envelopes in a browser."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import selectinload

from notes.custody import envelopes, rings, vouching
from notes.custody.envelopes import BROWSERS, Recipient
from notes.custody.models import RecoveryKey, RingEpoch, RingKey
from notes.models import Chart
from notes.vault import DataKey, Ring
from practice.core import audit
from practice.core.db import db
from practice.models import Person

Envelope = dict[str, str | int]


class NotTheKeyError(Exception):
    """What came back is not what the recovery key opens."""


def keep(public: bytes, *, sheets: int, by: Person, now: datetime) -> RecoveryKey:
    """Put a new recovery key in force, whose sheets were tried in the browser; raises VaultSealBrokenError.

    Envelopes for the one before go as soon as one for the new lies beside them (`tending`).
    """
    envelopes.public_key(BROWSERS, public)
    db.session.execute(update(RecoveryKey).where(RecoveryKey.retired_at.is_(None)).values(retired_at=now))
    row = RecoveryKey(public=public, sheets=sheets, made_by_id=by.id, made_at=now, proved_at=now)
    db.session.add(row)
    db.session.flush()
    detail = {"sheets": sheets, "key": vouching.fingerprint(public)}
    audit.record("recovery.key_made", person_id=by.id, subject=("recovery_key", row.id), detail=detail)
    return row


def coverage() -> tuple[int, int, list[str]]:
    """Count the keys the sheets can open, and all that they should; name the counselors whose are not yet."""
    standing = rings.recovery_key()
    whole = select(func.count()).select_from(RingEpoch).where(RingEpoch.ring != Ring.PRIVATE.value)
    if standing is None:
        return 0, db.session.scalar(whole) or 0, []
    covered = select(RingKey.ring_epoch_id).where(RingKey.recipient == standing.name)
    left = RingEpoch.id.not_in(covered) & (RingEpoch.ring != Ring.PRIVATE.value)
    total, open_ = db.session.scalar(whole) or 0, db.session.scalar(whole.where(left)) or 0
    of_charts = select(Chart.counselor_id).join(RingEpoch, RingEpoch.chart_id == Chart.id).where(left)
    own = select(RingEpoch.person_id).where(left, RingEpoch.person_id.is_not(None))
    people = select(Person.name).where(Person.id.in_(of_charts) | Person.id.in_(own)).order_by(Person.name)
    return total - open_, total, list(db.session.scalars(people))


def waiting() -> Sequence[Person]:
    """List the people whose envelopes are for a key that went with an older password."""
    kinds = select(RingKey.person_id, RingKey.recipient).join(RingEpoch).where(RingEpoch.ring != Ring.PRIVATE.value)
    rows = db.session.execute(kinds.where(RingKey.person_id.is_not(None)).distinct())
    kept = [(person_id, name) for person_id, name in rows if person_id]
    newest = rings.newest_keys({person_id for person_id, _ in kept})
    left = {person_id for person_id, name in kept if person_id in newest and newest[person_id].name != name}
    return db.session.scalars(select(Person).where(Person.id.in_(left)).order_by(Person.name)).all()


def envelopes_for(person: Person) -> list[Envelope]:
    """Give the recovery key's envelopes of everything a person could read before their new password."""
    return envelopes_of(_lost_to(person))


def envelopes_of(epochs: Iterable[RingEpoch]) -> list[Envelope]:
    """Give the recovery key's envelopes of some keys, as a browser opens them."""
    return [
        _envelope(each, kept)
        for each in epochs
        if (kept := next((one for one in each.envelopes if one.recipient.startswith("recovery/")), None))
    ]


def restore(person: Person, opened: Mapping[int, bytes], *, by: Person, now: datetime) -> int:
    """Put what the sheets opened into envelopes for a person's newest key; return how many. Raises NotTheKeyError.

    A chart of a colleague's that they had been given follows when all of its keys came back.
    """
    count, newest, lost = 0, rings.needed(person.id), _lost_to(person)
    for epoch in lost:
        secret = opened.get(epoch.id)
        if secret is None:
            continue
        key = key_in(epoch, secret)
        mine = [one.id for one in epoch.envelopes if one.person_id == person.id]
        db.session.execute(delete(RingKey).where(RingKey.id.in_(mine)))
        rings.wrap_for(epoch, key, [newest], now=now)
        count += 1
    left = {epoch.chart_id for epoch in lost if epoch.id not in opened}
    rings.follow(newest, {epoch.chart_id for epoch in lost if epoch.chart_id} - left)
    audit.record("recovery.used", person_id=by.id, subject=("person", person.id), detail={"keys": count})
    db.session.expire_all()
    return count


def key_in(epoch: RingEpoch, secret: bytes) -> DataKey:
    """Read what the sheets opened as the key of an epoch; raises NotTheKeyError."""
    key = DataKey(epoch.owner, epoch.epoch, secret, Ring(epoch.ring))
    if len(secret) != 32 or (epoch.letterbox and envelopes.letterbox(key).public != epoch.letterbox):
        raise NotTheKeyError("What came back does not fit this practice's keys. Nothing was changed.")
    return key


def challenge(key: RecoveryKey, secret: bytes) -> Envelope:
    """Seal a random secret that only the sheets give back."""
    bare = DataKey(0, 0, secret, Ring.WORKING)
    return _sealed(0, key, bare, envelopes.wrap(bare, _recipient(key)))


def proved(key: RecoveryKey, *, by: Person, now: datetime) -> None:
    """Keep that the sheets were tried and worked."""
    key.proved_at = now
    audit.record("recovery.proved", person_id=by.id, subject=("recovery_key", key.id))


def _lost_to(person: Person) -> Sequence[RingEpoch]:
    """Find the epochs whose envelopes for a person are all for an older key."""
    newest = rings.needed(person.id)
    has = select(RingKey.ring_epoch_id).where(RingKey.recipient == newest.name)
    had = select(RingKey.ring_epoch_id).where(RingKey.person_id == person.id)
    return db.session.scalars(
        select(RingEpoch)
        .where(RingEpoch.id.in_(had), RingEpoch.id.not_in(has))
        .options(selectinload(RingEpoch.envelopes))
        .order_by(RingEpoch.id)
    ).all()


def _envelope(epoch: RingEpoch, kept: RingKey) -> Envelope:
    key = db.session.get_one(RecoveryKey, int(kept.recipient.partition("/")[2]))
    return _sealed(epoch.id, key, DataKey(epoch.owner, epoch.epoch, b"", Ring(epoch.ring)), kept.wrapped)


def _sealed(number: int, key: RecoveryKey, bare: DataKey, wrapped: bytes) -> Envelope:
    parts = {"key": key.public, "wrapped": wrapped, "info": envelopes.key_info(bare, _recipient(key))}
    return {"id": number} | {name: base64.b64encode(raw).decode() for name, raw in parts.items()}


def _recipient(key: RecoveryKey) -> Recipient:
    return Recipient(key.name, BROWSERS, key.public)
