"""What an administrator says who counted the till, as trusted values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from billing.forms import FIRST, KEY_LENGTH, MOST_CENTS
from practice.core.forms import Errors, Reader
from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class Count:
    """How much cash was there, and what of it and which cheques go to the bank."""

    counted: Money
    cash: Money
    cheques: tuple[int, ...]
    banked_on: date
    note: str
    key: str

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], *, expected: Money, cheques: Mapping[int, Money], today: date
    ) -> Self | Errors:
        """Read the form; a difference to what the books expect must be meant."""
        reader = Reader(data)
        counted = reader.money("counted", expected.currency, most=MOST_CENTS)
        if data.get("seen") != str(expected.cents):
            reader.complain("counted", f"Something was taken or given meanwhile: {expected} should be there now.")
        nothing = Money.zero(expected.currency)
        cash = reader.money("cash", expected.currency, most=MOST_CENTS) if data.get("cash") else nothing
        banked_on = reader.day("banked_on")
        if "banked_on" not in reader.messages and not FIRST <= banked_on <= today:
            reader.complain("banked_on", "Choose a day that is not in the future.")
        chosen = tuple(int(number) for number in reader.choices("cheques", [str(number) for number in cheques]))
        if not reader.messages:
            _weigh(reader, data, counted - expected, counted, cash, carries_cheques=bool(chosen))
        note = reader.text("note", most=300, required=False)
        key = reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH)
        return reader.errors or cls(counted, cash, chosen, banked_on, note, key)


def _weigh(
    reader: Reader,
    data: MultiDict[str, str],
    difference: Money,
    counted: Money,
    cash: Money,
    *,
    carries_cheques: bool,
) -> None:
    if cash > counted:
        reader.complain("cash", f"There are {counted} in the till by your count; no more can be carried.")
    elif not (cash or carries_cheques or difference):
        reader.complain("cash", "Say what goes to the bank. The count agrees with the books, so there is nothing else.")
    elif difference and not data.get("difference"):
        words = f"{difference} more is there than" if difference.cents > 0 else f"{-difference} is missing from what"
        reader.complain(
            "difference", f"{words} the books expect. Count once more, or tick this to book the difference."
        )
