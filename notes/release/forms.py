"""What is filled in to allow a release, to prepare a packet, and to write down what was given out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from notes.folding import plain
from notes.release.terms import STATEMENTS
from notes.release.words import (
    BASES,
    ENDINGS,
    EVENT,
    ON_DAY,
    PARTS,
    RECIPIENTS,
    SPOKEN,
    WAYS,
    Recipient,
    Signed,
    Told,
)
from practice.core.forms import Errors, Reader
from practice.models import Person

LATEST = 2200
CHOSEN_BASES = {key: words for key, words in BASES.items() if key != "authorised"}


@dataclass(frozen=True, slots=True)
class Allowing:
    """An authorisation as it is given, by the client here or by the counselor who holds it on paper."""

    signed: Signed

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, client: Person, today: date, on_paper: bool = False) -> Self | Errors:
        """Read an authorisation; `today` is the day where it is signed."""
        reader = Reader(data)
        recipient, purpose = _recipient(reader), reader.text("purpose", most=1_000)
        parts = reader.choices("parts", PARTS, missing="Choose at least one part of the record.")
        first, last = _span(reader, data)
        ends = reader.choice("ends", ENDINGS)
        ends_on = _end_day(reader, today) if ends == ON_DAY else None
        event = reader.line("event", missing="Say what it is to last until.") if ends == EVENT else ""
        signed_on = _signed_day(reader, today) if on_paper else today
        signed = Signed(
            recipient=recipient,
            parts=tuple(parts),
            purpose=purpose,
            signature=_signature(reader, client, on_paper=on_paper),
            signed_on=signed_on,
            first=first,
            last=last,
            ends_on=ends_on,
            event=event,
            substance_use=reader.flag("substance_use"),
            authority=reader.line("authority", required=False) if on_paper else "",
            statements=STATEMENTS,
        )
        return reader.errors or cls(signed)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of what was authorised goes into a packet: parts, and days that may be narrower."""

    parts: tuple[str, ...]
    first: date | None
    last: date | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], signed: Signed, *, limited: bool = False) -> Self | Errors:
        """Read a choice, which never goes beyond what was signed; where something was agreed, that was read first."""
        reader = Reader(data)
        allowed = [part for part in PARTS if signed.covers(part)]
        parts = reader.choices("parts", allowed, missing="Choose at least one part.")
        first, last = _span(reader, data)
        if signed.first and (first is None or first < signed.first):
            reader.complain("first", f"It was authorised from {signed.first:%-d %B %Y}.")
        if signed.last and (last is None or last > signed.last):
            reader.complain("last", f"It was authorised until {signed.last:%-d %B %Y}.")
        if limited and not reader.flag("heeded"):
            reader.complain("heeded", "Read what was agreed, and choose so that it is kept.")
        return reader.errors or cls(tuple(parts), first, last)


@dataclass(frozen=True, slots=True)
class Sent:
    """How and when a packet went out, or that one spoke."""

    way: str
    told_at: datetime
    what: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, zone: str, now: datetime) -> Self | Errors:
        """Read what happened; of what was only spoken one says what it was about."""
        reader = Reader(data)
        way, told_at = reader.choice("way", WAYS), _told_at(reader, zone, now)
        what = reader.text("what", most=1_000, required=way == SPOKEN, missing="Say what you spoke about.")
        return reader.errors or cls(way, told_at, what)

    def told(self, signed: Signed, prepared: Sequence[str]) -> Told:
        """Make the line of the account; what was prepared is in it, unless one only spoke."""
        what = "\n".join([*(prepared if self.way != SPOKEN else ()), *([self.what] if self.what else ())])
        return Told(signed.recipient, what, signed.purpose, "authorised", self.way)


@dataclass(frozen=True, slots=True)
class Noting:
    """Something given out that nobody had to authorise."""

    told: Told
    told_at: datetime

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, zone: str, now: datetime) -> Self | Errors:
        """Read one line of the account (45 CFR 164.528(b)(2))."""
        reader = Reader(data)
        recipient = _recipient(reader)
        what, purpose = reader.text("what", most=1_000), reader.text("purpose", most=1_000)
        basis, way = reader.choice("basis", CHOSEN_BASES), reader.choice("way", WAYS)
        told_at = _told_at(reader, zone, now)
        return reader.errors or cls(Told(recipient, what, purpose, basis, way), told_at)


def _recipient(reader: Reader) -> Recipient:
    name = reader.line("name", missing="Say who is to receive it.")
    kind = reader.choice("kind", RECIPIENTS)
    return Recipient(name, kind, reader.text("address", most=500, required=False))


def _span(reader: Reader, data: MultiDict[str, str]) -> tuple[date | None, date | None]:
    first, last = (reader.day(name) if data.get(name, "").strip() else None for name in ("first", "last"))
    for name, day in (("first", first), ("last", last)):
        if day and not 1900 <= day.year <= LATEST:
            reader.complain(name, "Enter a day between 1900 and 2200.")
    if first and last and last < first:
        reader.complain("last", "The last day is before the first one.")
    return first, last


def _end_day(reader: Reader, today: date) -> date:
    day = reader.day("ends_on")
    if not today <= day <= date(LATEST, 1, 1):
        reader.complain("ends_on", "Choose a day from today on.")
    return day


def _signed_day(reader: Reader, today: date) -> date:
    day = reader.day("signed_on")
    if not date(1900, 1, 1) <= day <= today:
        reader.complain("signed_on", "Choose the day it was signed, today at the latest.")
    if not reader.flag("held"):
        reader.complain("held", "Enter it only with the signed paper before you.")
    return day


def _signature(reader: Reader, client: Person, *, on_paper: bool) -> str:
    name = reader.line("signature", missing="Type the full name.")
    if name and not on_paper and plain(name).split() != plain(client.name).split():
        reader.complain("signature", f"Sign with your name as it stands in your account: {client.name}.")
    return name


def _told_at(reader: Reader, zone: str, now: datetime) -> datetime:
    day, clock = reader.day("told_on"), reader.time("told_clock")
    if day.year < 1900:
        reader.complain("told_on", "Enter a day after 1900.")
        return now
    told_at = datetime.combine(day, clock, ZoneInfo(zone))
    if told_at > now + timedelta(minutes=1):
        reader.complain("told_on", "Write it down once it has happened.")
    return told_at
