"""What people type about fees, as trusted values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.models.objections import OUTCOMES
from booking.terms import AMOUNT, BASES, NONE, PERCENT, Fee
from practice.core.forms import Errors, Reader, blank
from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class Rules:
    """The fees of a practice."""

    late: Fee
    missed: Fee
    automatic: bool

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, currency: str) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        decided = reader.choice("decided", ("ask", "automatic")) if data.get("decided") else "ask"
        rules = cls(_fee(reader, "late", currency), _fee(reader, "missed", currency), decided == "automatic")
        return reader.errors or rules


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a fee is let go."""

    reason: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        reason = reader.text("reason", most=300, missing="Say in a few words why it is waived.")
        return reader.errors or cls(reason)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a client thinks that a fee is not right."""

    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        words = reader.text("words", most=1000, missing="Tell us in a few words what happened.")
        return reader.errors or cls(words)


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    """What becomes of a fee somebody objected to, and what the client is told."""

    outcome: str
    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        outcome = reader.choice("outcome", OUTCOMES, missing="Keep the fee or let it go.")
        words = reader.text("answer", most=1000, missing="Write a few words to the client.")
        return reader.errors or cls(outcome, words)


def shown(late: Fee, missed: Fee, currency: str, *, automatic: bool) -> Errors:
    """Return the form filled in with the rules of today."""
    decided = "automatic" if automatic else "ask"
    return blank(decided=decided, **_values("late", late, currency), **_values("missed", missed, currency))


def _fee(reader: Reader, name: str, currency: str) -> Fee:
    basis = reader.choice(f"{name}_basis", BASES)
    if basis == PERCENT:
        return Fee(basis, reader.integer(f"{name}_percent", least=1, most=100))
    if basis == AMOUNT:
        return Fee(basis, reader.money(f"{name}_amount", currency, least=1, most=1_000_00).cents)
    return Fee(NONE, 0)


def _values(name: str, fee: Fee, currency: str) -> dict[str, str]:
    return {
        f"{name}_basis": fee.basis,
        f"{name}_percent": str(fee.value) if fee.basis == PERCENT else "100",
        f"{name}_amount": Money(fee.value, currency).plain if fee.basis == AMOUNT else "",
    }
