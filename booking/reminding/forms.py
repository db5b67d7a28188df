"""What people choose about reminders, read from their forms. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Self

import phonenumbers
from werkzeug.datastructures import MultiDict

from booking.reminding.rules import CATALOGUE, CHANNELS, EMAIL, SMS, Offset, Terms
from practice.core.forms import Errors, Reader

NOT_REMINDED = "0"
_TEXTABLE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """A client's own choice of roads, reminders and quiet hours."""

    channels: frozenset[str]
    skipped: frozenset[int]
    quiet_from: int
    quiet_until: int

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, may_text: bool) -> Self | Errors:
        """Read the form; none at all is a choice too."""
        reader = Reader(data)
        wanted = {int(each) for each in reader.choices("minutes", [str(minutes) for minutes in CATALOGUE])}
        channels = set(reader.choices("channels", CHANNELS))
        if SMS in channels and not may_text:
            reader.complain("channels", "Confirm your telephone first; then texts can be chosen.")
        choices = cls(
            frozenset(channels),
            frozenset(CATALOGUE.keys() - wanted),
            _minute(reader.time("quiet_from")),
            _minute(reader.time("quiet_until")),
        )
        return reader.errors or choices


@dataclass(frozen=True, slots=True)
class Telephone:
    """The telephone that texts are to go to, in E.164, with the consent ticked beside it."""

    phone: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, country: str) -> Self | Errors:
        """Read the form; national numbers are read as the practice's country writes them."""
        reader = Reader(data)
        typed = reader.text("phone", most=40, missing="Enter the number texts should go to.")
        phone = _e164(typed, country)
        if typed and phone is None:
            reader.complain("phone", "Enter a mobile number with its country code, like +1 212 555 0142.")
        if not reader.flag("consent"):
            reader.complain("consent", "Tick this to agree. Without it no text is sent.")
        return reader.errors or cls(phone or "")


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """When the clients of a service are reminded and by which roads, and when the counselor is."""

    terms: Terms

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read one line for each time there is."""
        reader = Reader(data)
        offsets = tuple(
            Offset(minutes, frozenset(channels))
            for minutes in CATALOGUE
            if (channels := reader.choices(f"at_{minutes}", CHANNELS))
        )
        known = [NOT_REMINDED, *(str(minutes) for minutes in CATALOGUE)]
        mine = reader.choice("counselor_minutes", known, missing="Choose when you want your own letter.")
        own = int(mine) if mine in known and mine != NOT_REMINDED else None
        return reader.errors or cls(Terms(offsets, own))


def values_of(terms: Terms) -> dict[str, object]:
    """Return a plan as its form shows it."""
    shown: dict[str, object] = {
        f"at_{each.minutes}": [channel for channel in (EMAIL, SMS) if channel in each.channels]
        for each in terms.offsets
    }
    return shown | {"counselor_minutes": str(terms.counselor_minutes or NOT_REMINDED)}


def _e164(typed: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _TEXTABLE:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
