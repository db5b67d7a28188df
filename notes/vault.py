"""The one place that seals clinical words.

A chart has 256-bit data keys in rings (who may read) and numbered epochs (since when).
Words are sealed under one of them and bound to their place; how the keys themselves are
kept is written in notes/FORMAT.md.

Sealed words   format 2 | ring u8 | epoch u32 | nonce 12 | AES-256-GCM-SIV ciphertext and tag (RFC 8452)
  bound to     "stillpoint/note" 0 | format u8 | ring u8 | epoch u32 | owner u64 | row u64 | version u32 | kind
  filled up    to 256 bytes with 0x80 0x00… (ISO/IEC 7816-4), so that length says little
Format 1, of before there were rings, has no ring in header and bond, and is read as of the working ring.
"""

import os
import struct
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

FORMAT, WITHOUT_RINGS = 2, 1
_BLOCK = 256
_HEADER = struct.Struct(">BBI12s")
_PLACE = struct.Struct(">BBIQQI")
_FIRST_HEADER = struct.Struct(">BI12s")
_FIRST_PLACE = struct.Struct(">BIQQI")


class VaultKeyMissingError(Exception):
    """There is no key to open notes with; nothing is written in the clear instead."""


class VaultSealBrokenError(Exception):
    """What was read is not what was sealed at this place: altered, moved, or under a key that is gone."""


class VaultLockedError(Exception):
    """Nobody's keys are open here: whoever asks gives their password first."""


class VaultRefusedError(Exception):
    """The keys of whoever asks do not open this: it was never wrapped for them, or no longer is."""


class VaultNotMadeError(Exception):
    """The person these words are for has no keys yet; they are made when they next sign in."""


class VaultDoubtedError(VaultRefusedError):
    """The public half kept for somebody is not the one in the audit log: nothing is sealed for it."""


class Ring(StrEnum):
    """Who may read: those at work on a chart, they and the client, the author alone; or one's own, without a chart."""

    WORKING = "working"
    RECORD = "record"
    PRIVATE = "private"
    OWN = "own"

    @property
    def number(self) -> int:
        """How the ring is written in a header."""
        return _NUMBERS.index(self)


_NUMBERS = (None, Ring.WORKING, Ring.RECORD, Ring.PRIVATE, Ring.OWN)


@dataclass(frozen=True, slots=True)
class Place:
    """Where sealed words belong; at any other place they refuse to open.

    `note_id` is the row's own id, whatever the row is; of the ring OWN `chart_id` is the person's id.
    """

    chart_id: int
    note_id: int
    version: int
    kind: str


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one chart (or, of the ring OWN, of one person) in one ring and epoch."""

    chart_id: int
    epoch: int
    secret: bytes = field(repr=False)
    ring: Ring = Ring.WORKING

    @classmethod
    def fresh(cls, chart_id: int, epoch: int, ring: Ring = Ring.WORKING) -> "DataKey":
        """Make a new random key."""
        return cls(chart_id, epoch, os.urandom(32), ring)


def seal(key: DataKey, words: bytes, place: Place, *, nonce: bytes | None = None) -> bytes:
    """Seal words to their place; a nonce is given only by test vectors."""
    nonce = nonce or os.urandom(12)
    header = _HEADER.pack(FORMAT, key.ring.number, key.epoch, nonce)
    return header + AESGCMSIV(key.secret).encrypt(nonce, fill(words), _bound(place, key))


def unseal(key: DataKey, sealed: bytes, place: Place) -> bytes:
    """Open words at their place; raises VaultSealBrokenError when they do not belong there."""
    ring, epoch, nonce, ciphertext, bound = _parted(sealed, place, key)
    if (ring, epoch) != (key.ring, key.epoch):
        raise VaultSealBrokenError("These words were sealed in another ring or epoch.")
    return unfill(open_sealed(key.secret, nonce, ciphertext, bound))


def epoch_of(sealed: bytes) -> int:
    """Tell which epoch's key seals these words."""
    return _head(sealed)[1]


def ring_of(sealed: bytes) -> Ring:
    """Tell which ring's key seals these words."""
    return _head(sealed)[0]


def ring_numbered(number: int) -> Ring:
    """Return the ring of a number in a header; raises VaultSealBrokenError when there is none."""
    ring = _NUMBERS[number] if number < len(_NUMBERS) else None
    if ring is None:
        raise VaultSealBrokenError("These words name a ring this vault does not know.")
    return ring


def open_sealed(secret: bytes, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    """Open AES-256-GCM-SIV; raises VaultSealBrokenError when it was altered or is bound to something else."""
    try:
        return AESGCMSIV(secret).decrypt(nonce, ciphertext, bound)
    except (InvalidTag, ValueError) as error:
        raise VaultSealBrokenError("This was altered or does not belong here.") from error


def fill(words: bytes) -> bytes:
    """Fill words up to a multiple of 256 bytes."""
    return words + b"\x80" + bytes(-(len(words) + 1) % _BLOCK)


def unfill(filled: bytes) -> bytes:
    """Take away what words were filled up with."""
    words, mark, rest = filled.rpartition(b"\x80")
    if not mark or rest.strip(b"\x00"):
        raise VaultSealBrokenError("These words are not filled up as they were written.")
    return words


def _head(sealed: bytes) -> tuple[Ring, int, bytes, bytes]:
    if sealed[:1] == bytes((WITHOUT_RINGS,)) and len(sealed) >= _FIRST_HEADER.size:
        _, epoch, nonce = _FIRST_HEADER.unpack_from(sealed)
        return Ring.WORKING, epoch, nonce, sealed[_FIRST_HEADER.size :]
    if sealed[:1] == bytes((FORMAT,)) and len(sealed) >= _HEADER.size:
        _, ring, epoch, nonce = _HEADER.unpack_from(sealed)
        return ring_numbered(ring), epoch, nonce, sealed[_HEADER.size :]
    raise VaultSealBrokenError("These words are in a form this vault does not know.")


def _parted(sealed: bytes, place: Place, key: DataKey) -> tuple[Ring, int, bytes, bytes, bytes]:
    first = sealed[:1] == bytes((WITHOUT_RINGS,))
    return (*_head(sealed), _first_bound(place, key.epoch) if first else _bound(place, key))


def _bound(place: Place, key: DataKey) -> bytes:
    numbers = _PLACE.pack(FORMAT, key.ring.number, key.epoch, place.chart_id, place.note_id, place.version)
    return b"stillpoint/note\x00" + numbers + place.kind.encode()


def _first_bound(place: Place, epoch: int) -> bytes:
    numbers = _FIRST_PLACE.pack(WITHOUT_RINGS, epoch, place.chart_id, place.note_id, place.version)
    return b"stillpoint/note\x00" + numbers + place.kind.encode()
