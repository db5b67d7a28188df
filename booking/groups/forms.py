"""What people write about shared sessions: when, for how many, who comes along, who pays. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from booking.groups.shares import BOOKER, ONESELF, PAYERS
from booking.groups.terms import Companion, WeekHour
from booking.series.forms import SeriesForm
from booking.series.rules import Recurrence
from practice.core.forms import Errors, Reader, shown


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """A session a counselor plans."""

    service_id: int
    title: str
    starts_at: datetime
    capacity: int
    listed: bool

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, services: Collection[int], zone: str) -> Self | Errors:
        """Read the form; days and times are on the counselor's clock."""
        reader = Reader(data)
        service = reader.choice("service_id", {str(each) for each in services}, missing="Choose a service.")
        plan = cls(
            service_id=int(service) if service.isdigit() else 0,
            title=reader.text("title", most=80, missing="Give the session a name, such as “Evening group”."),
            starts_at=when(reader, zone),
            capacity=reader.integer("capacity", least=2, most=11, unit="people"),
            listed=reader.flag("listed"),
        )
        return reader.errors or plan


@dataclass(frozen=True, slots=True)
class RepeatGroup:
    """Sessions a counselor plans again and again, with an end."""

    first: PlanGroup
    recurrence: Recurrence

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, services: Collection[int], zone: str) -> Self | Errors:
        """Read the form of one session and the rhythm of the others; the counselor's clock keeps the hour."""
        first = PlanGroup.parse(data, services=services, zone=zone)
        rhythm = SeriesForm.parse(MultiDict({**data.to_dict(), "first_on": data.get("day", ""), "mode": ""}), zone=zone)
        messages = {} if isinstance(first, PlanGroup) else dict(first.messages)
        if isinstance(rhythm, Errors):
            named = {"first_on": "day"}
            messages = {named.get(each, each): words for each, words in rhythm.messages.items()} | messages
        if isinstance(first, Errors) or isinstance(rhythm, Errors):
            return Errors(shown(data), messages)
        return cls(first, rhythm.recurrence)


@dataclass(frozen=True, slots=True)
class NewTime:
    """Another time for a session."""

    starts_at: datetime

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, zone: str) -> Self | Errors:
        """Read the form; days and times are on the counselor's clock."""
        reader = Reader(data)
        moved = cls(when(reader, zone))
        return reader.errors or moved


@dataclass(frozen=True, slots=True)
class NewRhythm:
    """Another weekday and hour for many sessions of a group."""

    hour: WeekHour

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form; the hour is on the wall that keeps it."""
        reader = Reader(data)
        weekday = reader.choice("weekday", [str(each) for each in range(7)], missing="Choose a weekday.")
        at = reader.time("at")
        return reader.errors or cls(WeekHour(int(weekday), at.hour * 60 + at.minute))


@dataclass(frozen=True, slots=True)
class Places:
    """How many may come, and whether anybody may."""

    capacity: int
    listed: bool

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        places = cls(reader.integer("capacity", least=2, most=11, unit="people"), reader.flag("listed"))
        return reader.errors or places


@dataclass(frozen=True, slots=True)
class AddClient:
    """A client for the roster, and who pays when it is somebody else."""

    client_id: int
    payer_id: int | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, clients: Collection[int]) -> Self | Errors:
        """Read the form; both must be clients of the counselor."""
        reader = Reader(data)
        known = {str(each) for each in clients}
        client = reader.choice("client_id", known, missing="Choose a client.")
        payer = reader.choice("payer_id", known | {ONESELF}, missing="Choose who pays.")
        return reader.errors or cls(int(client), None if payer in {ONESELF, client} else int(payer))


@dataclass(frozen=True, slots=True)
class AskAlong:
    """Somebody invited by e-mail."""

    companion: Companion

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        asked = cls(
            Companion(reader.text("name", most=80, missing="Enter a first name."), reader.email("email")),
        )
        return reader.errors or asked


@dataclass(frozen=True, slots=True)
class Family:
    """Who comes along, and who pays."""

    companions: tuple[Companion, ...]

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, most: int, booker_email: str, priced: bool) -> Self | Errors:
        """Read a row for each companion; one at least, and lines left empty count for nobody."""
        reader = Reader(data)
        found: list[Companion] = []
        for row in range(1, most + 1):
            wanted = row == 1 or data.get(f"name_{row}", "").strip() or data.get(f"email_{row}", "").strip()
            if not wanted:
                continue
            name = reader.text(f"name_{row}", most=80, missing="Enter a first name.")
            email = reader.email(f"email_{row}")
            payer = reader.choice(f"payer_{row}", PAYERS, missing="Choose who pays.") if priced else BOOKER
            companion = Companion(name, email, pays_own=payer == ONESELF)
            if companion.email and companion.email in {booker_email, *(each.email for each in found)}:
                reader.complain(f"email_{row}", "Everybody needs an e-mail address of their own.")
            found.append(companion)
        return reader.errors or cls(tuple(found))


def when(reader: Reader, zone: str) -> datetime:
    """Read a day and a time on a clock as an instant; of a time that comes twice, the first is meant."""
    day, at = reader.day("day"), reader.time("at")
    if not {"day", "at"}.isdisjoint(reader.messages):
        return datetime.min.replace(tzinfo=UTC)
    if not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        reader.complain("day", "Choose a day in the coming years.")
        return datetime.min.replace(tzinfo=UTC)
    return _placed(reader, day, at, ZoneInfo(zone))


def _placed(reader: Reader, day: date, at: time, zone: ZoneInfo) -> datetime:
    instant = datetime.combine(day, at, zone).astimezone(UTC)
    if instant.astimezone(zone).time() != at:
        reader.complain("at", "The clocks go forward over this time that night. Choose another one.")
    return instant
