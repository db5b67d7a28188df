"""What the media server says to the page. Pure: frozen messages in, text out."""

import json
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Occupant:
    """One person as the others in the room see them.

    `here` is false while nothing comes from them; `rung` says how much their connection carries (see `Rung`).
    """

    person: str
    name: str
    role: str
    here: bool
    microphone: bool
    camera: bool
    screen: bool
    rung: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person in the waiting room; `since` in milliseconds since 1970."""

    person: str
    name: str
    since: int
    here: bool


@dataclass(frozen=True, slots=True)
class RoomView:
    """Everything one person may know of the room; sent whole after each change. Instants in ms since 1970.

    `hosted` says that somebody who may admit is in the room.
    """

    stage: str
    you: str
    powers: list[str]
    people: list[Occupant]
    waiting: list[Waiting]
    hosted: bool
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
class Written:
    """A line between somebody who waits (`to`) and those who may admit; `at` in milliseconds since 1970."""

    person: str
    name: str
    to: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What another page passed to this one, exactly as it came."""

    person: str
    kind: str
    data: str


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
class Hushed:
    """Somebody who may has muted this person: nobody hears them until they switch their microphone on again."""

    by: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Somebody who may showed this person out."""

    by: str


@dataclass(frozen=True, slots=True)
class Relocate:
    """The room lives on another media server now: take a fresh token and go there; nobody has left."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over for whoever hears it: `by` somebody, or `why`: its room closed, or what was cancelled."""

    by: str = ""
    why: Literal["ended", "closed", "cancelled", "place"] = "ended"


Outgoing = (
    Welcome
    | RoomView
    | Answer
    | Slots
    | Written
    | Passed
    | Pong
    | Problem
    | Refused
    | Moved
    | Relocate
    | Hushed
    | Removed
    | Ended
)


def encode(message: Outgoing) -> str:
    """Write one message for the page, its type being the class's name in lower case."""
    return json.dumps({"type": type(message).__name__.lower(), **asdict(message)}, separators=(",", ":"))
