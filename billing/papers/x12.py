"""A superbill as an electronic claim: X12 837 professional, 005010X222A1. Pure.

One interchange holds one group with one transaction and one claim. The client paid already, so nothing is
assigned: the insurer pays the client back (CLM07 C, CLM08 N), and what they paid is said (AMT F5).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from billing.papers.superbill import Document, Lack
from billing.parties.particulars import PracticeParticulars

VERSION = "005010X222A1"
MOST_LINES = 50
"""Service lines of one claim (loop 2400)."""
_ALLOWED = re.compile(r"[^A-Z0-9 &'()+,\-./]")
_TRANSACTION = "0001"


def lacks(document: Document, practice: PracticeParticulars) -> list[Lack]:
    """Name what keeps a superbill from going out as an electronic claim, besides what it has already."""
    who = document.client
    spelled = all(_text(words, 60) for words in (who.first_name, who.last_name, who.street, who.city))
    client = {
        "The client’s name and address in Latin letters": spelled,
        "The client’s insurer": _text(who.insurer, 60),
        "The payer number on the client’s card": who.insurer_id,
    }
    needed = {
        "The practice’s address in its parts, with nine digits of ZIP code": document.office.place.is_whole
        and len(_digits(document.office.postal)) == 9,
        "The practice’s submitter number, and whom to call": practice.submitter_id and practice.contact,
        "The practice’s telephone number of ten digits": len(practice.phone) == 10,
        "The clearinghouse and its number": practice.receiver and practice.receiver_id,
        f"At most {MOST_LINES} lines: choose fewer days": len(document.items) <= MOST_LINES,
    }
    found = [Lack(words, "client") for words, there in client.items() if not there]
    return [*found, *(Lack(words, "practice") for words, there in needed.items() if not there)]


def interchange(document: Document, label: str, practice: PracticeParticulars, *, control: int, at: datetime) -> str:
    """Write the whole file; `control` is the number no other interchange has."""
    body = list(_transaction(document, label, practice, control, at))
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


def _transaction(
    document: Document, label: str, practice: PracticeParticulars, control: int, at: datetime
) -> Iterator[Segment]:
    yield ("ST", "837", _TRANSACTION, VERSION)
    yield ("BHT", "0019", "00", str(control), f"{at:%Y%m%d}", f"{at:%H%M}", "CH")
    yield ("NM1", "41", "2", _text(document.office.name, 60), "", "", "", "", "46", _text(practice.submitter_id, 80))
    yield ("PER", "IC", _text(practice.contact, 60), "TE", practice.phone)
    yield ("NM1", "40", "2", _text(practice.receiver, 60), "", "", "", "", "46", _text(practice.receiver_id, 80))
    yield from chain(_billing_provider(document, practice), _subscriber(document), _claim(document, label))


def _billing_provider(document: Document, practice: PracticeParticulars) -> Iterator[Segment]:
    """Loops 2000A and 2010AA: the practice, or the counselor where it has no number of its own."""
    office, provider = document.office, document.provider
    taxonomy = practice.taxonomy if office.npi else provider.taxonomy
    yield ("HL", "1", "", "20", "1")
    if taxonomy:
        yield ("PRV", "BI", "PXC", taxonomy)
    if office.npi:
        yield ("NM1", "85", "2", _text(office.name, 60), "", "", "", "", "XX", office.npi)
    else:
        yield ("NM1", "85", "1", *_names(provider.last_name, provider.first_name), "", "", "", "XX", provider.npi)
    yield ("N3", _text(office.street, 55))
    yield ("N4", _text(office.city, 30), office.state, _digits(office.postal))
    yield ("REF", "EI", provider.tax_id)


def _subscriber(document: Document) -> Iterator[Segment]:
    """Loops 2000B, 2010BA and 2010BB: the client, who holds the policy, and the insurer."""
    client = document.client
    yield ("HL", "2", "1", "22", "0")
    yield ("SBR", "P", "18", _text(client.group_number, 50), "", "", "", "", "", "CI")
    yield (
        "NM1",
        "IL",
        "1",
        *_names(client.last_name, client.first_name),
        "",
        "",
        "",
        "MI",
        _text(client.member_id, 80),
    )
    yield ("N3", _text(client.street, 55))
    yield ("N4", _text(client.city, 30), client.state, _digits(client.postal))
    yield ("DMG", "D8", client.born_on.replace("-", ""), client.sex)
    yield ("NM1", "PR", "2", _text(client.insurer, 60), "", "", "", "", "PI", _text(client.insurer_id, 80))


def _claim(document: Document, label: str) -> Iterator[Segment]:
    """Loops 2300, 2310B and 2400: the claim, whoever gave the sessions, and each of them."""
    place = document.items[0].place
    claim = (_text(label.replace("-", ""), 20), _amount(document.fee.cents))
    yield ("CLM", *claim, "", "", f"{place}:B:1", "Y", "C", "N", "Y")
    if document.paid.cents > 0:
        yield ("AMT", "F5", _amount(document.paid.cents))
    codes = [code.replace(".", "") for code in document.diagnoses]
    yield ("HI", f"ABK:{codes[0]}", *(f"ABF:{code}" for code in codes[1:]))
    if document.office.npi:
        provider = document.provider
        yield ("NM1", "82", "1", *_names(provider.last_name, provider.first_name), "", "", "", "XX", provider.npi)
        if provider.taxonomy:
            yield ("PRV", "PE", "PXC", provider.taxonomy)
    for number, item in enumerate(document.items, start=1):
        yield ("LX", str(number))
        procedure = ":".join(filter(None, ("HC", item.code, item.modifier)))
        elsewhere = item.place if item.place != place else ""
        pointers = ":".join(str("ABCDEFGHIJKL".index(letter) + 1) for letter in item.pointer)
        yield ("SV1", procedure, _amount(item.fee_cents), "UN", str(item.units), elsewhere, "", pointers)
        yield ("DTP", "472", "D8", item.on.replace("-", ""))


def _names(last: str, first: str) -> tuple[str, str]:
    return _text(last, 60), _text(first, 35)


def _text(text: str, most: int) -> str:
    """Write text in the signs that every receiver takes (X12.6, basic character set)."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return " ".join(_ALLOWED.sub(" ", plain).split())[:most].strip()


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _amount(cents: int) -> str:
    """Write an amount without needless zeros (X12.6, type R)."""
    whole, part = divmod(cents, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
