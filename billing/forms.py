"""What people type about money, as trusted values. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from billing.ledger.words import ACCOUNTS, KINDS
from billing.lists import Wanted
from billing.states import ADJUSTMENTS, CARD, CREDIT
from practice.core.forms import Errors, Reader
from practice.core.money import Money

INVOICE_STATES = {
    "due": "Due",
    "paid": "Paid",
    "partly_refunded": "Partly refunded",
    "refunded": "Refunded",
    "written_off": "Written off",
    "void": "Void",
}
PAYMENT_STATES = {
    "paid": "Received",
    "refunded": "With a refund",
    "attention": "Refund not finished",
    "undecided": "Not finished",
    "closed": "Not paid",
}
REFUND_REASONS = ("goodwill", "cancelled", "technical", "mistake")
KEY_LENGTH = 32
MOST_CENTS = 2**31 - 1
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


def narrow(data: MultiDict[str, str], *, states: dict[str, str], zone: str) -> tuple[Wanted, Errors]:
    """Read the filters above a list; what makes no sense narrows nothing and is said so.

    Days are the practice's own, the last one included.
    """
    reader = Reader(data)
    state = _one_of(reader, data, "state", states)
    kind, account = _one_of(reader, data, "kind", KINDS), _one_of(reader, data, "account", ACCOUNTS)
    text = reader.text("text", most=100, required=False)
    since, until = _day(reader, "since"), _day(reader, "until")
    number = reader.integer("page", least=1, most=100_000) if data.get("page") else 1
    wrong = reader.messages
    wanted = Wanted(
        state=state,
        kind=kind,
        account=account,
        text="" if "text" in wrong else text,
        since=_start(since, zone) if since else None,
        until=_start(until + timedelta(days=1), zone) if until else None,
        number=1 if "page" in wrong else number,
    )
    return wanted, Errors(data.to_dict(), wrong)


@dataclass(frozen=True, slots=True)
class GiveBack:
    """A refund an administrator asks for."""

    amount: Money
    reason: str
    note: str
    key: str
    seen: Money
    """What was left when the form was shown."""
    way: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, left: Money) -> GiveBack | Errors:
        """Read the amount, at most what is left, and why."""
        reader = Reader(data)
        amount = reader.money("amount", left.currency, least=1, most=max(left.cents, 1))
        reason = reader.choice("reason", REFUND_REASONS, missing="Choose why.")
        note = reader.text("note", most=500, required=False)
        key = reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH)
        seen = reader.money("seen", left.currency, most=MOST_CENTS) if data.get("seen") else left
        way = reader.choice("way", (CARD, CREDIT), missing="Choose where it goes.") if data.get("way") else CARD
        return reader.errors or cls(amount, reason, note, key, seen, way)


@dataclass(frozen=True, slots=True)
class AskLess:
    """An invoice an administrator takes something off."""

    amount: Money
    seen: Money
    reason: str
    note: str
    key: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, due: Money) -> AskLess | Errors:
        """Read the amount, at most what is due, why, and what was due when the form was shown."""
        reader = Reader(data)
        amount = reader.money("amount", due.currency, least=1, most=max(due.cents, 1))
        reason = reader.choice("reason", ADJUSTMENTS, missing="Choose why.")
        note = reader.text("note", most=500, required=False)
        key = reader.text("key", most=KEY_LENGTH, least=KEY_LENGTH)
        seen = reader.money("seen", due.currency, most=MOST_CENTS)
        return reader.errors or cls(amount, seen, reason, note, key)


def _one_of(reader: Reader, data: MultiDict[str, str], name: str, options: Collection[str]) -> str:
    chosen = reader.choice(name, options) if data.get(name) else ""
    return "" if name in reader.messages else chosen


def _day(reader: Reader, name: str) -> date | None:
    day = reader.day(name, required=False)
    if day == date.min:
        return None
    if not FIRST <= day <= LAST:
        reader.complain(name, "Enter a day like 2026-11-24.")
        return None
    return day


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
