"""What people type about shares, as trusted values. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

from billing.shares.agreeing import Agreed, Paying
from billing.shares.rules import FIXED, KINDS, PERCENT, WHOLE
from practice.core.forms import Errors, Reader

ACCOUNT = re.compile(r"acct_[A-Za-z0-9_]{1,70}")
EARLIEST = date(2000, 1, 1)
MOST_CENTS = 10_000_00


def rule(data: MultiDict[str, str], *, currency: str, services: Collection[int]) -> Agreed | Errors:
    """Read a percentage of at most 100 with two decimals, or an amount; and the day it begins."""
    reader = Reader(data)
    kind = reader.choice("kind", KINDS, missing="Choose how the share is reckoned.")
    value = _percent(reader) if kind == PERCENT else 0
    if kind == FIXED:
        value = reader.money("amount", currency, most=MOST_CENTS).cents
    from_on = reader.day("from_on")
    if "from_on" not in reader.messages and from_on < EARLIEST:
        reader.complain("from_on", "Enter a day after the year 2000.")
    service = data.get("service", "")
    if service and service not in {str(each) for each in services}:
        reader.complain("service", "Choose one of the services.")
    return reader.errors or Agreed(kind, value, currency, from_on, int(service) if service else None)


def payment(data: MultiDict[str, str], *, currency: str, ways: Collection[str], today: date) -> Paying | Errors:
    """Read how and when; by hand it was never tomorrow."""
    reader = Reader(data)
    way = reader.choice("way", ways, missing="Choose how it is paid.")
    seen = reader.money("seen", currency, most=2**31 - 1)
    paid_on = reader.day("paid_on") if way != "transfer" else today
    if "paid_on" not in reader.messages and paid_on > today:
        reader.complain("paid_on", "Enter a day that is not in the future.")
    reference = reader.line("reference", most=100, required=False)
    key = reader.text("key", most=32, least=32)
    return reader.errors or Paying(way, seen, paid_on, reference, key)


def account(data: MultiDict[str, str]) -> str | Errors:
    """Read the number of a connected account, or that there is none."""
    reader = Reader(data)
    text = reader.line("account", most=80, required=False)
    if text and not ACCOUNT.fullmatch(text):
        reader.complain("account", "It begins with acct_ and stands on the card company’s page of connected accounts.")
    return reader.errors or text


def _percent(reader: Reader) -> int:
    text = reader.line("percent", most=8, missing="Enter a percentage.")
    try:
        value = Decimal(text.replace(",", ".").removesuffix("%").strip() or "0") * 100
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= WHOLE or value != int(value):
        reader.complain("percent", "Enter a number from 0 to 100, with two decimals at most.")
        return 0
    return int(value)
