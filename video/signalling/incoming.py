"""What the page says to the media server over the WebSocket. Pure: text in, frozen messages out."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from video import passes

LONGEST_FRAME = 96 * 1024
LONGEST_OFFER = 64 * 1024
LONGEST_TOKEN = 4096
LONGEST_TEXT = 2000
LONGEST_PERSON = 64
LONGEST_PASS = 24 * 1024
PASSED_KINDS = ("keys", "sealed")
LOWEST_RUNG = 4
LARGEST_NUMBER = 2**53 - 1  # what JavaScript counts exactly
_BASE64 = re.compile("[A-Za-z0-9+/]+={0,2}")


class MalformedError(ValueError):
    """The frame is no message of ours; the text says which part."""


@dataclass(frozen=True, slots=True)
class Join:
    """The first message: the token that the web signed."""

    token: str


@dataclass(frozen=True, slots=True)
class Probe:
    """The first message of a page that only tests the path: a pass that the web signed, and an offer."""

    token: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An SDP offer. A new `generation` is a new RTCPeerConnection in the page; `number` pairs it with its answer."""

    sdp: str
    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Admit:
    """Let a waiting person in; `leave` is the practice's word that the counselor gave a reason where one is needed."""

    person: str
    leave: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """A line to somebody who waits, or, with nobody named, from the waiting room to whoever may admit."""

    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Show:
    """Whether the sender's microphone and camera are on, and whether they share their screen."""

    microphone: bool
    camera: bool
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """How much the sender's connection carries: 0 everything, 1 and 2 smaller pictures, 3 sound only, 4 hardly that."""

    rung: int


@dataclass(frozen=True, slots=True)
class Hush:
    """Mute one person, or everybody else when none is named."""

    person: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Show a person out; they may wait at the door again."""

    person: str


@dataclass(frozen=True, slots=True)
class Pass:
    """Something for another page that we cannot read and do not keep; `to` names a person, or nobody for all.

    `kind` is "keys" while the two agree on keys, and "sealed" afterwards; `data` is base64 (RFC 4648 section 4).
    """

    to: str
    kind: str
    data: str


@dataclass(frozen=True, slots=True)
class Leave:
    """The person pressed Leave."""


@dataclass(frozen=True, slots=True)
class End:
    """End the session for everyone."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? `stamp` comes back unchanged."""

    stamp: int


Incoming = Join | Probe | Offer | Admit | Write | Show | Rung | Hush | Remove | Pass | Leave | End | Ping


def parse(frame: str) -> Incoming:
    """Read one frame of the page's. Raises `MalformedError` in words."""
    if len(frame) > LONGEST_FRAME:
        raise MalformedError("The message is too long.")
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise MalformedError("The message is not JSON.") from error
    if not isinstance(data, dict):
        raise MalformedError("The message is not an object.")
    read = _READERS.get(str(data.get("type")))
    if read is None:
        raise MalformedError("The message has no known type.")
    return read(data)


def _text(data: dict[str, Any], name: str, most: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MalformedError(f"The message lacks its {name}.")
    if len(value) > most:
        raise MalformedError(f"The {name} is longer than {most} characters.")
    return value


def _named(data: dict[str, Any], name: str) -> str:
    """Read whom something is for; nothing means everybody."""
    return _text(data, name, LONGEST_PERSON) if data.get(name) else ""


def _leave(data: dict[str, Any]) -> str:
    return _text(data, "leave", passes.LONGEST) if data.get("leave") else ""


def _kind(data: dict[str, Any]) -> str:
    kind = data.get("kind")
    if kind not in PASSED_KINDS:
        raise MalformedError("The message to pass on is of no known kind.")
    return str(kind)


def _base64(data: dict[str, Any], name: str, most: int) -> str:
    text = _text(data, name, most)
    if not _BASE64.fullmatch(text):
        raise MalformedError(f"The {name} is not base64.")
    return text


def _number(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise MalformedError(f"The {name} is not a whole number.")
    return value


def _flag(data: dict[str, Any], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise MalformedError(f"The {name} is neither true nor false.")
    return value


_READERS: dict[str, Callable[[dict[str, Any]], Incoming]] = {
    "join": lambda data: Join(_text(data, "token", LONGEST_TOKEN)),
    "probe": lambda data: Probe(_text(data, "token", LONGEST_TOKEN), _text(data, "sdp", LONGEST_OFFER)),
    "offer": lambda data: Offer(
        _text(data, "sdp", LONGEST_OFFER), _number(data, "number"), _number(data, "generation")
    ),
    "admit": lambda data: Admit(_text(data, "person", LONGEST_PERSON), _leave(data)),
    "write": lambda data: Write(_named(data, "person"), _text(data, "text", LONGEST_TEXT)),
    "show": lambda data: Show(_flag(data, "microphone"), _flag(data, "camera"), data.get("screen") is True),
    "hush": lambda data: Hush(_named(data, "person")),
    "remove": lambda data: Remove(_text(data, "person", LONGEST_PERSON)),
    "pass": lambda data: Pass(_named(data, "to"), _kind(data), _base64(data, "data", LONGEST_PASS)),
    "rung": lambda data: Rung(min(_number(data, "rung"), LOWEST_RUNG)),
    "leave": lambda data: Leave(),
    "end": lambda data: End(),
    "ping": lambda data: Ping(_number(data, "stamp")),
}
