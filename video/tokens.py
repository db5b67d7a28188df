"""Join tokens: who may enter which room, signed by the web and read by the media server. Pure."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

VERSION = "v1"
LONGEST = 4096
_PURPOSE = b"stillpoint join token "


class TokenError(ValueError):
    """The token proves nothing; the message is in words for the person."""


class BadTokenError(TokenError):
    """Not signed by us, or signed for something else."""


class ExpiredTokenError(TokenError):
    """Signed by us, too long ago."""


class Role(StrEnum):
    """On which side of the conversation a person sits."""

    COUNSELOR = "counselor"
    CLIENT = "client"
    GUEST = "guest"


class Power(StrEnum):
    """What a person may do to the room."""

    ADMIT = "admit"
    END = "end"
    MODERATE = "moderate"


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else who is in the room, as the log has it."""

    person: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class JoinToken:
    """One person's leave to enter one room, once, within a minute or so.

    `server` is the address of the media server the room lives on: at another the token opens nothing.
    `opens_at` and `closes_at` bound the room; `ends_at` is when the session is meant to end.
    `admitted` says the counselor has let this person in before, so a restarted server need not ask again;
    `company` are the others who are in, so that it keeps their seats until they are back too.
    `held` says that nobody lets this person in before the counselor has given a reason to meet (see `passes.MEET`).
    """

    room: str
    server: str
    person: str
    name: str
    role: Role
    powers: frozenset[Power]
    opens_at: datetime
    ends_at: datetime
    closes_at: datetime
    expires_at: datetime
    nonce: str
    admitted: bool = False
    company: tuple[Companion, ...] = ()
    held: bool = False

    def claims(self) -> dict[str, Any]:
        """Give the token's content as JSON values, instants as whole seconds since 1970."""
        return {
            "room": self.room,
            "server": self.server,
            "person": self.person,
            "name": self.name,
            "role": self.role.value,
            "powers": sorted(power.value for power in self.powers),
            "opens": _seconds(self.opens_at),
            "ends": _seconds(self.ends_at),
            "closes": _seconds(self.closes_at),
            "exp": _seconds(self.expires_at),
            "nonce": self.nonce,
            "admitted": self.admitted,
            "company": [[each.person, each.name, each.role.value] for each in self.company],
            "held": self.held,
        }

    @classmethod
    def from_claims(cls, claims: dict[str, Any]) -> Self:
        """Read the content back. Raises KeyError, TypeError or ValueError when it is not a token's."""
        return cls(
            room=str(claims["room"]),
            server=str(claims["server"]),
            person=str(claims["person"]),
            name=str(claims["name"]),
            role=Role(claims["role"]),
            powers=frozenset(Power(power) for power in claims["powers"]),
            opens_at=_instant(claims["opens"]),
            ends_at=_instant(claims["ends"]),
            closes_at=_instant(claims["closes"]),
            expires_at=_instant(claims["exp"]),
            nonce=str(claims["nonce"]),
            admitted=claims["admitted"] is True,
            company=tuple(Companion(str(who), str(name), Role(role)) for who, name, role in claims["company"]),
            held=claims.get("held") is True,
        )


def sign(token: JoinToken, key: str) -> str:
    """Write the token as `version.content.signature`, HMAC-SHA256 (RFC 2104) over the first two."""
    content = _base64(json.dumps(token.claims(), separators=(",", ":")).encode())
    body = f"{VERSION}.{content}"
    return f"{body}.{_base64(_signature(body, key))}"


def read(text: str, key: str, *, now: datetime) -> JoinToken:
    """Read a token that we signed. Raises `BadTokenError` or `ExpiredTokenError`."""
    body, _, signature = text.rpartition(".")
    if len(text) > LONGEST or not _is_ours(body, signature, key):
        raise BadTokenError("This way into the room is not valid. Open the room from your session page.")
    version, _, content = body.partition(".")
    if version != VERSION:
        raise BadTokenError("This page is from an older version. Load it again.")
    try:
        token = JoinToken.from_claims(json.loads(_unbase64(content)))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadTokenError("This way into the room is not valid. Open the room from your session page.") from error
    if now >= token.expires_at:
        raise ExpiredTokenError("This page waited too long before entering. Load it again.")
    return token


def _is_ours(body: str, signature: str, key: str) -> bool:
    try:
        given = _unbase64(signature)
    except ValueError:
        return False
    return hmac.compare_digest(given, _signature(body, key))


def _signature(body: str, key: str) -> bytes:
    return hmac.new(key.encode(), _PURPOSE + body.encode(errors="replace"), hashlib.sha256).digest()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
