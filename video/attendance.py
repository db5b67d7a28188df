"""What a room's log says of now: who was let in, who is in, who waits. Pure."""

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

    person_id: int
    since: datetime


def admitted(log: Iterable[Entry], person_id: int) -> bool:
    """Whether a person was let in, and since then neither shown out nor the session ended for everyone."""
    is_admitted = False
    for entry in in_order(log):
        if entry.event == "ended":
            is_admitted = False
        elif entry.person_id != person_id:
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
    since: dict[int, datetime] = {}
    for entry in entries:
        if entry.server != latest or entry.person_id is None:
            continue
        if entry.event == "waiting" or (entry.event == "returned" and entry.detail.get("stage") == "waiting"):
            since.setdefault(entry.person_id, entry.at)
        elif entry.event in ("admitted", "joined", "left", "dropped"):
            since.pop(entry.person_id, None)
    return [WaitingPerson(person_id, at) for person_id, at in since.items()]


def present(log: Iterable[Entry]) -> list[int]:
    """Find who is in the room, or was a moment ago when their line dropped; those who left are not."""
    inside: dict[int, None] = {}
    for entry in in_order(log):
        if entry.event == "ended":
            inside.clear()
        elif entry.person_id is None:
            continue
        elif entry.event == "joined" or (entry.event == "returned" and entry.detail.get("stage") == "in"):
            inside[entry.person_id] = None
        elif entry.event == "left":
            inside.pop(entry.person_id, None)
    return list(inside)


def in_order(log: Iterable[Entry]) -> list[Entry]:
    """Sort the log by time."""
    return sorted(log, key=lambda entry: entry.at)
