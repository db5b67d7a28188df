"""What a report is narrowed to, as it stands in the address. Pure."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from billing.reports.periods import MOST_MONTHS, Period
from practice.core.forms import Errors, Reader

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


def read_period(data: MultiDict[str, str], otherwise: Period) -> tuple[Period, Errors]:
    """Read two days, both included; what makes no sense leaves the usual period and is said so."""
    reader = Reader(data)
    since, until = _day(reader, "since"), _day(reader, "until")
    last = until or max(since or otherwise.last, otherwise.last)
    first = since or min(otherwise.first, last.replace(day=1))
    if first > last:
        reader.complain("until", "The last day comes before the first.")
    elif (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        reader.complain("until", f"At most {MOST_MONTHS} months fit into one report.")
    if reader.messages:
        return otherwise, Errors(data.to_dict(), reader.messages)
    chosen = Period(first, last, otherwise.zone)
    return chosen, Errors({**data.to_dict(), "since": first.isoformat(), "until": last.isoformat()})


def number_of(data: MultiDict[str, str], name: str, *, least: int = 0, otherwise: int = 0) -> int:
    """Read a whole number out of an address; anything else is the usual one."""
    text = data.get(name, "")
    return int(text) if text.isdecimal() and least <= int(text[:9]) and len(text) < 10 else otherwise


def _day(reader: Reader, name: str) -> date | None:
    day = reader.day(name, required=False)
    if day == date.min:
        return None
    if not FIRST <= day <= LAST:
        reader.complain(name, "Enter a day like 2026-11-24.")
        return None
    return day
