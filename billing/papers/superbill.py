"""A superbill as a document, and what keeps it from being issued. Pure.

Insurers pay back what names all of this; CMS-1500 (02/12) and X12 005010X222A1 ask for the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from billing.coding.confirmed import Codes
from billing.parties.particulars import EIN, Address, ClientParticulars
from practice.core.money import Money
from practice.forms.profile import valid_npi

MOST_DIAGNOSES = 12
"""Letters A to L (CMS-1500 02/12, item 21)."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Whoever gave the sessions."""

    name: str
    first_name: str
    last_name: str
    credentials: str
    licence: str
    npi: str
    tax_id: str
    taxonomy: str = ""
    tax_id_is_own: bool = False
    tax_kind: str = EIN


@dataclass(frozen=True, slots=True)
class Office:
    """The practice they were given in."""

    name: str
    address: tuple[str, ...]
    phone: str
    email: str
    npi: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal: str = ""

    @property
    def place(self) -> Address:
        """The address taken apart, as claims want it."""
        return Address(self.street, self.city, self.state, self.postal)


@dataclass(frozen=True, slots=True)
class Coded:
    """A session that took place, with its codes once they are confirmed."""

    appointment_id: int
    on: date
    codes: Codes | None
    fee: Money
    paid: Money
    more_fee: Money
    more_paid: Money
    """What is asked for its additions, and paid of that; they stand on invoices of their own."""

    @property
    def whole_fee(self) -> Money:
        """What is asked for all of it."""
        return self.fee + self.more_fee

    @property
    def whole_paid(self) -> Money:
        """What is paid of all of it."""
        return self.paid + self.more_paid


@dataclass(frozen=True, slots=True)
class Item:
    """One line: a code on a day. Amounts are in cents."""

    on: str
    code: str
    units: int
    modifier: str
    place: str
    pointer: str
    fee_cents: int
    paid_cents: int

    @property
    def day(self) -> date:
        """The day it was given on."""
        return date.fromisoformat(self.on)


@dataclass(frozen=True, slots=True)
class Document:
    """All that stands on a superbill."""

    client: ClientParticulars
    provider: Provider
    office: Office
    diagnoses: tuple[str, ...]
    items: tuple[Item, ...]
    currency: str

    @property
    def by_practice(self) -> bool:
        """Tell whether the practice bills, and not the counselor under a tax number or an NPI of their own."""
        return bool(self.office.npi) and not self.provider.tax_id_is_own

    @property
    def billing_npi(self) -> str:
        """The NPI of whoever bills."""
        return self.office.npi if self.by_practice else self.provider.npi

    @property
    def fee(self) -> Money:
        """What the sessions cost."""
        return Money(sum(item.fee_cents for item in self.items), self.currency)

    @property
    def paid(self) -> Money:
        """What was paid for them."""
        return Money(sum(item.paid_cents for item in self.items), self.currency)

    @property
    def lettered(self) -> list[tuple[str, str]]:
        """The diagnoses with the letters that lines point by."""
        return [(letter(place), code) for place, code in enumerate(self.diagnoses)]

    def money(self, cents: int) -> Money:
        """Read an amount of a line."""
        return Money(cents, self.currency)

    def as_kept(self) -> dict[str, Any]:
        """Write it down."""
        return asdict(self)

    @classmethod
    def kept(cls, said: dict[str, Any]) -> Self:
        """Read what was kept."""
        office = said["office"]
        return cls(
            ClientParticulars.kept(said["client"]),
            Provider(**said["provider"]),
            Office(**{**office, "address": tuple(office["address"])}),
            tuple(said["diagnoses"]),
            tuple(Item(**item) for item in said["items"]),
            said["currency"],
        )


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing without which a paper is not issued: in words, and whose it is to give."""

    words: str
    whose: str
    appointment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A superbill about to be: who, whose, and the sessions."""

    client: ClientParticulars
    provider: Provider
    office: Office
    sessions: Sequence[Coded]
    currency: str
    lacks: tuple[Lack, ...] = field(default=())

    @property
    def billed(self) -> list[tuple[Coded, Codes]]:
        """The sessions that stand on it."""
        return [(each, each.codes) for each in self.sessions if each.codes and each.codes.is_billed]

    def document(self) -> Document:
        """Write it out; letters are given in the order in which diagnoses come."""
        found = tuple(dict.fromkeys(code for _, codes in self.billed for code in codes.diagnoses))
        items = tuple(item for session, codes in self.billed for item in _items(session, codes, found))
        return Document(self.client, self.provider, self.office, found, items, self.currency)


def lacks(draft: Draft) -> list[Lack]:
    """Name everything that keeps a superbill from being issued."""
    return [*_of_client(draft.client), *_of_provider(draft), *_of_sessions(draft)]


def letter(place: int) -> str:
    """Return the letter of a diagnosis by its place, from 0."""
    return "ABCDEFGHIJKL"[place]


def _items(session: Coded, codes: Codes, diagnoses: tuple[str, ...]) -> Iterator[Item]:
    pointer = "".join(letter(diagnoses.index(code)) for code in codes.diagnoses)
    prices = [line.units * line.unit_cents for line in codes.lines[1:]]
    fees = [session.fee.cents, *_shared(session.more_fee.cents, prices)]
    paid = [session.paid.cents, *_shared(session.more_paid.cents, fees[1:])]
    for line, fee_cents, paid_cents in zip(codes.lines, fees, paid, strict=True):
        words = (line.code, line.units, codes.modifier, codes.place, pointer)
        yield Item(session.on.isoformat(), *words, fee_cents, paid_cents)


def _shared(cents: int, prices: Sequence[int]) -> Iterator[int]:
    """Lay an amount out over lines by their prices, the first one first."""
    for price in prices:
        part = min(cents, price)
        cents -= part
        yield part


def _of_client(client: ClientParticulars) -> Iterator[Lack]:
    needed = {
        "The client’s first and last name": client.first_name and client.last_name,
        "The client’s date of birth": client.born_on,
        "The client’s address": client.address.is_whole,
        "The client’s member number": client.member_id,
    }
    yield from (Lack(words, "client") for words, there in needed.items() if not there)


def _of_provider(draft: Draft) -> Iterator[Lack]:
    provider, office = draft.provider, draft.office
    needed = {
        "The counselor’s credentials": provider.credentials,
        "The counselor’s licence, valid on the last day": provider.licence,
        "The counselor’s NPI": valid_npi(provider.npi),
    }
    yield from (Lack(words, "counselor") for words, there in needed.items() if not there)
    if not provider.tax_id:
        yield Lack("The tax number of the counselor or of the practice", "practice")
    if not office.address:
        yield Lack("The practice’s address", "practice")
    if not office.phone:
        yield Lack("The practice’s telephone number", "practice")


def _of_sessions(draft: Draft) -> Iterator[Lack]:
    for session in draft.sessions:
        if session.codes is None:
            yield Lack(f"Confirmed codes for {session.on:%-d %B %Y}", "sessions", session.appointment_id)
    if not draft.billed and all(session.codes for session in draft.sessions):
        yield Lack("A session in these days that is billed to insurers", "sessions")
    if len({code for _, codes in draft.billed for code in codes.diagnoses}) > MOST_DIAGNOSES:
        yield Lack(f"At most {MOST_DIAGNOSES} diagnosis codes: choose fewer days", "days")
