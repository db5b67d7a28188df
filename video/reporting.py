"""The form of the media server's reports to the web: signature and content. Pure, shared by both sides."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SIGNATURE_HEADER = "X-Stillpoint-Signature"
MOST_AT_ONCE = 100
MOST_ROOMS = 500
MOST_BYTES = 256 * 1024
_LONGEST_LEASE_S = 30.0
_TOLERANCE = timedelta(minutes=5)
_PURPOSE = b"stillpoint media report "


class BadReportError(ValueError):
    """The body is not signed by our media server, or is no report."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One thing that happened in a room. `server` and `number` name it once and for all."""

    server: str
    number: int
    room: str
    person: str
    event: str
    at: datetime
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beat:
    """A media server's sign of life: where pages find it, which run this is, how long to believe it, who is there."""

    url: str
    life: str
    started_at: datetime
    lease: timedelta
    draining: bool
    people: int
    rooms: list[str]


def signature(body: bytes, key: str, at: int) -> str:
    """Sign a body: `t=seconds,v1=hex`, HMAC-SHA256 over both, so that an old one cannot be sent again."""
    return f"t={at},v1={_digest(body, key, at)}"


def read(body: bytes, header: str, key: str, *, now: datetime) -> list[Reported]:
    """Read a signed body. Raises `BadReportError`."""
    verify(body, header, key, now=now)
    try:
        return [reported(each) for each in json.loads(body)["reports"][:MOST_AT_ONCE]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadReportError("The report cannot be read.") from error


def beat_in(body: bytes, header: str, key: str, *, now: datetime) -> Beat:
    """Read a signed sign of life. Raises `BadReportError`."""
    verify(body, header, key, now=now)
    try:
        told = json.loads(body)
        return Beat(
            url=str(told["url"])[:200],
            life=str(told["life"])[:32],
            started_at=datetime.fromtimestamp(float(told["started"]), UTC),
            lease=timedelta(seconds=min(max(float(told["lease"]), 1.0), _LONGEST_LEASE_S)),
            draining=told["draining"] is True,
            people=max(int(told["people"]), 0),
            rooms=[str(each)[:64] for each in told["rooms"][:MOST_ROOMS]],
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadReportError("The sign of life cannot be read.") from error


def verify(body: bytes, header: str, key: str, *, now: datetime) -> None:
    """Raise `BadReportError` unless the media server signed this body a moment ago."""
    stamp, _, digest = header.removeprefix("t=").partition(",v1=")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or len(body) > MOST_BYTES:
        raise BadReportError("The report carries no signature.")
    if not hmac.compare_digest(digest.encode(), _digest(body, key, int(stamp)).encode()):
        raise BadReportError("The report's signature is not ours.")
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > _TOLERANCE:
        raise BadReportError("The report is too old.")


def reported(each: dict[str, Any]) -> Reported:
    """Read one report. Raises KeyError, TypeError, ValueError or OverflowError when it is none."""
    detail = each["detail"]
    return Reported(
        server=str(each["server"])[:32],
        number=int(each["number"]),
        room=str(each["room"])[:64],
        person=str(each["person"])[:64],
        event=str(each["event"])[:32],
        at=datetime.fromtimestamp(float(each["at"]), UTC),
        detail=detail if isinstance(detail, dict) else {},
    )


def _digest(body: bytes, key: str, at: int) -> str:
    return hmac.new(key.encode(), _PURPOSE + str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
