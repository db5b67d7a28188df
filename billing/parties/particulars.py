"""What a superbill and a claim say of the client, the counselor and the practice. Pure.

Fields left empty are empty strings; what a paper cannot do without it names itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from billing.parties import policies, reading
from billing.parties.policies import SELF, SEXES
from practice.core.forms import Errors, Reader
from practice.forms.profile import valid_npi

EIN, SSN = "EIN", "SSN"
TAX_KINDS = {EIN: "Of a business (EIN)", SSN: "Of a person (SSN)"}
"""Whose a tax number is (CMS-1500 02/12, item 25)."""


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
class Insured:
    """Whoever holds a policy."""

    relation: str
    """What the client is to them."""
    first_name: str
    last_name: str
    born_on: str
    sex: str
    phone: str
    address: Address


@dataclass(frozen=True, slots=True)
class ClientParticulars(Particulars):
    """A client, the policy they are insured by, and a second one that may pay what the first leaves."""

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
    relation: str = SELF
    """What the client is to the insured; what follows is about the insured where that is somebody else."""
    holder_first_name: str = ""
    holder_last_name: str = ""
    holder_born_on: str = ""
    holder_sex: str = "U"
    holder_phone: str = ""
    holder_street: str = ""
    """Empty where they live with the client, as the rest of the address then is."""
    holder_city: str = ""
    holder_state: str = ""
    holder_postal: str = ""
    second_insurer: str = ""
    second_insurer_id: str = ""
    second_member_id: str = ""
    second_group_number: str = ""
    second_relation: str = SELF
    second_first_name: str = ""
    second_last_name: str = ""

    @property
    def insured(self) -> Insured:
        """Whoever holds the policy: the client, or somebody else."""
        if self.relation == SELF:
            names = (self.first_name, self.last_name, self.born_on, self.sex, self.phone)
            return Insured(SELF, *names, self.address)
        apart = Address(self.holder_street, self.holder_city, self.holder_state, self.holder_postal)
        names = (self.holder_first_name, self.holder_last_name, self.holder_born_on, self.holder_sex, self.holder_phone)
        return Insured(self.relation, *names, apart if self.holder_street else self.address)

    @property
    def second_holder(self) -> tuple[str, str]:
        """Return the first and last name of whoever holds the second policy."""
        if self.second_relation == SELF:
            return (self.first_name, self.last_name)
        return (self.second_first_name, self.second_last_name)

    @property
    def birthday(self) -> date | None:
        """The day they were born, once they said."""
        return date.fromisoformat(self.born_on) if self.born_on else None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the form; everything may be left out, nothing may be wrong."""
        reader = Reader(data)
        found = cls(
            **reading.address(reader),
            first_name=reader.line("first_name", most=35, required=False),
            last_name=reader.line("last_name", most=60, required=False),
            born_on=reading.birthday(reader, "born_on", today),
            sex=reader.choice("sex", SEXES),
            phone=reading.phone(reader, "phone"),
            insurer=reader.line("insurer", most=60, required=False),
            **reading.numbers(reader, ("insurer_id", "member_id", "group_number")),
            **policies.holder(reader, data, today),
            **policies.second(reader, data),
        )
        return reader.errors or found


@dataclass(frozen=True, slots=True)
class CounselorParticulars(Particulars):
    """A counselor as insurers know them. The NPI stands in their profile, the licence too."""

    first_name: str = ""
    last_name: str = ""
    tax_id: str = ""
    """Nine digits of their own; empty when they bill under the practice's."""
    tax_kind: str = EIN
    taxonomy: str = ""
    """What they are by the Health Care Provider Taxonomy, such as 101YM0800X."""

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        found = cls(
            first_name=reader.line("first_name", most=35, required=False),
            last_name=reader.line("last_name", most=60, required=False),
            tax_id=reading.tax_number(reader, "tax_id"),
            tax_kind=reader.choice("tax_kind", TAX_KINDS) if data.get("tax_id") else EIN,
            taxonomy=reading.taxonomy(reader),
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
            **reading.address(reader),
            npi=npi,
            tax_id=reading.tax_number(reader, "tax_id"),
            taxonomy=reading.taxonomy(reader),
            phone=reading.phone(reader, "phone"),
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
