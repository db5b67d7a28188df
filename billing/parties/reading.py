"""Read addresses, telephones and numbers as insurers of the United States want them. Pure.

Everything may be left out; an empty field is an empty string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from practice.core.forms import Reader
from video.arrivals.places import REGIONS

_POSTAL = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)
_TAX = re.compile(r"\d{9}", re.ASCII)
_TAXONOMY = re.compile(r"\d{3}[0-9A-Z]{6}X", re.ASCII)


def address(reader: Reader, prefix: str = "") -> dict[str, str]:
    """Read street, city, state and ZIP code; the prefix begins the fields' names."""
    postal = reader.line(f"{prefix}postal", most=10, required=False)
    if postal and not _POSTAL.fullmatch(postal):
        reader.complain(f"{prefix}postal", "Enter a ZIP code like 10011 or 10011-4417.")
    state = reader.line(f"{prefix}state", most=2, required=False).upper()
    if state and state not in REGIONS["US"]:
        reader.complain(f"{prefix}state", "Choose a state from the list.")
    return {
        f"{prefix}street": reader.line(f"{prefix}street", most=55, required=False),
        f"{prefix}city": reader.line(f"{prefix}city", most=30, required=False),
        f"{prefix}state": state,
        f"{prefix}postal": postal,
    }


def birthday(reader: Reader, name: str, today: date) -> str:
    """Read the day somebody was born, as ISO 8601 has it."""
    born = reader.day(name, required=False)
    if born != date.min and not date(1900, 1, 1) <= born <= today:
        reader.complain(name, "Enter a date of birth like 1990-11-24.")
    return "" if born == date.min else born.isoformat()


def phone(reader: Reader, name: str) -> str:
    """Read the ten digits of a telephone number."""
    typed = reader.line(name, most=30, required=False)
    digits = re.sub(r"\D", "", typed).removeprefix("1")
    if typed and len(digits) != 10:
        reader.complain(name, "Enter a telephone number with its area code, ten digits.")
    return digits


def numbers(reader: Reader, names: Iterable[str]) -> dict[str, str]:
    """Read numbers off an insurance card, in capitals."""
    return {name: reader.line(name, most=30, required=False).upper() for name in names}


def tax_number(reader: Reader, name: str) -> str:
    """Read a tax number of nine digits."""
    digits = reader.text(name, most=20, required=False).replace("-", "").replace(" ", "")
    if digits and not _TAX.fullmatch(digits):
        reader.complain(name, "A tax number has nine digits.")
    return digits


def taxonomy(reader: Reader) -> str:
    """Read what a provider is by the Health Care Provider Taxonomy."""
    code = reader.line("taxonomy", most=10, required=False).upper()
    if code and not _TAXONOMY.fullmatch(code):
        reader.complain("taxonomy", "A taxonomy code looks like 101YM0800X.")
    return code
