"""Whether the sheets would open everything again, tried on a copy of the database alone, which is only read."""

import time
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Engine, and_, create_engine, func, select

from notes.custody import envelopes
from notes.custody.models import RecoveryKey, RingEpoch, RingKey
from notes.models import Note, NoteVersion
from notes.opening import BODY
from notes.vault import DataKey, Place, Ring, VaultSealBrokenError, epoch_of, ring_of, unseal

_BATCH = 1_000
Keys = dict[tuple[int, Ring, int], DataKey]


class WrongSheetsError(Exception):
    """The sheets do not belong to any recovery key of this database."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a drill found: keys and notes that open, out of how many; private ones are not meant to."""

    charts: int
    keys: int
    keys_opened: int
    notes: int
    notes_opened: int
    private_notes: int
    seconds: float

    @property
    def whole(self) -> bool:
        """Tell whether everything opened that should."""
        return self.keys == self.keys_opened and self.notes == self.notes_opened


def run(copy: str, secret: bytes) -> Outcome:
    """Open every key, and with them the latest words of every note, in memory alone; raises WrongSheetsError.

    `copy` is the path of an SQLite file that nobody writes to, or the address of a restored PostgreSQL database.
    """
    engine = _only_reading(copy)
    try:
        with engine.connect() as connection:
            begun = time.perf_counter()
            name, private = _key(connection, secret)
            total, keys = _opened(connection, name, private)
            notes, opened, sealed_off = _notes(connection, keys)
            charts = len({owner for owner, ring, _ in keys if ring is not Ring.OWN})
            seconds = time.perf_counter() - begun
            connection.rollback()
    finally:
        engine.dispose()
    return Outcome(charts, total, len(keys), notes, opened, sealed_off, seconds)


def _only_reading(copy: str) -> Engine:
    if "://" in copy:
        return create_engine(copy, execution_options={"postgresql_readonly": True})
    return create_engine(f"sqlite:///file:{Path(copy).resolve()}?mode=ro&immutable=1&uri=true")


def _key(connection: Connection, secret: bytes) -> tuple[str, ec.EllipticCurvePrivateKey]:
    """Find which recovery key the sheets give."""
    try:
        private = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    except ValueError as error:
        raise WrongSheetsError("These sheets give no key.") from error
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    found = connection.scalar(select(RecoveryKey.id).where(RecoveryKey.public == public))
    if found is None:
        raise WrongSheetsError("These sheets belong to no recovery key of this database.")
    return f"recovery/{found}", private


def _opened(connection: Connection, name: str, private: ec.EllipticCurvePrivateKey) -> tuple[int, Keys]:
    """Count the keys that the sheets should open, and open those they do."""
    meant = RingEpoch.ring != Ring.PRIVATE.value
    total = connection.scalar(select(func.count()).select_from(RingEpoch).where(meant)) or 0
    rows = select(RingEpoch.chart_id, RingEpoch.person_id, RingEpoch.ring, RingEpoch.epoch, RingEpoch.letterbox)
    wrapped = rows.add_columns(RingKey.wrapped).join(RingKey).where(meant, RingKey.recipient == name)
    keys: Keys = {}
    for chart_id, person_id, ring, epoch, box, sealed in connection.execute(
        wrapped.execution_options(yield_per=_BATCH)
    ):
        owner = chart_id or person_id
        try:
            key = envelopes.unwrap(sealed, private, owner=owner, ring=Ring(ring), epoch=epoch, name=name)
        except VaultSealBrokenError:
            continue
        if box is None or envelopes.letterbox(key).public == box:
            keys[owner, key.ring, epoch] = key
    return total, keys


def _notes(connection: Connection, keys: Keys) -> tuple[int, int, int]:
    """Open the latest words of every note, and forget them: how many should open, how many do, how many are private."""
    latest = and_(NoteVersion.note_id == Note.id, NoteVersion.version == Note.version)
    rows = select(Note.id, Note.chart_id, Note.version, NoteVersion.sealed).join(NoteVersion, latest)
    total = opened = private = 0
    for note_id, chart_id, version, sealed in connection.execute(rows.execution_options(yield_per=_BATCH)):
        if ring_of(sealed) is Ring.PRIVATE:
            private += 1
            continue
        total += 1
        key = keys.get((chart_id, ring_of(sealed), epoch_of(sealed)))
        try:
            opened += key is not None and bool(unseal(key, sealed, Place(chart_id, note_id, version, BODY)))
        except VaultSealBrokenError:
            continue
    return total, opened, private
