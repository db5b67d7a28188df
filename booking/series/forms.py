"""What somebody says about a series: how often, from when, until when, and what they choose for each date. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.forms_booking import instant
from booking.series import clocks
from booking.series.rules import (
    MONTHLY,
    MOST_SESSIONS,
    MOST_WEEKS_BETWEEN,
    NO_END,
    WEEKLY,
    Ending,
    Pattern,
    Reading,
    Recurrence,
    minute_on_wall,
    pattern_from,
    place,
)
from practice.core.forms import Errors, Reader

RHYTHMS = (WEEKLY, MONTHLY, "last")
SESSIONS, UNTIL = "sessions", "until"
ENDS = (SESSIONS, UNTIL)
FIELDS = ("service_id", "mode", "starts_at", "first_on", "at", "rhythm", "every", "ends", SESSIONS, UNTIL)
CHOICE = "choice-"


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """A series as it was described: of which service, and by which rule."""

    service_id: int
    recurrence: Recurrence
    mode: str | None = None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, zone: str) -> Self | Errors:
        """Read the form; days and hours are on the anchor's wall. A chosen instant stands for the first of them."""
        reader = Reader(data)
        service_id = data.get("service_id", "")
        if not re.fullmatch(r"\d{1,9}", service_id):
            reader.complain("service_id", "Choose a kind of session.")
        first, minute = _first(reader, data, zone)
        rhythm = reader.choice("rhythm", RHYTHMS, missing="Choose how often.")
        every = _every(reader, rhythm)
        ending = _ending(reader)
        if reader.errors:
            return reader.errors
        recurrence = Recurrence(pattern_from(rhythm, first, every), first, minute, zone, ending)
        if refusal := recurrence.refusal():
            field, words = refusal
            reader.complain({"pattern": "rhythm"}.get(field, field), words)
        return reader.errors or cls(int(service_id), recurrence, data.get("mode", "")[:20] or None)


@dataclass(frozen=True, slots=True)
class MoreForm:
    """How far a series goes on, in its own rhythm."""

    recurrence: Recurrence

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], pattern: Pattern, first_on: date, minute: int, zone: str
    ) -> Self | Errors:
        """Read the form: an end by number or by day, counted from the first new day."""
        reader = Reader(data)
        ending = _ending(reader)
        if reader.errors:
            return reader.errors
        recurrence = Recurrence(pattern, first_on, minute, zone, ending)
        if refusal := recurrence.refusal():
            field, words = refusal
            reader.complain({"pattern": "ends"}.get(field, field), words)
        return reader.errors or cls(recurrence)


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What the sessions of a series should be from now on."""

    weekday: int
    minute: int
    service_id: int

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, services: Collection[str], usual: str) -> Self | Errors:
        """Read the form; the hour is on the anchor's wall. Without a service the usual one stays."""
        reader = Reader(data)
        weekday = reader.choice("weekday", [str(each) for each in range(7)], missing="Choose a weekday.")
        at = reader.time("at")
        service = reader.choice("service_id", services) if "service_id" in data else usual
        return reader.errors or cls(int(weekday), at.hour * 60 + at.minute, int(service))


def choices(data: MultiDict[str, str], days: Iterable[date]) -> dict[date, datetime]:
    """Read what was chosen for each date; nothing, or words that are no time, leave the date out."""
    found = {day: instant(data.get(f"{CHOICE}{day.isoformat()}", "")) for day in days}
    return {day: starts_at for day, starts_at in found.items() if starts_at is not None}


def _first(reader: Reader, data: MultiDict[str, str], zone: str) -> tuple[date, int]:
    if data.get("starts_at"):
        starts_at = instant(data["starts_at"])
        if starts_at is not None:
            return minute_on_wall(starts_at, zone)
        reader.complain("starts_at", "Choose a time.")
        return date.min, 0
    first, at = reader.day("first_on"), reader.time("at")
    if "first_on" not in reader.messages and not 2000 <= first.year <= 2200:
        reader.complain("first_on", "Choose a day in the years to come.")
    minute = at.hour * 60 + at.minute
    if not reader.errors:
        moment = place(zone, first, minute)
        if moment.reading is Reading.NEVER:
            reader.complain("at", f"{clocks.in_words(moment)} Choose another time.")
    return first, minute


def _every(reader: Reader, rhythm: str) -> int:
    if rhythm != WEEKLY:
        return 1
    return reader.integer("every", least=1, most=MOST_WEEKS_BETWEEN, unit="weeks")


def _ending(reader: Reader) -> Ending:
    ends = reader.choice("ends", ENDS, missing=NO_END)
    if ends == SESSIONS:
        return Ending(sessions=reader.integer(SESSIONS, least=2, most=MOST_SESSIONS, unit="sessions"))
    return Ending(until=reader.day(UNTIL)) if ends == UNTIL else Ending()
