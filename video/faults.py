"""Whether a session's log shows that the technology failed whoever is said to have stayed away. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from practice.core.spans import Span
from video.attendance import Entry

CAME = frozenset({"waiting", "admitted", "joined", "returned", "dropped"})
INSIDE = frozenset({"joined", "returned"})


class Fault(StrEnum):
    """What the log shows."""

    CLIENT_WAS_THERE = "client_was_there"
    NOBODY_GOT_IN = "nobody_got_in"


def fault_of(
    log: Iterable[Entry], *, client_id: int, counselor_id: int, span: Span
) -> tuple[Fault, datetime | None] | None:
    """Return the fault that speaks against a fee for not coming, and when it was seen; None when there is none.

    A client whom the room has seen did come. A room that its counselor never got into may have been out of order, and
    then nobody can tell.
    """
    entries = sorted((each for each in log if each.at < span.ends_at), key=lambda each: each.at)
    seen = next((each.at for each in entries if each.person_id == client_id and each.event in CAME), None)
    if seen is not None:
        return Fault.CLIENT_WAS_THERE, seen
    if not any(each.person_id == counselor_id and each.event in INSIDE for each in entries):
        return Fault.NOBODY_GOT_IN, None
    return None
