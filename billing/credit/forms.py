"""What people type about credit, as trusted values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from billing.forms import KEY_LENGTH, LAST
from billing.manual.models import WAYS
from practice.core.forms import Errors, Reader
from practice.core.money import Money

MOST_GIVEN_CENTS = 10_000_00


@dataclass(frozen=True, slots=True)
class Gift:
    """Credit that an administrator gives."""

    amount: Money
    note: str
    expires_on: date | None
    """The last day it can be used."""
    key: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, currency: str, today: date) -> Self | Errors:
        """Read how much, why and how long it lasts."""
        reader = Reader(data)
        amount = reader.money("amount", currency, least=1, most=MOST_GIVEN_CENTS)
        note = reader.text("note", most=300, missing="Say in a few words what it is for.")
        expires_on = reader.day("expires_on", required=False)
        if expires_on != date.min and not today <= expires_on <= LAST:
            reader.complain("expires_on", "Choose a day to come.")
        key = reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH)
        return reader.errors or cls(amount, note, None if expires_on == date.min else expires_on, key)


@dataclass(frozen=True, slots=True)
class PayOut:
    """Credit that an administrator pays out by hand."""

    amount: Money
    way: str
    note: str
    key: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, most: Money) -> Self | Errors:
        """Read how much and how."""
        reader = Reader(data)
        amount = reader.money("amount", most.currency, least=1, most=max(most.cents, 1))
        way = reader.choice("way", WAYS, missing="Choose how it is paid out.")
        note = reader.text("note", most=300, required=False)
        key = reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH)
        return reader.errors or cls(amount, way, note, key)


@dataclass(frozen=True, slots=True)
class GiveBack:
    """What is given back of an invoice that was paid besides cards."""

    amount: Money
    key: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, most: Money) -> Self | Errors:
        """Read how much."""
        reader = Reader(data)
        amount = reader.money("amount", most.currency, least=1, most=max(most.cents, 1))
        key = reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH)
        return reader.errors or cls(amount, key)
