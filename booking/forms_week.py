"""What a counselor sends from the calendar: a new session for a client. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from booking.forms_booking import instant
from booking.hours import Comes, comes, first_reading, instant_of, last_reading
from booking.policy import MODES
from practice.core.forms import Errors, Reader

FIRST, SECOND = "first", "second"
COMINGS = (FIRST, SECOND)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A client, a service and the instant at which it should begin."""

    client_id: int
    service_id: int
    mode: str | None
    starts_at: datetime

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], *, clients: Collection[int], services: Collection[int], zone: ZoneInfo
    ) -> Self | Errors:
        """Read the form; only these clients and services may be chosen, and a time of one's own comes first."""
        reader = Reader(data)
        client = reader.choice("client_id", [str(each) for each in clients], missing="Choose a client.")
        service = reader.choice("service_id", [str(each) for each in services], missing="Choose a kind of session.")
        mode = data.get("mode", "")
        if mode and mode not in MODES:
            reader.complain("mode", "Choose how you meet.")
        by_hand = bool(data.get("at", "").strip())
        starts_at = _typed(reader, data, zone) if by_hand else instant(data.get("starts_at", ""))
        if starts_at is None:
            reader.complain("at" if by_hand else "starts_at", "Choose a time.")
        errors = reader.errors
        if errors is not None or starts_at is None:
            return errors or Errors({})
        return cls(int(client), int(service), mode or None, starts_at)


def _typed(reader: Reader, data: MultiDict[str, str], zone: ZoneInfo) -> datetime | None:
    """Read a day and a time on the counselor's wall; of a time that comes twice, the one that was chosen."""
    day, at = reader.day("day"), reader.time("at")
    if {"day", "at"} & reader.messages.keys():
        return None
    wall = at.hour * 60 + at.minute
    often = comes(zone, day, wall)
    if often is Comes.NEVER:
        reader.complain("at", f"There is no {at:%H:%M} on that day: the clocks go forward. Choose another time.")
        return None
    if often is Comes.TWICE and data.get("coming") not in COMINGS:
        reader.complain("coming", f"The clocks go back that day and {at:%H:%M} comes twice. Choose which one you mean.")
        return None
    return instant_of((last_reading if data.get("coming") == SECOND else first_reading)(zone, day, wall))
