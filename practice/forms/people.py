"""What administrators send about people and the practice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import EMAIL, Errors, Reader
from practice.core.money import SYMBOLS
from practice.countries import COUNTRIES
from practice.forms.accounts import read_name, read_new_password
from practice.models import ADMINISTRATOR, BILLER, COUNSELOR

INVITED_ROLES = (COUNSELOR, BILLER, ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Invite:
    """Somebody to be asked to join."""

    name: str
    email: str
    role: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the invitation form."""
        reader = Reader(data)
        found = cls(
            name=reader.line("name", most=120, missing="Enter the person’s name."),
            email=reader.email("email"),
            role=reader.choice("role", INVITED_ROLES, missing="Choose what this person will do."),
        )
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody who accepts an invitation and opens an account."""

    name: str
    zone: str
    password: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the acceptance form."""
        reader = Reader(data)
        found = cls(name=read_name(reader), zone=reader.zone("zone"), password=read_new_password(reader))
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """What the practice says about itself and how it works."""

    name: str
    zone: str
    currency: str
    country: str
    email: str
    phone: str
    address: str
    tax_id: str
    about: str
    cancellation_notice_hours: int
    note_days: int
    lock_minutes: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the settings form."""
        reader = Reader(data)
        found = cls(
            name=reader.line("name", most=120, missing="Enter the practice’s name."),
            zone=reader.zone("zone"),
            currency=reader.choice("currency", SYMBOLS, missing="Choose a currency."),
            country=reader.choice("country", COUNTRIES, missing="Choose a country."),
            email=reader.email("email"),
            phone=reader.text("phone", most=40, required=False),
            address=reader.text("address", most=400, required=False),
            tax_id=reader.text("tax_id", most=40, required=False),
            about=reader.text("about", most=2000, required=False),
            cancellation_notice_hours=reader.integer("cancellation_notice_hours", least=0, most=336, unit="hours"),
            note_days=reader.integer("note_days", least=1, most=60, unit="days"),
            lock_minutes=reader.integer("lock_minutes", least=1, most=240, unit="minutes"),
        )
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class Custodians:
    """Who is sent the signed heads of the audit log, outside the practice if possible."""

    addresses: tuple[str, ...]

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read one address a line."""
        reader = Reader(data)
        found = tuple(dict.fromkeys(reader.text("custodians", most=500, required=False).lower().split()))
        if wrong := [address for address in found if not EMAIL.fullmatch(address)]:
            reader.complain("custodians", f"“{wrong[0]}” is not an e-mail address like name@example.com.")
        return reader.errors or cls(found)


@dataclass(frozen=True, slots=True)
class Founding:
    """What `flask setup` must know."""

    name: str
    country: str
    zone: str
    currency: str
    email: str
    administrator: str
    administrator_email: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the answers."""
        reader = Reader(data)
        found = cls(
            name=reader.text("name", most=120),
            country=reader.choice("country", COUNTRIES, missing=f"Use one of {', '.join(COUNTRIES)}."),
            zone=reader.zone("zone"),
            currency=reader.choice("currency", SYMBOLS, missing=f"Use one of {', '.join(SYMBOLS)}."),
            email=reader.email("email"),
            administrator=reader.text("administrator", most=120),
            administrator_email=reader.email("administrator_email"),
        )
        return reader.errors or found
