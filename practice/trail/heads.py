"""Sign tree heads as C2SP checkpoints, and say by which key they can be checked."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from practice.core.sealing import Keyring
from practice.core.settings import settings
from practice.trail.verifier import DASH, ED25519, Head, short_hash


class NoAuditKeyError(Exception):
    """There is no key to sign with."""


def signed(size: int, root: bytes, now: datetime) -> str:
    """Sign a head with the newest key."""
    head = Head(origin(), size, root, f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    ring = _ring()
    key = Ed25519PrivateKey.from_private_bytes(ring.keys[ring.newest])
    signature = short_hash(head.origin, _public(key)) + key.sign(head.body.encode())
    return f"{head.body}\n{DASH}{head.origin} {base64.b64encode(signature).decode()}\n"


def verifier_keys() -> list[str]:
    """Return the public keys in the written form of C2SP signed notes, the newest first."""
    publics = [_public(Ed25519PrivateKey.from_private_bytes(secret)) for secret in _ring().keys.values()]
    return [
        f"{origin()}+{short_hash(origin(), key).hex()}+{base64.b64encode(ED25519 + key).decode()}" for key in publics
    ]


def origin() -> str:
    """Name this log among all others, by the practice's address."""
    return f"{urlsplit(settings().base_url).netloc}/audit-log"


def _ring() -> Keyring:
    if not settings().audit_keys:
        raise NoAuditKeyError("STILLPOINT_AUDIT_KEYS is not set. Make one with `flask audit key`.")
    return Keyring.read(settings().audit_keys)


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()
