"""The one place that handles keys of clinical notes.

A chart has 256-bit data keys in numbered epochs. Words are sealed under one of them;
the data key itself is stored only wrapped, once for each recipient who may open it.
Today the one recipient is the practice's master key; a person's public key is another
suite of the same written form.

Sealed words   format 1 | epoch u32 | nonce 12 | AES-256-GCM-SIV ciphertext and tag (RFC 8452)
  bound to     "stillpoint/note" 0 | format u8 | epoch u32 | chart u64 | note u64 | version u32 | kind
  filled up    to 256 bytes with 0x80 0x00… (ISO/IEC 7816-4), so that length says little
Wrapped key    format 1 | suite 1 | master number u8 | nonce 12 | AES-256-GCM-SIV ciphertext and tag
  bound to     "stillpoint/chart-key" 0 | format u8 | suite u8 | chart u64 | epoch u32 | recipient
"""

import os
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from practice.core.sealing import Keyring

FORMAT = 1
SUITE_MASTER = 1
_BLOCK = 256
_HEADER = struct.Struct(">BI12s")
_PLACE = struct.Struct(">BIQQI")
_WRAP_HEADER = struct.Struct(">BBB12s")
_WRAP_PLACE = struct.Struct(">BBQI")


class VaultKeyMissingError(Exception):
    """There is no key to open notes with; nothing is written in the clear instead."""


class VaultSealBrokenError(Exception):
    """What was read is not what was sealed at this place: altered, moved, or under a key that is gone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where sealed words belong; at any other place they refuse to open."""

    chart_id: int
    note_id: int
    version: int
    kind: str


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one chart in one epoch."""

    chart_id: int
    epoch: int
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, chart_id: int, epoch: int) -> "DataKey":
        """Make a new random key."""
        return cls(chart_id, epoch, os.urandom(32))


@dataclass(frozen=True, slots=True)
class Vault:
    """Wraps chart keys under the practice's numbered master keys; the first seals, every one opens."""

    masters: Keyring = field(repr=False)

    @classmethod
    def read(cls, vault_key: str) -> "Vault":
        """Read the keys from the setting; raises VaultKeyMissingError when there is none or it is malformed."""
        if not vault_key:
            message = "STILLPOINT_VAULT_KEY is not set. Make one with `flask vault key`."
            raise VaultKeyMissingError(message)
        try:
            return cls(Keyring.read(vault_key))
        except ValueError as error:
            message = "STILLPOINT_VAULT_KEY must read like `2:base64,1:base64`, newest first, 32 bytes each."
            raise VaultKeyMissingError(message) from error

    @property
    def recipient(self) -> str:
        """Name the master key that wraps from now on."""
        return f"practice:{self.masters.newest}"

    def wrap(self, key: DataKey, *, nonce: bytes | None = None) -> bytes:
        """Wrap a chart's key for the newest master key; a nonce is given only by test vectors."""
        header = _WRAP_HEADER.pack(FORMAT, SUITE_MASTER, self.masters.newest, nonce or os.urandom(12))
        bound = _wrapped_for(key.chart_id, key.epoch, self.recipient)
        return header + AESGCMSIV(self.masters.keys[self.masters.newest]).encrypt(header[3:], key.secret, bound)

    def unwrap(self, wrapped: bytes, *, chart_id: int, epoch: int) -> DataKey:
        """Unwrap a chart's key; raises VaultSealBrokenError for another chart's, another epoch's or an altered one."""
        if len(wrapped) < _WRAP_HEADER.size:
            raise VaultSealBrokenError("The chart's key is cut short.")
        written, suite, number, nonce = _WRAP_HEADER.unpack_from(wrapped)
        if (written, suite) != (FORMAT, SUITE_MASTER):
            raise VaultSealBrokenError("The chart's key is in a form this vault does not know.")
        master = self.masters.keys.get(number)
        if master is None:
            raise VaultKeyMissingError(f"Master key {number} wraps this chart and is not in STILLPOINT_VAULT_KEY.")
        bound = _wrapped_for(chart_id, epoch, f"practice:{number}")
        secret = _open(master, nonce, wrapped[_WRAP_HEADER.size :], bound)
        return DataKey(chart_id, epoch, secret)


def seal(key: DataKey, words: bytes, place: Place, *, nonce: bytes | None = None) -> bytes:
    """Seal words to their place; a nonce is given only by test vectors."""
    header = _HEADER.pack(FORMAT, key.epoch, nonce or os.urandom(12))
    return header + AESGCMSIV(key.secret).encrypt(header[5:], _fill(words), _bound(place, key.epoch))


def unseal(key: DataKey, sealed: bytes, place: Place) -> bytes:
    """Open words at their place; raises VaultSealBrokenError when they do not belong there."""
    if epoch_of(sealed) != key.epoch:
        raise VaultSealBrokenError("These words were sealed in another epoch.")
    nonce = sealed[5 : _HEADER.size]
    return _unfill(_open(key.secret, nonce, sealed[_HEADER.size :], _bound(place, key.epoch)))


def epoch_of(sealed: bytes) -> int:
    """Tell which epoch's key seals these words."""
    if len(sealed) < _HEADER.size or sealed[0] != FORMAT:
        raise VaultSealBrokenError("These words are in a form this vault does not know.")
    epoch: int = _HEADER.unpack_from(sealed)[1]
    return epoch


def _open(secret: bytes, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    try:
        return AESGCMSIV(secret).decrypt(nonce, ciphertext, bound)
    except (InvalidTag, ValueError) as error:
        raise VaultSealBrokenError("This was altered or does not belong here.") from error


def _bound(place: Place, epoch: int) -> bytes:
    numbers = _PLACE.pack(FORMAT, epoch, place.chart_id, place.note_id, place.version)
    return b"stillpoint/note\x00" + numbers + place.kind.encode()


def _wrapped_for(chart_id: int, epoch: int, recipient: str) -> bytes:
    return b"stillpoint/chart-key\x00" + _WRAP_PLACE.pack(FORMAT, SUITE_MASTER, chart_id, epoch) + recipient.encode()


def _fill(words: bytes) -> bytes:
    return words + b"\x80" + bytes(-(len(words) + 1) % _BLOCK)


def _unfill(filled: bytes) -> bytes:
    words, mark, rest = filled.rpartition(b"\x80")
    if not mark or rest.strip(b"\x00"):
        raise VaultSealBrokenError("These words are not filled up as they were written.")
    return words
