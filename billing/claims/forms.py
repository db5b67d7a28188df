"""What the office types about claims, as trusted values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from billing.claims.states import ANSWERS, PAID
from billing.claims.terms import CORRECTS, PAYEES, VOIDS, Terms
from billing.forms import FIRST as FIRST_DAY
from billing.forms import MOST_CENTS
from practice.core.forms import Errors, Reader
from practice.core.money import Money


def terms(data: MultiDict[str, str]) -> Terms | Errors:
    """Read what a claim says besides its superbill."""
    reader = Reader(data)
    found = Terms(
        payee=reader.choice("payee", PAYEES, missing="Choose whom the insurer shall pay."),
        accepts=reader.flag("accepts"),
        authorization=reader.line("authorization", most=28, required=False).upper(),
    )
    return reader.errors or found


@dataclass(frozen=True, slots=True)
class Sent:
    """The day a claim went out."""

    on: date

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the day."""
        reader = Reader(data)
        on = _day(reader, today)
        return reader.errors or cls(on)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the insurer decided."""

    answer: str
    on: date
    paid: Money | None
    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date, currency: str) -> Self | Errors:
        """Read the form; a denial has a reason, a payment an amount."""
        reader = Reader(data)
        answer = reader.choice("answer", ANSWERS, missing="Choose what the insurer decided.")
        on = _day(reader, today)
        paid = reader.money("paid", currency, most=MOST_CENTS) if answer == PAID else None
        words = reader.text("words", most=500, required=False)
        if answer in ANSWERS and answer != PAID and not words:
            reader.complain("words", "Write down the reason the insurer gave, such as the code on its letter.")
        return reader.errors or cls(answer, on, paid, words)


@dataclass(frozen=True, slots=True)
class Following:
    """How a claim the insurer has is put right."""

    frequency: str
    original: str
    authorization: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        found = cls(
            reader.choice("frequency", (CORRECTS, VOIDS), missing="Choose what to do."),
            reader.line("original", most=15, missing="Enter the insurer’s number of the claim; it is on its letter."),
            reader.line("authorization", most=28, required=False),
        )
        return reader.errors or cls(found.frequency, found.original.upper(), found.authorization.upper())


def _day(reader: Reader, today: date) -> date:
    on = reader.day("on")
    if "on" not in reader.messages and not FIRST_DAY <= on <= today:
        reader.complain("on", "Choose a day that is not in the future.")
    return on
