"""Rooms, tokens and people for the tests of video."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from video.tokens import JoinToken, Power, Role

KEY = "a media key for the tests only"
SERVER = "ws://127.0.0.1:8001/room"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OPENS, ENDS, CLOSES = NOON - timedelta(minutes=15), NOON + timedelta(minutes=50), NOON + timedelta(minutes=80)
INES, ALICE, BEN, CLARA = "1", "2", "3", "4"
_nonces = count(1)


def a_token(person: str = ALICE, *, room: str = "room-1", now: datetime = NOON, **changes: object) -> JoinToken:
    """Give Ines a counselor's token and anybody else a client's."""
    is_counselor = person == INES
    usual = {
        "room": room,
        "server": SERVER,
        "person": person,
        "name": {INES: "Ines Calder", ALICE: "Alice Moreau", BEN: "Ben Okafor"}.get(person, "Somebody"),
        "role": Role.COUNSELOR if is_counselor else Role.CLIENT,
        "powers": frozenset({Power.ADMIT, Power.END, Power.MODERATE}) if is_counselor else frozenset(),
        "opens_at": OPENS,
        "ends_at": ENDS,
        "closes_at": CLOSES,
        "expires_at": now + timedelta(minutes=2),
        "nonce": f"nonce-{next(_nonces)}",
    }
    return JoinToken(**(usual | changes))  # type: ignore[arg-type]  # a builder's defaults
