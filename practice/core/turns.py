"""SQLite's writers take turns: whoever has waited longer asks more often, so that nobody is passed over for seconds.

SQLite's own waiting is the reverse: it asks ever more rarely, up to ten times a second, and a newcomer who asks at once
gets in before everybody who waits. Under eight busy writers some of them never had their turn.
"""

from __future__ import annotations

import random
import sqlite3
import time

LONGEST_WAIT = 30.0
"""Seconds after which a writer gives up."""
_FIRST_PAUSE, _SHORTEST_PAUSE, _HALVED_AFTER = 0.004, 0.0005, 0.05


def begin(connection: sqlite3.Connection, longest: float = LONGEST_WAIT) -> None:
    """Begin to write, as soon as nobody else does. Raises sqlite3.OperationalError after the longest wait."""
    begun = time.monotonic()
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while not _begins(connection, last=(waited := time.monotonic() - begun) >= longest):
            time.sleep(random.uniform(0.5, 1.5) * pause(waited))  # noqa: S311 -- spreads those who wait, no secret
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(LONGEST_WAIT * 1000)}")


def pause(waited: float) -> float:
    """Return how many seconds to let pass before asking again, after so many of waiting."""
    return max(_SHORTEST_PAUSE, _FIRST_PAUSE / (1 + waited / _HALVED_AFTER))


def _begins(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
