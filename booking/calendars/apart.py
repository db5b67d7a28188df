"""Has a calendar read in a process of its own, which ends when it takes too long or too much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from booking.calendars.reading import NotACalendarError
from practice.core.spans import Span

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30.0


def busy_times_apart(
    content: bytes, window: Span, zone: str, *, patience_seconds: float = PATIENCE_SECONDS
) -> list[Span]:
    """Return when the calendar's owner is busy, or raise NotACalendarError with the reason in words."""
    asked = {"begins": window.starts_at.isoformat(), "ends": window.ends_at.isoformat(), "zone": zone}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STILLPOINT_")}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "booking.calendars.reader"],
            input=json.dumps(asked).encode() + b"\n" + content,
            capture_output=True,
            check=True,
            cwd=ROOT,
            env=kept,
            timeout=patience_seconds,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise NotACalendarError("The calendar repeats more than we can read.") from error
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise NotACalendarError(answer["problem"])
    return [Span(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in answer["busy"]]
