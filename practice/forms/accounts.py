"""What people send about their own account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import phonenumbers
from werkzeug.datastructures import MultiDict

from practice import passwords
from practice.core.forms import Errors, Reader

TERMS = "2026-11"


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody who wants to become a client."""

    name: str
    email: str
    password: str
    zone: str
    terms: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the sign-up form."""
        reader = Reader(data)
        found = cls(
            name=read_name(reader),
            email=reader.email("email"),
            password=read_new_password(reader),
            zone=reader.zone("zone"),
            terms=TERMS,
        )
        if not reader.flag("terms"):
            reader.complain("terms", "Tick this to go on. You can read both pages first.")
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody at the door."""

    email: str
    password: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the sign-in form."""
        reader = Reader(data)
        found = cls(email=reader.email("email"), password=reader.secret("password"))
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody who asks for a link."""

    email: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read a form with nothing but an address."""
        reader = Reader(data)
        found = cls(email=reader.email("email"))
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password chosen after a reset link."""

    password: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form behind a reset link."""
        reader = Reader(data)
        found = cls(password=read_new_password(reader))
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The password one has and the one that replaces it."""

    current: str
    password: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the change-password form."""
        reader = Reader(data)
        found = cls(current=reader.secret("current_password"), password=read_new_password(reader))
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class ChangeEmail:
    """A new address, and the password that shows who asks."""

    email: str
    current: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the change-address form."""
        reader = Reader(data)
        found = cls(email=reader.email("email"), current=reader.secret("current_password"))
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class Details:
    """What the practice calls somebody, where their clock stands, and their telephone."""

    name: str
    zone: str
    phone: str | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, country: str) -> Self | Errors:
        """Read the details form; numbers without a country code belong to the practice's country."""
        reader = Reader(data)
        found = cls(name=read_name(reader), zone=reader.zone("zone"), phone=read_phone(reader, country))
        return reader.errors or found


def read_name(reader: Reader) -> str:
    """Read a person's name on one line."""
    return reader.line("name", most=120, missing="Enter your name.")


def read_new_password(reader: Reader) -> str:
    """Read a password that somebody is choosing."""
    password = reader.secret("password")
    if password and (words := passwords.objection(password)):
        reader.complain("password", words)
    return password


def read_phone(
    reader: Reader, country: str, name: str = "phone", *, required: bool = False, missing: str = ""
) -> str | None:
    """Read a telephone number; one without a country code belongs to the country."""
    text = reader.text(name, most=40, required=required, missing=missing)
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        reader.complain(name, "Enter a telephone number with its country code, like +1 212 555 0142.")
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
