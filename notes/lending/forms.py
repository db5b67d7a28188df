"""What is sent to lend charts or to hand them over. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader

LEND, HAND_OVER = "cover", "successor"
KINDS = (LEND, HAND_OVER)
ALL, SOME = "all", "some"
LONGEST_DAYS = 366
"""Longer than a year nobody covers: that is a handover."""


@dataclass(frozen=True, slots=True)
class LendingForm:
    """Who shall read which charts, and until which day; handed over, for good."""

    kind: str
    colleague_id: int
    chart_ids: tuple[int, ...]
    ends_on: date | None

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], *, colleagues: Collection[int], charts: Collection[int], today: date
    ) -> Self | Errors:
        """Read the form; a colleague who covers has a last day."""
        reader = Reader(data)
        kind = reader.choice("kind", KINDS)
        colleague = reader.choice("colleague", {str(number) for number in colleagues}, missing="Choose a colleague.")
        reach = reader.choice("reach", (ALL, SOME), missing="Choose which clients.")
        offered = [str(number) for number in charts]
        missing = "Choose at least one client." if reach == SOME else ""
        chosen = offered if reach == ALL else reader.choices("charts", offered, missing=missing)
        ends_on = cls._last_day(reader, today) if kind == LEND else None
        if reader.errors:
            return reader.errors
        return cls(kind, int(colleague), tuple(int(number) for number in chosen), ends_on)

    @staticmethod
    def _last_day(reader: Reader, today: date) -> date:
        ends_on = reader.day("ends_on")
        if date.min < ends_on < today:
            reader.complain("ends_on", "That day is over. Choose today or a later one.")
        elif ends_on > today + timedelta(days=LONGEST_DAYS):
            reader.complain("ends_on", "Choose a day within a year. For longer, hand the charts over.")
        return ends_on
