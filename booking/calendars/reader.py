"""Reads one calendar in a process of its own: `python -m booking.calendars.reader`, the calendar on standard input.

The first line is a JSON object with the window and the zone, the rest is the calendar; the answer is a JSON object.
A calendar of a stranger may ask for a million repetitions: here it may take its time and memory, and no more.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from booking.calendars.reading import NotACalendarError, busy_times
from practice.core.spans import Span

CPU_SECONDS = 15
MEMORY = 1 << 30


def main() -> None:
    """Answer once."""
    _limit()
    head, _, content = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    window = Span(datetime.fromisoformat(asked["begins"]), datetime.fromisoformat(asked["ends"]))
    answer: dict[str, object]
    try:
        found = busy_times(content, window, ZoneInfo(asked["zone"]))
        answer = {"busy": [(each.starts_at.isoformat(), each.ends_at.isoformat()) for each in found]}
    except NotACalendarError as error:
        answer = {"problem": str(error)}
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system; elsewhere the parent's patience is the limit
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
