"""How the lines of the session log read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from video.attendance import Entry
from video.visits import Quality, Visit

_LEFT = {
    "left": "{who} left",
    "lost": "{who} did not come back",
    "removed": "{who} was shown out",
    "ended": "{who} was there to the end",
    "closed": "{who} was there until the room closed",
    "cancelled": "{who}’s session was called off",
}
_WORDS = {
    "waiting": "{who} came to the waiting room",
    "admitted": "{who} was let in",
    "joined": "{who} went in",
    "dropped": "{who}’s connection was interrupted",
    "returned": "{who} was back",
    "ended": "{who} ended the session for everyone",
}
_ICONS = {"waiting": "door", "dropped": "alert", "ended": "check", "left": "exit"}
GUEST = "A guest"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log, for people."""

    at: datetime
    title: str
    text: str = ""
    icon: str = ""


def line(entry: Entry, names: Mapping[int, str], guests: Mapping[int, str]) -> Line | None:
    """Put one entry into words; None for the measurements in between. Guests go by the number of their invitation."""
    pattern = _LEFT.get(str(entry.detail.get("reason")), _LEFT["left"]) if entry.event == "left" else None
    pattern = pattern or _WORDS.get(entry.event)
    if pattern is None:
        return None
    guest = guests.get(entry.detail.get("guest", 0), GUEST)
    who = guest if entry.person_id is None else names.get(entry.person_id, GUEST)
    waited = entry.detail.get("waited_seconds")
    text = f"After {length(waited)} at the door" if entry.event == "admitted" and isinstance(waited, int) else ""
    return Line(entry.at, pattern.format(who=who), text, _ICONS.get(entry.event, ""))


def length(seconds: float) -> str:
    """Read `45 seconds`, `1 minute`, `47 minutes`."""
    if seconds < 60:
        return f"{int(seconds)} second{'' if int(seconds) == 1 else 's'}"
    minutes = int(seconds // 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def interruptions(visit: Visit) -> str:
    """Read `none`, or how many and how long the longest was."""
    if not visit.drops:
        return "None"
    longest = f", the longest {length(visit.away_seconds)}" if visit.away_seconds else ""
    return f"{visit.drops}{longest}"


def quality(measured: Quality | None) -> str:
    """Read how well it went, or nothing when it was not measured."""
    if measured is None:
        return ""
    words = [f"{measured.lost_percent:g} % lost (at worst {measured.worst_lost_percent:g} %)"]
    if measured.round_trip_ms is not None and measured.worst_round_trip_ms is not None:
        words.append(f"{measured.round_trip_ms:.0f} ms there and back (at worst {measured.worst_round_trip_ms:.0f})")
    if measured.height:
        words.append(f"picture {measured.height} lines high")
    return ", ".join(words)
