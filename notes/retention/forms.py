"""What is sent about the time of records."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.retention.exceptions import EXCEPTIONS
from notes.retention.models import RetentionRule
from practice.core.forms import Errors, Reader


@dataclass(frozen=True, slots=True)
class RuleForm:
    """How long a place wants records kept, and where that is written."""

    place: str
    years: int
    until_age: int | None
    source: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read a rule; without a place it is the usual one."""
        reader = Reader(data)
        place = reader.line("place", most=60, required=False)
        years = reader.integer("years", least=1, most=99, unit="years")
        until_age = reader.integer("until_age", least=18, most=40) if data.get("until_age", "").strip() else None
        source = reader.line("source", most=300, missing="Say where it is written, such as the section of the law.")
        return reader.errors or cls(place, years, until_age, source)


@dataclass(frozen=True, slots=True)
class Description:
    """Whose rule a chart is under, and when its client was born."""

    rule: RetentionRule | None
    born_on: date | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], rules: Collection[RetentionRule], *, today: date) -> Self | Errors:
        """Read the choice; without one the usual rule counts."""
        reader = Reader(data)
        rule = next((each for each in rules if str(each.id) == data.get("rule", "")), None)
        born_on = reader.day("born_on") if data.get("born_on", "").strip() else None
        if born_on and born_on != date.min and not 1900 <= born_on.year <= today.year:
            reader.complain("born_on", "Enter a day of birth between 1900 and today.")
        return reader.errors or cls(rule, born_on)


@dataclass(frozen=True, slots=True)
class HoldForm:
    """Why nothing may be destroyed."""

    reason: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the reason."""
        reader = Reader(data)
        reason = reader.line("reason", most=300, missing="Say why, such as the court and the number of the case.")
        return reader.errors or cls(reason)


@dataclass(frozen=True, slots=True)
class ExceptionForm:
    """Why a record ends before its day: a ground the law knows, and what it is in this case."""

    exception: str
    reason: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the ground and the words."""
        reader = Reader(data)
        exception = reader.choice("exception", EXCEPTIONS, missing="Choose the ground.")
        why = "Say what happened, without clinical words, such as the date of the order."
        reason = reader.line("why", most=300, missing=why)
        return reader.errors or cls(exception, reason)
