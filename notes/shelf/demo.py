"""A layout and two snippets of the demo's counselor."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes.shapes import Section
from notes.shelf import services
from notes.shelf.forms import Built, Shortcut
from practice.core import seeds

ORDER = 41
SLEEP_DIARY = Built(
    "Sleep and days",
    "For the weeks of a sleep diary",
    (
        Section("own1", "Nights", "Hours, wakings, what helped."),
        Section("own2", "Days", "Work, walks, people."),
        Section("own3", "Next", "One thing to try."),
    ),
)
SNIPPETS = (
    Shortcut("same-hour", "Same hour next week."),
    Shortcut("no-risk", "Asked about thoughts of suicide and of harm to others; none reported."),
)


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Put them on the shelf of Ines."""
    begun = now - timedelta(days=40)
    services.build(SLEEP_DIARY, author=people["ines"], now=begun)
    for snippet in SNIPPETS:
        services.keep(snippet, author=people["ines"], now=begun)


seeds.register(ORDER, seed)
