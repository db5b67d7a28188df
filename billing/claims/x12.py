"""A claim as an electronic file: X12 837 professional, 005010X222A1. Pure.

One interchange holds one group with one transaction and one claim. Where somebody else holds the policy, the
client stands in a loop of their own (2000C, 2010CA); a second policy stands in 2320 and 2330. What the client
paid is said (AMT F5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from billing.claims.latin import capitals, is_spelled
from billing.claims.terms import Heading, Terms
from billing.papers.superbill import Document, Lack
from billing.parties.particulars import SSN, ClientParticulars, PracticeParticulars
from billing.parties.policies import CHILD, OTHER, SELF, SPOUSE

VERSION = "005010X222A1"
MOST_LINES = 50
"""Service lines of one claim (loop 2400)."""
_ALLOWED = re.compile(r"[^A-Z0-9 &'()+,\-./]")
_TRANSACTION = "0001"
_TO_HOLDER = {SELF: "18", SPOUSE: "01", CHILD: "19", OTHER: "G8"}
"""What a client is to whoever holds a policy (X12 data element 1069; SBR02, PAT01)."""


def lacks(document: Document, practice: PracticeParticulars) -> list[Lack]:
    """Name what keeps a superbill from going out as an electronic claim, besides what it has already."""
    client, provider, office = document.client, document.provider, document.office
    needed: tuple[tuple[str, str, object], ...] = (
        *(("client", words, said) for words, said in _of_policies(client)),
        ("counselor", "The counselor’s name in Latin letters", _spelled(provider.first_name, provider.last_name)),
        (
            "practice",
            "The practice’s address in its parts, with nine digits of ZIP code",
            office.place.is_whole and len(_digits(office.postal)) == 9,
        ),
        ("practice", "The practice’s submitter number, and whom to call", practice.submitter_id and practice.contact),
        ("practice", "The practice’s telephone number of ten digits", len(practice.phone) == 10),
        ("practice", "The clearinghouse and its number", practice.receiver and practice.receiver_id),
        ("practice", f"At most {MOST_LINES} lines: choose fewer days", len(document.items) <= MOST_LINES),
    )
    return [Lack(words, whose) for whose, words, there in needed if not there]


def interchange(
    document: Document, heading: Heading, terms: Terms, practice: PracticeParticulars, *, control: int, at: datetime
) -> str:
    """Write the whole file; `control` is the number no other interchange has."""
    claim = chain(_billing_provider(document, practice), _subscriber(document), _claim(document, heading, terms))
    body = [*_opening(document, practice, control, at), *claim]
    sender, receiver = _text(practice.submitter_id, 15), _text(practice.receiver_id, 15)
    isa = ("ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:15}", "ZZ", f"{receiver:15}")
    segments = [
        (*isa, f"{at:%y%m%d}", f"{at:%H%M}", "^", "00501", f"{control:09}", "0", "P", ":"),
        ("GS", "HC", sender, receiver, f"{at:%Y%m%d}", f"{at:%H%M}", str(control), "X", VERSION),
        *body,
        ("SE", str(len(body) + 1), _TRANSACTION),
        ("GE", "1", str(control)),
        ("IEA", "1", f"{control:09}"),
    ]
    return "".join("*".join(segment).rstrip("*") + "~\n" for segment in segments)


Segment = tuple[str, ...]


def _opening(document: Document, practice: PracticeParticulars, control: int, at: datetime) -> Iterator[Segment]:
    yield ("ST", "837", _TRANSACTION, VERSION)
    yield ("BHT", "0019", "00", str(control), f"{at:%Y%m%d}", f"{at:%H%M}", "CH")
    yield ("NM1", "41", "2", _text(document.office.name, 60), "", "", "", "", "46", _text(practice.submitter_id, 80))
    yield ("PER", "IC", _text(practice.contact, 60), "TE", practice.phone)
    yield ("NM1", "40", "2", _text(practice.receiver, 60), "", "", "", "", "46", _text(practice.receiver_id, 80))


def _billing_provider(document: Document, practice: PracticeParticulars) -> Iterator[Segment]:
    """Loops 2000A and 2010AA: the practice, or the counselor where it has no number of its own."""
    office, provider = document.office, document.provider
    taxonomy = practice.taxonomy if document.by_practice else provider.taxonomy
    yield ("HL", "1", "", "20", "1")
    if taxonomy:
        yield ("PRV", "BI", "PXC", taxonomy)
    if document.by_practice:
        yield ("NM1", "85", "2", _text(office.name, 60), "", "", "", "", "XX", office.npi)
    else:
        yield _person("85", provider.last_name, provider.first_name, "XX", provider.npi)
    yield ("N3", _text(office.street, 55))
    yield ("N4", _text(office.city, 30), office.state, _digits(office.postal))
    yield ("REF", "SY" if provider.tax_kind == SSN else "EI", provider.tax_id)


def _subscriber(document: Document) -> Iterator[Segment]:
    """Loops 2000B, 2010BA and 2010BB: whoever holds the policy, and the insurer; then the client, if another."""
    client, holder = document.client, document.client.insured
    is_client = holder.relation == SELF
    yield ("HL", "2", "1", "22", "0" if is_client else "1")
    yield ("SBR", "P", "18" if is_client else "", _text(client.group_number, 50), "", "", "", "", "", "CI")
    yield _person("IL", holder.last_name, holder.first_name, "MI", _text(client.member_id, 80))
    if is_client:
        yield from _lives(client)
    yield ("NM1", "PR", "2", _text(client.insurer, 60), "", "", "", "", "PI", _text(client.insurer_id, 80))
    if not is_client:
        yield ("HL", "3", "2", "23", "0")
        yield ("PAT", _TO_HOLDER[holder.relation])
        yield _person("QC", client.last_name, client.first_name)
        yield from _lives(client)


def _lives(client: ClientParticulars) -> Iterator[Segment]:
    yield ("N3", _text(client.street, 55))
    yield ("N4", _text(client.city, 30), client.state, _digits(client.postal))
    yield ("DMG", "D8", client.born_on.replace("-", ""), client.sex)


def _claim(document: Document, heading: Heading, terms: Terms) -> Iterator[Segment]:
    """Loops 2300, 2310B, 2320 and 2400: the claim, whoever gave the sessions, a second policy, and each session."""
    place = document.items[0].place
    claim = (_text(heading.label.replace("-", ""), 20), _amount(document.fee.cents))
    signed = ("Y", "A" if terms.accepts else "C", "Y" if terms.to_practice else "N", "Y")
    yield ("CLM", *claim, "", "", f"{place}:B:{heading.frequency}", *signed)
    if document.paid.cents > 0:
        yield ("AMT", "F5", _amount(document.paid.cents))
    if terms.authorization:
        yield ("REF", "G1", _text(terms.authorization, 50))
    if heading.follows:
        yield ("REF", "F8", _text(terms.original, 50))
    codes = [code.replace(".", "") for code in document.diagnoses]
    yield ("HI", f"ABK:{codes[0]}", *(f"ABF:{code}" for code in codes[1:]))
    if document.by_practice:
        provider = document.provider
        yield _person("82", provider.last_name, provider.first_name, "XX", provider.npi)
        if provider.taxonomy:
            yield ("PRV", "PE", "PXC", provider.taxonomy)
    if document.client.second_insurer:
        yield from _second(document.client, terms)
    yield from _services(document, place)


def _second(client: ClientParticulars, terms: Terms) -> Iterator[Segment]:
    """Loops 2320, 2330A and 2330B: the policy that pays what the first one leaves."""
    first, last = client.second_holder
    relation = _TO_HOLDER[client.second_relation]
    yield ("SBR", "S", relation, _text(client.second_group_number, 50), "", "", "", "", "", "CI")
    yield ("OI", "", "", "Y" if terms.to_practice else "N", "", "", "Y")
    yield _person("IL", last, first, "MI", _text(client.second_member_id, 80))
    insurer = (_text(client.second_insurer, 60), "", "", "", "", "PI", _text(client.second_insurer_id, 80))
    yield ("NM1", "PR", "2", *insurer)


def _services(document: Document, place: str) -> Iterator[Segment]:
    for number, item in enumerate(document.items, start=1):
        yield ("LX", str(number))
        procedure = ":".join(filter(None, ("HC", item.code, item.modifier)))
        elsewhere = item.place if item.place != place else ""
        pointers = ":".join(str("ABCDEFGHIJKL".index(letter) + 1) for letter in item.pointer)
        yield ("SV1", procedure, _amount(item.fee_cents), "UN", str(item.units), elsewhere, "", pointers)
        yield ("DTP", "472", "D8", item.on.replace("-", ""))


def _of_policies(client: ClientParticulars) -> Iterator[tuple[str, bool]]:
    """Name what a file must say of the client and their policies, and whether it can."""
    said = (client.first_name, client.last_name, client.street, client.city)
    yield ("The client’s name and address in Latin letters", _spelled(*said))
    yield ("The client’s insurer", _spelled(client.insurer))
    yield ("The payer number on the client’s card", bool(client.insurer_id))
    if client.relation != SELF:
        holder = (client.holder_first_name, client.holder_last_name)
        yield ("The name of whoever holds the client’s policy", _spelled(*holder))
    if client.second_insurer:
        numbers = bool(client.second_insurer_id and client.second_member_id)
        yield ("The second policy’s member number and payer number", numbers)
        if client.second_relation != SELF:
            yield ("The name of whoever holds the second policy", _spelled(*client.second_holder))


def _spelled(*words: str) -> bool:
    return all(map(is_spelled, words))


def _person(what: str, last: str, first: str, *number: str) -> Segment:
    """Write NM1 of a person, with the kind and value of a number where they have one."""
    return ("NM1", what, "1", *_names(last, first), "", "", "", *number)


def _names(last: str, first: str) -> tuple[str, str]:
    return _text(last, 60), _text(first, 35)


def _text(text: str, most: int) -> str:
    """Write text in the signs that every receiver takes (X12.6, basic character set)."""
    return " ".join(_ALLOWED.sub(" ", capitals(text)).split())[:most].strip()


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _amount(cents: int) -> str:
    """Write an amount without needless zeros (X12.6, type R)."""
    whole, part = divmod(cents, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
