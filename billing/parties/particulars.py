"""What a superbill and a claim say of the client, the counselor and the practice. Pure.

Fields left empty are empty strings; what a paper cannot do without it names itself.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader
from practice.forms.profile import valid_npi
from video.arrivals.places import REGIONS

SEXES = {"F": "Female", "M": "Male", "U": "Not said"}
"""What insurers keep (X12 data element 1068)."""
_POSTAL = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)
_TAX = re.compile(r"\d{9}", re.ASCII)
_TAXONOMY = re.compile(r"\d{3}[0-9A-Z]{6}X", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter reaches somebody; states and postal codes are those of the United States."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal: str = ""

    @property
    def lines(self) -> list[str]:
        """As it stands on an envelope."""
        return [line for line in (self.street, f"{self.city}, {self.state} {self.postal}".strip(" ,")) if line]

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing of it is missing."""
        return all((self.street, self.city, self.state, self.postal))


@dataclass(frozen=True, slots=True)
class Particulars:
    """What every party has."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal: str = ""

    @classmethod
    def kept(cls, said: dict[str, Any] | None) -> Self:
        """Read what was kept; fields that came later are empty."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in (said or {}).items() if name in names})

    def as_kept(self) -> dict[str, str]:
        """Write them down."""
        return asdict(self)

    @property
    def address(self) -> Address:
        """Where a letter reaches them."""
        return Address(self.street, self.city, self.state, self.postal)


@dataclass(frozen=True, slots=True)
class ClientParticulars(Particulars):
    """A client, and the policy that is their own."""

    first_name: str = ""
    last_name: str = ""
    born_on: str = ""
    """As ISO 8601 has it."""
    sex: str = "U"
    phone: str = ""
    insurer: str = ""
    insurer_id: str = ""
    """The number under which the insurer takes electronic claims."""
    member_id: str = ""
    group_number: str = ""

    @property
    def birthday(self) -> date | None:
        """The day they were born, once they said."""
        return date.fromisoformat(self.born_on) if self.born_on else None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the form; everything may be left out, nothing may be wrong."""
        reader = Reader(data)
        born = reader.day("born_on", required=False)
        if born != date.min and not date(1900, 1, 1) <= born <= today:
            reader.complain("born_on", "Enter the day you were born, like 1990-11-24.")
        found = cls(
            **_address(reader),
            first_name=reader.line("first_name", most=35, required=False),
            last_name=reader.line("last_name", most=60, required=False),
            born_on="" if born == date.min else born.isoformat(),
            sex=reader.choice("sex", SEXES),
            phone=_phone(reader),
            insurer=reader.line("insurer", most=60, required=False),
            insurer_id=reader.line("insurer_id", most=20, required=False).upper(),
            member_id=reader.line("member_id", most=30, required=False).upper(),
            group_number=reader.line("group_number", most=30, required=False).upper(),
        )
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class CounselorParticulars(Particulars):
    """A counselor as insurers know them. The NPI stands in their profile, the licence too."""

    first_name: str = ""
    last_name: str = ""
    tax_id: str = ""
    """Nine digits of their own; empty when they bill under the practice's."""
    taxonomy: str = ""
    """What they are by the Health Care Provider Taxonomy, such as 101YM0800X."""

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        found = cls(
            first_name=reader.line("first_name", most=35, required=False),
            last_name=reader.line("last_name", most=60, required=False),
            tax_id=_digits(reader, "tax_id"),
            taxonomy=_taxonomy(reader),
        )
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class PracticeParticulars(Particulars):
    """The practice as insurers know it."""

    npi: str = ""
    """Of the organisation (type 2); empty when its counselors bill under their own."""
    tax_id: str = ""
    taxonomy: str = ""
    phone: str = ""
    contact: str = ""
    """Whom a clearinghouse calls."""
    submitter_id: str = ""
    receiver: str = ""
    receiver_id: str = ""
    estimates: str = "yes"
    """Whether self-paying clients are sent estimates when they book."""

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        npi = reader.text("npi", most=20, required=False).replace(" ", "").replace("-", "")
        if npi and not valid_npi(npi):
            reader.complain("npi", "Enter the ten digits of the practice’s NPI; these do not add up to one.")
        found = cls(
            **_address(reader),
            npi=npi,
            tax_id=_digits(reader, "tax_id"),
            taxonomy=_taxonomy(reader),
            phone=_phone(reader),
            contact=reader.line("contact", most=60, required=False),
            submitter_id=reader.line("submitter_id", most=15, required=False),
            receiver=reader.line("receiver", most=60, required=False),
            receiver_id=reader.line("receiver_id", most=15, required=False),
            estimates="yes" if reader.flag("estimates") else "no",
        )
        return reader.errors or found


def split(name: str) -> tuple[str, str]:
    """Take a name apart into first and last names, where nobody said how."""
    first, _, last = name.strip().rpartition(" ")
    return (first, last) if first else (last, "")


def _address(reader: Reader) -> dict[str, str]:
    postal = reader.line("postal", most=10, required=False)
    if postal and not _POSTAL.fullmatch(postal):
        reader.complain("postal", "Enter a ZIP code like 10011 or 10011-4417.")
    state = reader.line("state", most=2, required=False).upper()
    if state and state not in REGIONS["US"]:
        reader.complain("state", "Choose a state from the list.")
    return {
        "street": reader.line("street", most=55, required=False),
        "city": reader.line("city", most=30, required=False),
        "state": state,
        "postal": postal,
    }


def _phone(reader: Reader) -> str:
    typed = reader.line("phone", most=30, required=False)
    digits = re.sub(r"\D", "", typed).removeprefix("1")
    if typed and len(digits) != 10:
        reader.complain("phone", "Enter a telephone number with its area code, ten digits.")
    return digits


def _digits(reader: Reader, name: str) -> str:
    digits = reader.text(name, most=20, required=False).replace("-", "").replace(" ", "")
    if digits and not _TAX.fullmatch(digits):
        reader.complain(name, "A tax number has nine digits.")
    return digits


def _taxonomy(reader: Reader) -> str:
    code = reader.line("taxonomy", most=10, required=False).upper()
    if code and not _TAXONOMY.fullmatch(code):
        reader.complain("taxonomy", "A taxonomy code looks like 101YM0800X.")
    return code
