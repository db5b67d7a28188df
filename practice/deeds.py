"""How the actions of the audit log read. Pure; an action nobody named reads as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from practice.deed_words import WORDS

ACTING = {
    "counselor": "as your counselor",
    "supervisor": "as your counselor’s supervisor",
    "cover": "covering for your counselor",
    "successor": "who took over from your counselor",
    "administrator": "as an administrator",
}
"""In what role somebody opened a record, to the client."""
REASONS = {
    "emergency": "an emergency",
    "cover": "your counselor was away",
    "supervision": "supervision of your counselor",
    "request": "you asked for it",
    "law": "the law required it",
    "session": "the two of you had a session",
    "alert": "an answer of yours called for somebody at once",
    "handover": "your care was being handed over",
}
"""Why somebody opened a record; one of these is chosen, so that no clinical word stands in the log."""


_LISTED = {"notes"}
"""Details that list things; other lists tell what something was, and what it became."""


def words(action: str) -> str:
    """Read an action as a person would say it."""
    return WORDS.get(action) or action.replace(".", " ").replace("_", " ").capitalize()


def detail(kept: Mapping[str, Any]) -> str:
    """Read what was noted beside an action: `name: Old → New; hours: 24 → 48; notes: 162, 156`."""
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value, _between(name))}" for name, value in kept.items())


def _between(name: str) -> str:
    return ", " if name in _LISTED else " → "


def _value(value: Any, between: str = " → ") -> str:
    if isinstance(value, list | tuple):
        return between.join(_value(each) for each in value)
    return "none" if value in (None, "") else str(value)
