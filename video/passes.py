"""Small signed values between web and media server: what was allowed, to whom, until when. Pure."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

PROBE = "probe"
MEET = "meet"
LONGEST = 1024


def sign(purpose: str, claims: dict[str, str], key: str, *, until: datetime) -> str:
    """Write `content.signature`, HMAC-SHA256 (RFC 2104) over purpose and content."""
    content = _base64(json.dumps({**claims, "exp": int(until.timestamp())}, separators=(",", ":")).encode())
    return f"{content}.{_base64(_signature(purpose, content, key))}"


def read(purpose: str, text: str, key: str, *, now: datetime) -> dict[str, str] | None:
    """Read a value that we signed for this purpose and that still holds; None for anything else."""
    content, _, signature = text.partition(".")
    try:
        if len(text) > LONGEST or not hmac.compare_digest(_unbase64(signature), _signature(purpose, content, key)):
            return None
        claims: dict[str, Any] = json.loads(_unbase64(content))
    except (ValueError, binascii.Error):
        return None
    until = claims.pop("exp")
    return {name: str(value) for name, value in claims.items()} if now.timestamp() < until else None


def meeting(room: str, person: str) -> dict[str, str]:
    """Give the claims of the practice's word that somebody may be met in a room, a reason having been given."""
    return {"room": room, "person": person}


def _signature(purpose: str, content: str, key: str) -> bytes:
    said = f"stillpoint {purpose} {content}".encode(errors="replace")
    return hmac.new(key.encode(), said, hashlib.sha256).digest()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
