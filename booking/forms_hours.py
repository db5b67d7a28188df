"""The hours of a week or of one day, as rows that can be added, removed and copied. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from werkzeug.datastructures import MultiDict

from booking.hours import Hours

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_ROWS = 8
_FIELD = re.compile(r"(?:opens|closes)-([0-6])-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch as typed: two times of day, either of them perhaps empty."""

    opens: str = ""
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of each day as they stand on the page, nothing checked yet."""

    days: Mapping[int, tuple[Row, ...]]

    @classmethod
    def of(cls, hours: Mapping[int, tuple[Hours, ...]]) -> Rows:
        """Show hours that are kept."""
        return cls({day: tuple(Row(_text(each.opens), _text(each.closes)) for each in hours[day]) for day in hours})

    @classmethod
    def sent(cls, data: MultiDict[str, str]) -> Rows:
        """Take the rows of a form as sent."""
        places = sorted({(int(found[1]), int(found[2])) for name in data if (found := _FIELD.fullmatch(name))})
        days: dict[int, tuple[Row, ...]] = {}
        for day, place in places:
            row = Row(*(data.get(f"{edge}-{day}-{place}", "").strip()[:8] for edge in ("opens", "closes")))
            days[day] = (*days.get(day, ()), row)[:_MOST_ROWS]
        return cls(days)

    def on(self, day: int) -> tuple[Row, ...]:
        """Return the rows of one day, Monday being 0."""
        return self.days.get(day, ())

    def after(self, deed: str, targets: tuple[int, ...] = ()) -> Rows | None:
        """Return the rows after `add-DAY`, `remove-DAY-ROW` or `copy-DAY`, or None for any other deed."""
        word, *numbers = deed.split("-")
        if word not in {"add", "remove", "copy"} or not all(re.fullmatch(r"\d{1,2}", each) for each in numbers):
            return None
        match word, [int(each) for each in numbers]:
            case "add", [day]:
                return self._with({day: (*self.on(day), _next_row(self.on(day)))[:_MOST_ROWS]})
            case "remove", [day, gone]:
                return self._with({day: tuple(row for place, row in enumerate(self.on(day)) if place != gone)})
            case "copy", [day]:
                return self._with(dict.fromkeys(targets, self.on(day)))
            case _:
                return None

    def _with(self, changed: Mapping[int, tuple[Row, ...]]) -> Rows:
        return Rows({**self.days, **{day: rows for day, rows in changed.items() if 0 <= day <= 6}})


@dataclass(frozen=True, slots=True)
class Faults:
    """Rows that cannot be kept yet, and what to say beside each."""

    rows: Rows
    messages: Mapping[str, str]


def read(rows: Rows) -> dict[int, tuple[Hours, ...]] | Faults:
    """Turn rows into hours, or say what to change; a row left empty counts for nothing."""
    messages: dict[str, str] = {}
    hours = {day: _read_day(day, rows.on(day), messages) for day in sorted(rows.days)}
    return Faults(rows, messages) if messages else {day: kept for day, kept in hours.items() if kept}


def _read_day(day: int, rows: tuple[Row, ...], messages: dict[str, str]) -> tuple[Hours, ...]:
    kept: list[Hours] = []
    for place, row in enumerate(rows):
        if not row.opens and not row.closes:
            continue
        hours = _read_row(day, place, row, messages)
        if hours is None:
            continue
        if rival := next((each for each in kept if hours.opens < each.closes and each.opens < hours.closes), None):
            messages[f"opens-{day}-{place}"] = (
                f"{DAY_NAMES[day]}: these hours overlap {_text(rival.opens)} to {_text(rival.closes)}."
            )
            continue
        kept.append(hours)
    return tuple(sorted(kept))


def _read_row(day: int, place: int, row: Row, messages: dict[str, str]) -> Hours | None:
    opens, closes = _minutes(row.opens), _minutes(row.closes)
    if opens is None:
        messages[f"opens-{day}-{place}"] = f"{DAY_NAMES[day]}: enter when you begin, like 09:00."
        return None
    if closes is None:
        messages[f"closes-{day}-{place}"] = f"{DAY_NAMES[day]}: enter when you end, like 17:00."
        return None
    closes = closes or 24 * 60
    if closes <= opens:
        messages[f"closes-{day}-{place}"] = (
            f"{DAY_NAMES[day]}: end after you begin. If you work past midnight, end at 00:00 and add the rest "
            "to the next day."
        )
        return None
    return Hours(opens, closes)


def _minutes(text: str) -> int | None:
    try:
        read_time = time.fromisoformat(text)
    except ValueError:
        return None
    return read_time.hour * 60 + read_time.minute


def _text(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _next_row(rows: tuple[Row, ...]) -> Row:
    """Suggest the usual day for the first row, and leave the times open for any other."""
    return Row() if rows else Row("09:00", "17:00")
