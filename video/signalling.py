"""What page and media server say to each other over the WebSocket. Pure: text in, frozen messages out, and back."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST_FRAME = 96 * 1024
LONGEST_OFFER = 64 * 1024
LONGEST_TOKEN = 2048
LONGEST_TEXT = 2000
LONGEST_PERSON = 64
LARGEST_NUMBER = 2**53 - 1  # what JavaScript counts exactly


class MalformedError(ValueError):
    """The frame is no message of ours; the text says which part."""


@dataclass(frozen=True, slots=True)
class Join:
    """The first message: the token that the web signed."""

    token: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An SDP offer. A new `generation` is a new RTCPeerConnection in the page; `number` pairs it with its answer."""

    sdp: str
    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Admit:
    """Let a waiting person in."""

    person: str


@dataclass(frozen=True, slots=True)
class Say:
    """A line of chat."""

    text: str


@dataclass(frozen=True, slots=True)
class Show:
    """Whether the sender's microphone and camera are on."""

    microphone: bool
    camera: bool


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


Incoming = Join | Offer | Admit | Say | Show | Leave | End | Ping


@dataclass(frozen=True, slots=True)
class Occupant:
    """One person as the others in the room see them. `here` is false while their line is down."""

    person: str
    name: str
    role: str
    here: bool
    microphone: bool
    camera: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person in the waiting room; `since` in milliseconds since 1970."""

    person: str
    name: str
    since: int
    here: bool


@dataclass(frozen=True, slots=True)
class RoomView:
    """Everything one person may know of the room; sent whole after each change. Instants in ms since 1970."""

    stage: str
    you: str
    powers: list[str]
    people: list[Occupant]
    waiting: list[Waiting]
    now: int
    ends_at: int
    closes_at: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """The seat is taken. `generation` is the connection the server still has for this person, 0 when none."""

    generation: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The SDP answer to offer `number`."""

    sdp: str
    number: int


@dataclass(frozen=True, slots=True)
class Slots:
    """Whose picture and sound arrive on which group of m-lines."""

    slots: dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A line of chat that somebody wrote; `at` in milliseconds since 1970."""

    person: str
    name: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping."""

    stamp: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something did not work; the conversation goes on."""

    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No entry, and why. `code` is for the page: early, late, token, full, malformed or busy."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The same person entered from another page; this one steps aside."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over for everyone. `by` names who ended it, or is empty when its time was up."""

    by: str = field(default="")


Outgoing = Welcome | RoomView | Answer | Slots | Said | Pong | Problem | Refused | Moved | Ended


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


def encode(message: Outgoing) -> str:
    """Write one message for the page, its type being the class's name in lower case."""
    return json.dumps({"type": type(message).__name__.lower(), **asdict(message)}, separators=(",", ":"))


def _text(data: dict[str, Any], name: str, most: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MalformedError(f"The message lacks its {name}.")
    if len(value) > most:
        raise MalformedError(f"The {name} is longer than {most} characters.")
    return value


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
    "offer": lambda data: Offer(
        _text(data, "sdp", LONGEST_OFFER), _number(data, "number"), _number(data, "generation")
    ),
    "admit": lambda data: Admit(_text(data, "person", LONGEST_PERSON)),
    "say": lambda data: Say(_text(data, "text", LONGEST_TEXT)),
    "show": lambda data: Show(_flag(data, "microphone"), _flag(data, "camera")),
    "leave": lambda data: Leave(),
    "end": lambda data: End(),
    "ping": lambda data: Ping(_number(data, "stamp")),
}
