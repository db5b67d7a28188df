"""Seal personal data under a key that is not in the database.

Written form: version byte 1, key number (1 byte), nonce (12 bytes), AES-256-GCM
ciphertext and tag (NIST SP 800-38D); the context is the associated data, so that a
value moved to another column refuses to open.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = 1


class SealBrokenError(Exception):
    """A sealed value was altered, moved, or sealed under a key that is gone."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Numbered 256-bit keys; the first one seals, every one opens."""

    keys: dict[int, bytes]
    newest: int

    @classmethod
    def read(cls, text: str) -> Keyring:
        """Read `2:base64,1:base64`, newest first; raise ValueError when it is not that."""
        keys: dict[int, bytes] = {}
        for part in text.split(","):
            number, _, encoded = part.strip().partition(":")
            key = base64.b64decode(encoded, validate=True)
            if len(key) != 32 or not 0 < int(number) < 256:
                raise ValueError("A key is a number from 1 to 255, a colon and 32 bytes in base64.")
            keys[int(number)] = key
        return cls(keys, next(iter(keys)))

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt under the newest key, bound to the context."""
        nonce = os.urandom(12)
        header = bytes((FORMAT, self.newest))
        return header + nonce + AESGCM(self.keys[self.newest]).encrypt(nonce, plain, header + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt; raise SealBrokenError when it is not what was sealed for this context."""
        if len(sealed) < 30 or sealed[0] != FORMAT or sealed[1] not in self.keys:
            raise SealBrokenError("Sealed under a format or key that is not here.")
        try:
            return AESGCM(self.keys[sealed[1]]).decrypt(sealed[2:14], sealed[14:], sealed[:2] + context.encode())
        except InvalidTag as error:
            raise SealBrokenError("The value was altered or moved.") from error


def new_key(number: int = 1) -> str:
    """Make a fresh key in the written form."""
    return f"{number}:{base64.b64encode(os.urandom(32)).decode()}"
