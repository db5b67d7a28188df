"""Data keys in envelopes, one for each recipient, and a chart's letterbox. Pure.

Both are HPKE in base mode (RFC 9180) with HKDF-SHA256 and AES-256-GCM. People hold hybrid
keys, so that a copy made today stays shut when elliptic curves fall; the recovery key is one
that every browser's WebCrypto can open.

Suite 2        DHKEM(P-256, HKDF-SHA256), RFC 9180 section 7.1; public half 65 bytes, uncompressed
Suite 3        MLKEM768-X25519 (draft-ietf-hpke-pq); private half: seed 64 (FIPS 203) | X25519 32
Envelope       format 2 | suite u8 | encapsulated key and ciphertext of the 32 bytes
  info         "stillpoint/ring-key" 0 | format u8 | suite u8 | ring u8 | epoch u32 | owner u64 | recipient
Letterbox      format 3 | epoch u32 | encapsulated key and ciphertext of the words, filled up
  info         "stillpoint/letterbox" 0 | format u8 | epoch u32 | chart u64 | row u64 | version u32 | kind
  its key      HKDF-SHA256 of the record ring's data key, so that whoever reads the record empties it
"""

import os
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from notes.vault import DataKey, Place, Ring, VaultSealBrokenError, fill, unfill

ENVELOPE, DROPPED = 2, 3
BROWSERS, HYBRID = 2, 3
_SEED = 96
_KEY_PLACE = struct.Struct(">BBBIQ")
_DROP_HEADER = struct.Struct(">BI")
_DROP_PLACE = struct.Struct(">BIQQI")
_SUITES = {
    BROWSERS: hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
    HYBRID: hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
}
PublicKey = hpke.MLKEM768X25519PublicKey | ec.EllipticCurvePublicKey
PrivateKey = hpke.MLKEM768X25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, or something, that data keys are wrapped for: `person/7/1`, `recovery/1`."""

    name: str
    suite: int
    public: bytes


@dataclass(frozen=True, slots=True)
class Pair:
    """A hybrid key pair; the private half is its 96 bytes of seed."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> "Pair":
        """Make a new random pair."""
        return cls.grown(os.urandom(_SEED))

    @classmethod
    def grown(cls, seed: bytes) -> "Pair":
        """Make the pair that grows from a seed."""
        inner, outer = _halves(seed)
        return cls(inner.public_key().public_bytes_raw() + outer.public_key().public_bytes_raw(), seed)


def wrap(key: DataKey, to: Recipient) -> bytes:
    """Seal a data key to a recipient's public half."""
    head = bytes((ENVELOPE, to.suite))
    return head + _SUITES[to.suite].encrypt(key.secret, public_key(to.suite, to.public), info=key_info(key, to))


def unwrap(wrapped: bytes, private: PrivateKey, *, owner: int, ring: Ring, epoch: int, name: str) -> DataKey:
    """Open a data key; raises VaultSealBrokenError for another's, another chart's or an altered one."""
    suite = HYBRID if isinstance(private, hpke.MLKEM768X25519PrivateKey) else BROWSERS
    if wrapped[:2] != bytes((ENVELOPE, suite)):
        raise VaultSealBrokenError("The chart's key is in a form this vault does not know.")
    bare = DataKey(owner, epoch, b"", ring)
    info = key_info(bare, Recipient(name, suite, b""))
    return DataKey(owner, epoch, _decrypt(suite, wrapped[2:], private, info), ring)


def key_info(key: DataKey, to: Recipient) -> bytes:
    """Say what an envelope is bound to; a browser that opens one says the same."""
    numbers = _KEY_PLACE.pack(ENVELOPE, to.suite, key.ring.number, key.epoch, key.chart_id)
    return b"stillpoint/ring-key\x00" + numbers + to.name.encode()


def public_key(suite: int, raw: bytes) -> PublicKey:
    """Read a public half; raises VaultSealBrokenError when it is none."""
    try:
        if suite == BROWSERS:
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
        inner = mlkem.MLKEM768PublicKey.from_public_bytes(raw[:-32])
        return hpke.MLKEM768X25519PublicKey(inner, x25519.X25519PublicKey.from_public_bytes(raw[-32:]))
    except ValueError as error:
        raise VaultSealBrokenError("A public key was altered.") from error


def private_key(seed: bytes) -> PrivateKey:
    """Read the private half of a hybrid pair."""
    return hpke.MLKEM768X25519PrivateKey(*_halves(seed))


def letterbox(key: DataKey) -> Pair:
    """Grow the letterbox of a chart from the data key of its record ring."""
    info = b"stillpoint/letterbox\x00" + _DROP_PLACE.pack(DROPPED, key.epoch, key.chart_id, 0, 0)
    return Pair.grown(HKDF(hashes.SHA256(), _SEED, None, info).derive(key.secret))


def drop(public: bytes, epoch: int, words: bytes, place: Place) -> bytes:
    """Seal words to a letterbox."""
    sealed = _SUITES[HYBRID].encrypt(fill(words), public_key(HYBRID, public), info=_drop_info(epoch, place))
    return _DROP_HEADER.pack(DROPPED, epoch) + sealed


def collect(key: DataKey, dropped: bytes, place: Place) -> bytes:
    """Open what lies in a letterbox; raises VaultSealBrokenError when it does not belong there."""
    if dropped_epoch(dropped) != key.epoch:
        raise VaultSealBrokenError("These words were left in another epoch.")
    private = private_key(letterbox(key).private)
    return unfill(_decrypt(HYBRID, dropped[_DROP_HEADER.size :], private, _drop_info(key.epoch, place)))


def is_dropped(sealed: bytes) -> bool:
    """Tell whether these words were left in a letterbox."""
    return len(sealed) >= _DROP_HEADER.size and sealed[0] == DROPPED


def dropped_epoch(dropped: bytes) -> int:
    """Tell which epoch's letterbox holds these words."""
    if not is_dropped(dropped):
        raise VaultSealBrokenError("These words are in a form this vault does not know.")
    epoch: int = _DROP_HEADER.unpack_from(dropped)[1]
    return epoch


def _decrypt(suite: int, sealed: bytes, private: PrivateKey, info: bytes) -> bytes:
    try:
        return _SUITES[suite].decrypt(sealed, private, info=info)
    except (InvalidTag, ValueError) as error:
        raise VaultSealBrokenError("This was altered or does not belong here.") from error


def _drop_info(epoch: int, place: Place) -> bytes:
    numbers = _DROP_PLACE.pack(DROPPED, epoch, place.chart_id, place.note_id, place.version)
    return b"stillpoint/letterbox\x00" + numbers + place.kind.encode()


def _halves(seed: bytes) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
    inner = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:-32])
    return inner, x25519.X25519PrivateKey.from_private_bytes(seed[-32:])
