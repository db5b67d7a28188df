"""What people type about payments by hand, as trusted values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from billing.forms import FIRST, KEY_LENGTH, MOST_CENTS
from billing.manual import sharing
from billing.manual.models import UNDOING, WAYS
from practice.core.forms import Errors, Reader
from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class Received:
    """A payment by hand as an administrator writes it down."""

    amount: Money
    way: str
    received_on: date
    reference: str
    note: str
    shares: dict[int, Money]
    key: str

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], *, dues: Mapping[int, Money], currency: str, today: date
    ) -> Self | Errors:
        """Read the form; what no invoice is named for goes to the oldest ones first.

        `dues` are the open invoices, the oldest first, with what is due of each.
        """
        reader = Reader(data)
        amount = reader.money("amount", currency, least=1, most=MOST_CENTS)
        received_on = reader.day("received_on")
        if "received_on" not in reader.messages and not FIRST <= received_on <= today:
            reader.complain("received_on", "Choose a day that is not in the future.")
        named = {number: _share(reader, data, number, due) for number, due in dues.items()}
        shares = {number: share for number, share in named.items() if share}
        if not shares and data.get("rest") != "credit":
            shares = sharing.oldest_first(amount, dues.items())
        if sharing.rest(amount, shares).cents < 0:
            reader.complain("amount", "The invoices add up to more than this.")
        form = cls(
            amount,
            reader.choice("way", WAYS, missing="Choose how it was paid."),
            received_on,
            reader.line("reference", most=100, required=False),
            reader.text("note", most=500, required=False),
            shares,
            reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH),
        )
        return reader.errors or form


@dataclass(frozen=True, slots=True)
class Undoing:
    """Why a payment by hand is taken back out of the books."""

    reason: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the reason."""
        reader = Reader(data)
        reason = reader.choice("reason", UNDOING, missing="Choose why.")
        return reader.errors or cls(reason)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list of payments by hand is narrowed to."""

    text: str
    way: str
    since: date | None
    until: date | None
    number: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self:
        """Read the filters; what makes no sense narrows nothing."""
        reader = Reader(data)
        text = reader.text("text", most=100, required=False)
        way = data.get("way", "")
        number = reader.integer("page", least=1, most=100_000) if data.get("page") else 1
        return cls(
            "" if "text" in reader.messages else text,
            way if way in WAYS else "",
            _day(reader, "since"),
            _day(reader, "until"),
            1 if "page" in reader.messages else number,
        )


def _share(reader: Reader, data: MultiDict[str, str], number: int, due: Money) -> Money:
    name = f"share-{number}"
    return reader.money(name, due.currency, most=due.cents) if data.get(name) else Money.zero(due.currency)


def _day(reader: Reader, name: str) -> date | None:
    day = reader.day(name, required=False)
    return None if day == date.min else day
