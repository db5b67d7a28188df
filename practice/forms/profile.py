"""What a counselor sends about herself. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader
from practice.specialties import LANGUAGES, SPECIALTIES

MOST_SPECIALTIES = 12


@dataclass(frozen=True, slots=True)
class Profile:
    """The words of a profile."""

    headline: str
    credentials: str
    pronouns: str
    about: str
    npi: str
    specialties: tuple[str, ...]
    languages: tuple[str, ...]

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the profile form."""
        reader = Reader(data)
        found = cls(
            headline=reader.line("headline", most=160, required=False),
            credentials=reader.text("credentials", most=80, required=False),
            pronouns=reader.text("pronouns", most=40, required=False),
            about=reader.text("about", most=4000, required=False),
            npi=_read_npi(reader),
            specialties=_read_list(reader, "specialties", SPECIALTIES, most=60),
            languages=_read_list(reader, "languages", LANGUAGES, most=40),
        )
        if len(found.specialties) > MOST_SPECIALTIES:
            reader.complain("specialties", f"Choose at most {MOST_SPECIALTIES}: what you do most and best.")
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class LicenceForm:
    """A licence to practise in one place."""

    kind: str
    number: str
    place: str
    expires_on: date | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the licence form; a licence that has run out is not taken."""
        reader = Reader(data)
        day = reader.day("expires_on", required=False)
        found = cls(
            kind=reader.text("kind", most=60, missing="Enter the licence’s title, such as LMHC."),
            number=reader.text("number", most=40, missing="Enter the licence’s number."),
            place=reader.text("place", most=60, missing="Enter the state or country it is for."),
            expires_on=None if day == date.min else day,
        )
        if found.expires_on is not None and found.expires_on < today:
            reader.complain("expires_on", "This day has passed. Add the licence once it is renewed.")
        return reader.errors or found


def valid_npi(digits: str) -> bool:
    """Check a National Provider Identifier: ten digits, Luhn over 80840 and the number (45 CFR 162.406)."""
    if not re.fullmatch(r"[12]\d{9}", digits, re.ASCII):
        return False
    total = 24
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _read_npi(reader: Reader) -> str:
    digits = reader.text("npi", most=20, required=False).replace(" ", "").replace("-", "")
    if digits and not valid_npi(digits):
        reader.complain("npi", "Enter the ten digits of your NPI; these do not add up to one.")
    return digits


def _read_list(reader: Reader, name: str, listed: tuple[str, ...], *, most: int) -> tuple[str, ...]:
    """Read what is ticked, and one's own words after it, separated by commas."""
    chosen = reader.choices(name, listed)
    known = {item.casefold(): item for item in listed}
    for words in reader.text(f"other_{name}", most=400, required=False).split(","):
        item = " ".join(words.split())
        if len(item) > most:
            reader.complain(f"other_{name}", f"Keep each entry to {most} characters.")
        elif item:
            chosen.append(known.get(item.casefold(), item))
    return tuple({item.casefold(): item for item in chosen}.values())
