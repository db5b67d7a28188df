"""The private halves of a person's keys: under their password, and open for one sign-in. Pure.

Under a password   format 1 | memory KiB u32 | passes u8 | salt 16 | nonce 12 | AES-256-GCM-SIV of the seed
  its key          Argon2id (RFC 9106), one lane, 32 bytes
  bound to         "stillpoint/person-key" 0 | format u8 | person u64 | number u32 | public half
Open               format 1 | nonce 12 | AES-256-GCM-SIV of (number u32 | seed 96) for each key
  its key          HKDF-SHA256 of the secret that only this browser's cookie holds
  bound to         "stillpoint/open-vault" 0 | format u8 | person u64 | sign-in u64
"""

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from notes.custody.envelopes import Pair
from notes.vault import VaultSealBrokenError, open_sealed

FORMAT = 1
MOST_MEMORY_KIB = 1024 * 1024
_HEADER = struct.Struct(">BIB16s12s")
_PLACE = struct.Struct(">BQI")
_OPEN_HEADER = struct.Struct(">B12s")
_OPEN_PLACE = struct.Struct(">BQQ")
_ENTRY = struct.Struct(">I96s")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a password costs."""

    memory_kib: int
    passes: int


@dataclass(frozen=True, slots=True)
class PasswordKey:
    """What a password becomes with a salt."""

    cost: Cost
    salt: bytes
    secret: bytes = field(repr=False)


def seal(key: PasswordKey, pair: Pair, *, person_id: int, number: int, nonce: bytes | None = None) -> bytes:
    """Seal a private half under a password; a nonce is given only by test vectors."""
    nonce = nonce or os.urandom(12)
    header = _HEADER.pack(FORMAT, key.cost.memory_kib, key.cost.passes, key.salt, nonce)
    return header + AESGCMSIV(key.secret).encrypt(nonce, pair.private, _bound(person_id, number, pair.public))


def unseal(key: PasswordKey, sealed: bytes, *, person_id: int, number: int, public: bytes) -> bytes:
    """Open a private half; raises VaultSealBrokenError when the password is another one."""
    nonce = _HEADER.unpack_from(sealed)[4]
    return open_sealed(key.secret, nonce, sealed[_HEADER.size :], _bound(person_id, number, public))


def asked(sealed: bytes) -> tuple[Cost, bytes]:
    """Read what a sealed half asks of the password: its cost and salt."""
    if len(sealed) < _HEADER.size or sealed[0] != FORMAT:
        raise VaultSealBrokenError("A person's key is in a form this vault does not know.")
    _, memory_kib, passes, salt, _ = _HEADER.unpack_from(sealed)
    if not 8 <= memory_kib <= MOST_MEMORY_KIB or not 0 < passes <= 16:
        raise VaultSealBrokenError("A person's key asks for more than any of ours does.")
    return Cost(memory_kib, passes), salt


def keep_open(key: bytes, privates: Mapping[int, bytes], *, person_id: int, sign_in_id: int) -> bytes:
    """Seal the private halves of a person for one sign-in."""
    nonce = os.urandom(12)
    entries = b"".join(_ENTRY.pack(number, seed) for number, seed in sorted(privates.items()))
    bound = _opened_by(person_id, sign_in_id)
    return _OPEN_HEADER.pack(FORMAT, nonce) + AESGCMSIV(key).encrypt(nonce, entries, bound)


def opened(key: bytes, kept: bytes, *, person_id: int, sign_in_id: int) -> dict[int, bytes]:
    """Open the private halves kept for a sign-in, by number."""
    if len(kept) < _OPEN_HEADER.size or kept[0] != FORMAT:
        raise VaultSealBrokenError("An open vault is in a form we do not know.")
    nonce = kept[1 : _OPEN_HEADER.size]
    entries = open_sealed(key, nonce, kept[_OPEN_HEADER.size :], _opened_by(person_id, sign_in_id))
    return dict(_ENTRY.iter_unpack(entries))


def _bound(person_id: int, number: int, public: bytes) -> bytes:
    return b"stillpoint/person-key\x00" + _PLACE.pack(FORMAT, person_id, number) + public


def _opened_by(person_id: int, sign_in_id: int) -> bytes:
    return b"stillpoint/open-vault\x00" + _OPEN_PLACE.pack(FORMAT, person_id, sign_in_id)
