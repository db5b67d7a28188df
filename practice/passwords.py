"""Passwords: what a good one is, and Argon2id over it (RFC 9106).

One hash takes 64 MiB and a quarter of a second, so at most two are made at once in a
process; an account that does not exist costs the same as one that does. An installation may
choose other memory (`password_memory_kib`); a kept hash says what it was made with.
"""

from __future__ import annotations

import os
import threading

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from flask import has_app_context

from practice.common_passwords import COMMON
from practice.core.settings import settings

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 200
MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 1
RULE = "At least 10 characters. A few words in a row are easy to remember and hard to guess."

_two_at_once = threading.BoundedSemaphore(2)
_NOBODY = f"$argon2id$v=19$m={{}},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"


def objection(password: str) -> str | None:
    """Say what is wrong with a new password, or return None."""
    if len(password) < LEAST_CHARACTERS:
        return f"Use at least {LEAST_CHARACTERS} characters."
    if len(password) > MOST_CHARACTERS:
        return f"Use at most {MOST_CHARACTERS} characters."
    plain = "".join(password.casefold().split())
    if plain in COMMON or len(set(plain)) < 4:
        return "This one is among the first that are tried. Choose something only you would think of."
    return None


def memory_kib() -> int:
    """Return how much memory a new hash takes, in KiB."""
    return settings().password_memory_kib if has_app_context() else MEMORY_KIB


def hashed(password: str) -> str:
    """Return the Argon2id hash in PHC string form."""
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=PASSES, lanes=LANES, memory_cost=memory_kib())
    with _two_at_once:
        return kdf.derive_phc_encoded(password.encode())


def derived(password: str, *, salt: bytes, memory_kib: int, passes: int) -> bytes:
    """Derive a 32-byte key from a password by Argon2id."""
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=LANES, memory_cost=memory_kib)
    with _two_at_once:
        return kdf.derive(password.encode())


def matches(password: str, kept: str | None) -> bool:
    """Tell whether this is the password; without a kept hash it takes as long and is not."""
    try:
        with _two_at_once:
            Argon2id.verify_phc_encoded(password.encode(), kept or _NOBODY.format(memory_kib()))
    except InvalidKey:
        return False
    return kept is not None
