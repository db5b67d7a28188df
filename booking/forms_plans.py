"""Another week, and a place, as a counselor writes them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.forms_hours import Faults, Rows, read
from booking.hours import Hours
from booking.policy import IN_PERSON, MODES
from practice.core.forms import Errors, Reader

EVERY_CHOICES = {1: "Every week", 2: "Every second week", 3: "Every third week", 4: "Every fourth week"}
BESIDE, INSTEAD = "beside", "instead"


@dataclass(frozen=True, slots=True)
class ScopeTerms:
    """The sessions that hours are for; nothing chosen is all of them."""

    service_id: int | None = None
    mode: str | None = None
    location_id: int | None = None

    @classmethod
    def read(
        cls, reader: Reader, data: MultiDict[str, str], services: Collection[int], places: Collection[int]
    ) -> Self:
        """Read the three choices; only what is the counselor's own can be chosen."""
        mode = _one_of(reader, data, "mode", MODES)
        place = _one_of(reader, data, "location_id", [str(each) for each in places])
        if place and mode not in {None, IN_PERSON}:
            reader.complain("location_id", "A place matters only in person. Leave it empty, or choose “In person”.")
        service = _one_of(reader, data, "service_id", [str(each) for each in services])
        return cls(int(service) if service else None, mode, int(place) if place else None)


EVERY_SESSION = ScopeTerms()


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """Another week as chosen on the page."""

    name: str
    starts_on: date | None
    ends_on: date | None
    every_weeks: int
    anchor_on: date | None
    replaces: bool
    scope: ScopeTerms
    hours: Mapping[int, tuple[Hours, ...]]

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], *, today: date, services: Collection[int], places: Collection[int]
    ) -> Self | Errors:
        """Read the form with its rows of hours."""
        reader = Reader(data)
        name = reader.text("name", most=80, missing="Give these hours a name, such as “Saturday clinic”.")
        starts_on, ends_on = (_day(reader, each) for each in ("starts_on", "ends_on"))
        every = reader.choice("every_weeks", {str(each) for each in EVERY_CHOICES}, missing="Choose how often.")
        kind = reader.choice("kind", {BESIDE, INSTEAD}, missing="Choose how these hours go with your usual week.")
        scope = ScopeTerms.read(reader, data, services, places)
        hours = _hours(reader, data, may_be_empty=kind == INSTEAD)
        anchor = _anchor(reader, data, every, starts_on)
        _check_days(reader, starts_on, ends_on, today)
        if errors := reader.errors:
            return errors
        return cls(name, starts_on, ends_on, int(every), anchor, kind == INSTEAD, scope, hours)


@dataclass(frozen=True, slots=True)
class PlaceTerms:
    """A place as its counselor writes it."""

    name: str
    address: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        terms = cls(
            name=reader.text("name", most=80, missing="Give the place a name, such as “Practice on Main Street”."),
            address=reader.text("address", most=300, missing="Enter the address, so that clients find you."),
        )
        return reader.errors or terms


def _one_of(reader: Reader, data: MultiDict[str, str], name: str, options: Collection[str]) -> str | None:
    return reader.choice(name, {"", *options}, missing="Choose one from the list.") or None if name in data else None


def _day(reader: Reader, name: str) -> date | None:
    found = reader.day(name, required=False)
    return None if found == date.min else found


def _anchor(reader: Reader, data: MultiDict[str, str], every: str, starts_on: date | None) -> date | None:
    """Read a day of the first week that counts; the first day stands for one left empty."""
    if every in {"", "1"}:
        return None
    anchor = _day(reader, "anchor_on") or starts_on
    if anchor is None:
        reader.complain("anchor_on", "Choose a day in a week in which these hours are open.")
    return anchor


def _check_days(reader: Reader, starts_on: date | None, ends_on: date | None, today: date) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        reader.complain("ends_on", "Choose a last day on or after the first.")
    elif ends_on and ends_on < today:
        reader.complain("ends_on", "Choose a last day that is not over yet, or leave it empty.")
    if starts_on and starts_on > today + timedelta(days=3 * 366):
        reader.complain("starts_on", "Choose a day within the next three years.")


def _hours(reader: Reader, data: MultiDict[str, str], *, may_be_empty: bool) -> Mapping[int, tuple[Hours, ...]]:
    found = read(Rows.sent(data))
    if isinstance(found, Faults):
        for name, words in found.messages.items():
            reader.complain(name, words)
        return {}
    if not found and not may_be_empty:
        reader.complain("opens-0-0", "Add hours on at least one day.")
    return found
