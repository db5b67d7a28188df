"""TURN passwords that coturn understands and that expire."""

from __future__ import annotations

from datetime import UTC, datetime

from video.relays import relays

UNTIL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_without_a_relay_there_is_none() -> None:
    assert relays(" ", "north", name="7", until=UNTIL) == []


def test_a_relays_password_expires() -> None:
    (relay,) = relays("turn:turn.example:3478, turns:turn.example:5349", "north", name="7", until=UNTIL)
    assert relay == {
        "urls": ["turn:turn.example:3478", "turns:turn.example:5349"],
        "username": f"{int(UNTIL.timestamp())}:7",
        # printf %s 1795424400:7 | openssl dgst -sha1 -hmac north -binary | base64
        "credential": "sJFYBCou9yAbssrCj9DNLxAU0HI=",
    }
