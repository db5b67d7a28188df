"""A claim on the form CMS-1500 (02/12): what stands where. Pure.

Positions are those of the form's print file, ten characters and six lines to the inch, as the National Uniform
Claim Committee lays it out (1500 Claim Form Reference Instruction Manual for 02/12) and as OpenEMR prints it
(src/Billing/Hcfa1500.php); the boxes are our own drawing. Text is in capitals without punctuation, as the manual asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from billing.claims.cms1500_boxes import BOXES
from billing.claims.latin import capitals
from billing.claims.terms import Heading, Terms
from billing.papers.superbill import Document, Item
from billing.parties.particulars import SSN, Address
from billing.parties.policies import CHILD, OTHER, SELF, SPOUSE

LINES_A_PAGE = 6
_RELATIONS = {SELF: 33, SPOUSE: 38, CHILD: 42, OTHER: 47}
"""The columns of item 6."""
_ON_FILE = "SIGNATURE ON FILE"
_MEDIUM = re.compile(r"[^A-Z0-9 &/]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Text at a line and a column, both from 1."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """One item of the form with what stands in it; sizes in lines and columns."""

    item: str
    words: str
    line: int
    column: int
    width: int
    height: int
    entries: tuple[Entry, ...] = ()


def pages(document: Document, heading: Heading, terms: Terms, signed_on: date) -> list[list[Box]]:
    """Lay a claim out, six lines to a page; each page stands alone with its own totals."""
    parts = [document.items[start : start + LINES_A_PAGE] for start in range(0, len(document.items), LINES_A_PAGE)]
    return [_page(document, heading, terms, signed_on, part) for part in parts]


def _page(document: Document, heading: Heading, terms: Terms, signed_on: date, items: Sequence[Item]) -> list[Box]:
    said: dict[str, list[Entry]] = {}
    for item, line, column, text in _entries(document, heading, terms, signed_on, items):
        if text:
            said.setdefault(item, []).append(Entry(line, column, text))
    return [Box(*box, tuple(said.get(box[0], ()))) for box in BOXES]


At = tuple[str, int, int, str]


def _entries(
    document: Document, heading: Heading, terms: Terms, signed_on: date, items: Sequence[Item]
) -> Iterator[At]:
    yield from _insured(document)
    yield from _second(document)
    yield from _patient(document)
    yield from _answers(terms)
    yield from _diagnoses(document.diagnoses)
    yield from _references(heading, terms)
    for place, item in enumerate(items):
        yield from _service(44 + 2 * place, item, document.provider.npi)
    yield from _sums(document, heading, terms, items)
    yield from _signed(document, signed_on)


def _insured(document: Document) -> Iterator[At]:
    client, holder = document.client, document.client.insured
    yield ("carrier", 2, 41, _text(client.insurer, 31))
    yield ("1", 8, 45, "X")
    yield ("1a", 8, 50, _text(client.member_id, 29))
    yield ("4", 10, 50, _name(holder.last_name, holder.first_name))
    yield ("6", 12, _RELATIONS[holder.relation], "X")
    yield from _address("7", 50, holder.address, holder.phone)
    yield ("11", 18, 50, _text(client.group_number, 29))
    yield from _birth("11a", 20, (53, 56, 59, 68, 75), holder.born_on, holder.sex)
    yield ("11c", 24, 50, _text(client.insurer, 29))


def _second(document: Document) -> Iterator[At]:
    """Items 9 and 11d: a second policy, which pays what the first leaves."""
    client = document.client
    if client.second_insurer:
        first, last = client.second_holder
        yield ("9", 18, 1, _name(last, first))
        yield ("9a", 20, 1, _text(client.second_group_number or client.second_member_id, 28))
        yield ("9d", 26, 1, _text(client.second_insurer, 28))
    yield ("11d", 26, 52 if client.second_insurer else 57, "X")


def _patient(document: Document) -> Iterator[At]:
    client = document.client
    yield ("2", 10, 1, _name(client.last_name, client.first_name))
    yield from _birth("3", 10, (31, 34, 37, 42, 47), client.born_on, client.sex)
    yield from _address("5", 1, client.address, client.phone)


def _address(item: str, column: int, address: Address, phone: str) -> Iterator[At]:
    state, area, number = (26, 15, 19) if column == 1 else (74, 65, 69)
    yield (item, 12, column, _text(address.street, 28))
    yield (f"{item} city", 14, column, _text(address.city, 23))
    yield (f"{item} state", 14, state, address.state)
    yield (f"{item} zip", 16, column, "".join(sign for sign in address.postal if sign.isdigit()))
    yield (f"{item} phone", 16, area, phone[:3])
    yield (f"{item} phone", 16, number, phone[3:])


def _birth(item: str, line: int, columns: Sequence[int], born_on: str, sex: str) -> Iterator[At]:
    """Place month, day and year, and the mark of M or F, in five columns."""
    year, month, day = born_on.split("-") if born_on else ("", "", "")
    for column, text in zip(columns, (month, day, year), strict=False):
        yield (item, line, column, text)
    if sex in {"M", "F"}:
        yield (item, line, columns[3 if sex == "M" else 4], "X")


def _answers(terms: Terms) -> Iterator[At]:
    """Nothing comes of work or an accident, and the client signed when they agreed to be billed."""
    yield from ((f"10{part}", line, 41, "X") for part, line in (("a", 20), ("b", 22), ("c", 24)))
    yield ("12", 29, 7, _ON_FILE)
    yield ("13", 29, 55, _ON_FILE if terms.to_practice else "")
    yield ("20", 36, 57, "X")


def _references(heading: Heading, terms: Terms) -> Iterator[At]:
    """Items 22 and 23: what an insurer knows the claim by, and leave asked in advance."""
    if heading.follows:
        yield ("22", 38, 50, heading.frequency)
        yield ("22", 38, 62, _text(terms.original, 15))
    yield ("23", 40, 50, _text(terms.authorization, 28).replace(" ", ""))


def _diagnoses(codes: Sequence[str]) -> Iterator[At]:
    yield ("21", 37, 42, "0")
    for place, code in enumerate(codes):
        yield ("21", 38 + place // 4, 3 + 13 * (place % 4), code.replace(".", ""))


def _service(line: int, item: Item, npi: str) -> Iterator[At]:
    year, month, day = item.on.split("-")
    for column, text in ((1, month), (4, day), (7, year[2:]), (10, month), (13, day), (16, year[2:])):
        yield (f"24 {line}", line, column, text)
    yield (f"24 {line}", line, 19, item.place)
    yield (f"24 {line}", line, 25, item.code)
    yield (f"24 {line}", line, 33, item.modifier)
    yield (f"24 {line}", line, 45, item.pointer)
    yield (f"24 {line}", line, 50, _amount(item.fee_cents))
    yield (f"24 {line}", line, 59, str(item.units))
    yield (f"24 {line}", line, 68, npi)


def _sums(document: Document, heading: Heading, terms: Terms, items: Sequence[Item]) -> Iterator[At]:
    provider = document.provider
    yield ("25", 56, 1, provider.tax_id)
    yield ("25", 56, 17 if provider.tax_kind == SSN else 19, "X")
    yield ("26", 56, 23, _text(heading.label, 14).replace(" ", ""))
    yield ("27", 56, 38 if terms.accepts else 43, "X")
    yield ("28", 56, 52, _amount(sum(item.fee_cents for item in items)))
    yield ("29", 56, 62, _amount(sum(item.paid_cents for item in items)))


def _signed(document: Document, signed_on: date) -> Iterator[At]:
    provider, office = document.provider, document.office
    yield ("31", 60, 1, _text(f"{provider.name} {provider.credentials}", 22))
    yield ("31", 61, 6, f"{signed_on:%m %d %y}")
    phone = "".join(sign for sign in office.phone if sign.isdigit())[-10:]
    yield ("33", 57, 66, phone[:3])
    yield ("33", 57, 70, phone[3:])
    biller = office.name if document.by_practice else f"{provider.first_name} {provider.last_name}"
    for item, column, width, name, npi in (
        ("32", 23, 26, office.name, office.npi or provider.npi),
        ("33", 50, 29, biller, document.billing_npi),
    ):
        for line, text in zip((58, 59, 60), (name, *_two_lines(office.address)), strict=True):
            yield (item, line, column, _text(text, width))
        yield (item, 61, column, npi)


def _two_lines(address: Sequence[str]) -> tuple[str, str]:
    return (address[0], " ".join(address[1:])) if address else ("", "")


def _name(last: str, first: str) -> str:
    return ", ".join(filter(None, (_text(last, 20), _text(first, 12))))[:28]


def _amount(cents: int) -> str:
    """Dollars and cents with the form's own line between them: seven places, a gap, two places."""
    return f"{cents // 100:>5} {cents % 100:02d}"


def _text(text: str, most: int) -> str:
    return " ".join(_MEDIUM.sub(" ", capitals(text)).split())[:most].strip()
