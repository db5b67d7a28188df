"""What a room's log says of now: who was let in, who is in, who waits. Pure.

People go by the names the room has for them: the number of their account, or for a guest `g` and theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Entry(Protocol):
    """One line of the log."""

    @property
    def server(self) -> str:
        """Which life of which media server wrote it."""
        ...

    @property
    def person_id(self) -> int | None:
        """Whom it is about."""
        ...

    @property
    def event(self) -> str:
        """What happened."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def detail(self) -> dict[str, Any]:
        """More about it."""
        ...


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """Somebody in the waiting room, and since when."""

    person: str
    since: datetime


def key_of(entry: Entry) -> str:
    """Tell whom a line is about; nobody when it is about the room."""
    if entry.person_id is not None:
        return str(entry.person_id)
    return f"g{entry.detail['guest']}" if "guest" in entry.detail else ""


def admitted(log: Iterable[Entry], person: str) -> bool:
    """Whether a person was let in, and since then neither shown out nor the session ended for everyone."""
    is_admitted = False
    for entry in in_order(log):
        if entry.event == "ended":
            is_admitted = False
        elif key_of(entry) != person:
            continue
        elif entry.event in ("admitted", "joined"):
            is_admitted = True
        elif entry.event == "left" and entry.detail.get("reason") == "removed":
            is_admitted = False
    return is_admitted


def waiting(log: Iterable[Entry]) -> list[WaitingPerson]:
    """Find who is in the waiting room. What a media server said that has since been replaced no longer counts."""
    entries = in_order(log)
    latest = entries[-1].server if entries else ""
    since: dict[str, datetime] = {}
    for entry in entries:
        person = key_of(entry)
        if entry.server != latest or not person:
            continue
        if entry.event == "waiting" or (entry.event == "returned" and entry.detail.get("stage") == "waiting"):
            since.setdefault(person, entry.at)
        elif entry.event in ("admitted", "joined", "left", "dropped"):
            since.pop(person, None)
    return [WaitingPerson(person, at) for person, at in since.items()]


def present(log: Iterable[Entry]) -> list[str]:
    """Find who is in the room, or was a moment ago when their line dropped; those who left are not."""
    inside: dict[str, None] = {}
    for entry in in_order(log):
        person = key_of(entry)
        if entry.event == "ended":
            inside.clear()
        elif not person:
            continue
        elif entry.event == "joined" or (entry.event == "returned" and entry.detail.get("stage") == "in"):
            inside[person] = None
        elif entry.event == "left":
            inside.pop(person, None)
    return list(inside)


def in_order(log: Iterable[Entry]) -> list[Entry]:
    """Sort the log by time."""
    return sorted(log, key=lambda entry: entry.at)
