"""What a room's log comes to: who was there from when to when, how long together, how well it went. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from video.attendance import Entry, in_order

_SILENCE = timedelta(seconds=90)
_SEEN = frozenset({"waiting", "admitted", "joined", "returned"})
_MOST_MINUTES_ASKED = 10


@dataclass(frozen=True, slots=True)
class Stay:
    """One unbroken stay in the room."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Quality:
    """How well it went: the usual and the worst round trip in ms, the usual and the worst loss in percent."""

    round_trip_ms: float | None
    worst_round_trip_ms: float | None
    lost_percent: float
    worst_lost_percent: float
    height: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's part in a session. Durations are in seconds."""

    came_at: datetime
    joined_at: datetime | None
    left_at: datetime | None
    inside_seconds: int
    together_seconds: int
    drops: int
    away_seconds: int
    """The longest interruption."""
    quality: Quality | None


def stays(log: Iterable[Entry], person_id: int) -> list[Stay]:
    """List when a person was in the room.

    A stay goes on when the room moves to another media server. What a server that died did not say ends with its last
    word: every server says something each minute.
    """
    entries = in_order(log)
    last_word = {entry.server: entry.at for entry in entries}
    found: list[Stay] = []
    since, server = None, ""
    for entry in entries:
        if entry.person_id != person_id:
            continue
        if entry.event == "joined" or (entry.event == "returned" and entry.detail.get("stage") == "in"):
            if since is not None and server != entry.server and entry.at - last_word[server] > _SILENCE:
                found.append(Stay(since, last_word[server]))
                since = None
            since, server = since or entry.at, entry.server
        elif entry.event in ("left", "dropped") and since is not None and entry.server == server:
            found.append(Stay(since, entry.at))
            since = None
    if since is not None:
        found.append(Stay(since, last_word[server]))
    return [stay for stay in found if stay.until > stay.since]


def seconds_together(log: Iterable[Entry], people: Sequence[int]) -> int:
    """Add up how long the first of some people was in the room together with any of the others."""
    entries = in_order(log)
    others = _merged(stay for other in people[1:] for stay in stays(entries, other))
    shared = [
        min(mine.until, theirs.until) - max(mine.since, theirs.since)
        for mine in stays(entries, people[0])
        for theirs in others
    ]
    return int(sum(max(each.total_seconds(), 0.0) for each in shared))


def visit_of(log: Iterable[Entry], person_id: int, *, others: Sequence[int]) -> Visit | None:
    """Sum up one person's part in a session; None for whom the room never saw."""
    entries = in_order(log)
    came_at = next((each.at for each in entries if each.person_id == person_id and each.event in _SEEN), None)
    if came_at is None:
        return None
    inside = stays(entries, person_id)
    breaks = [(after.since - before.until).total_seconds() for before, after in pairwise(inside)]
    drops = sum(each.person_id == person_id and each.event == "dropped" for each in entries)
    return Visit(
        came_at=came_at,
        joined_at=inside[0].since if inside else None,
        left_at=inside[-1].until if inside else None,
        inside_seconds=int(sum((stay.until - stay.since).total_seconds() for stay in inside)),
        together_seconds=seconds_together(entries, (person_id, *others)),
        drops=drops,
        away_seconds=int(max(breaks, default=0)),
        quality=_quality(
            [each.detail for each in entries if each.person_id == person_id and "lost_percent" in each.detail]
        ),
    )


def took_place(together_seconds: int, minutes: int) -> bool:
    """Whether a session of so many minutes took place, by how long the two were together: ten minutes or half of it."""
    return together_seconds >= 60 * min(_MOST_MINUTES_ASKED, minutes / 2)


def _quality(details: Sequence[dict[str, object]]) -> Quality | None:
    if not details:
        return None
    trips = _numbers(details, "round_trip_ms")
    losses = _numbers(details, "lost_percent") or [0.0]
    return Quality(
        round_trip_ms=median(trips) if trips else None,
        worst_round_trip_ms=max(trips, default=None),
        lost_percent=round(median(losses), 1),
        worst_lost_percent=max(losses),
        height=int(median(_numbers(details, "height") or [0])),
    )


def _numbers(details: Sequence[dict[str, object]], name: str) -> list[float]:
    return [float(value) for each in details if isinstance(value := each.get(name), int | float)]


def _merged(found: Iterable[Stay]) -> list[Stay]:
    merged: list[Stay] = []
    for stay in sorted(found, key=lambda each: each.since):
        if merged and stay.since <= merged[-1].until:
            merged[-1] = Stay(merged[-1].since, max(merged[-1].until, stay.until))
        else:
            merged.append(stay)
    return merged
