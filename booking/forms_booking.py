"""What a client sends on the way to a session: filters, a time, a reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader

FEES = {"60": "up to 60", "100": "up to 100", "140": "up to 140", "200": "up to 200", "300": "up to 300"}
"""The highest fees to filter by, in whole units of the practice's currency."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a counselor must offer; an empty word asks for nothing."""

    specialty: str = ""
    language: str = ""
    place: str = ""
    fee: str = ""
    page: int = 1

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self:
        """Read an address; whatever makes no sense asks for nothing."""
        page = data.get("page", "")
        return cls(
            specialty=data.get("specialty", "").strip()[:60],
            language=data.get("language", "").strip()[:40],
            place=data.get("place", "").strip()[:60],
            fee=data.get("fee", "") if data.get("fee", "") in FEES else "",
            page=int(page) if re.fullmatch(r"[1-9]\d{0,3}", page) else 1,
        )

    @property
    def values(self) -> Mapping[str, Any]:
        """What is asked for, by the name of its field."""
        asked = {"specialty": self.specialty, "language": self.language, "place": self.place, "fee": self.fee}
        return {name: value for name, value in asked.items() if value}

    def without(self, name: str) -> Filters:
        """Ask for everything but one thing, from the first page on."""
        return Filters.parse(MultiDict({kept: value for kept, value in self.values.items() if kept != name}))

    @property
    def messages(self) -> Mapping[str, str]:
        """Filters are never wrong."""
        return {}

    @property
    def fee_cents(self) -> int | None:
        """The highest fee, in cents."""
        return int(self.fee) * 100 if self.fee else None


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """A service and the instant at which it should begin."""

    service_id: int
    starts_at: datetime
    mode: str | None = None

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read what the picker sent; no way of meeting is the usual one."""
        reader = Reader(data)
        service_id = data.get("service_id", "")
        if not re.fullmatch(r"\d{1,9}", service_id):
            reader.complain("service_id", "Choose a kind of session.")
        starts_at = instant(data.get("starts_at", ""))
        if starts_at is None:
            reader.complain("starts_at", "Choose a time.")
        if (errors := reader.errors) is not None or starts_at is None:
            return errors or Errors({})
        return cls(int(service_id), starts_at, data.get("mode", "")[:20] or None)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A few words to the other side; none are needed from a client."""

    reason: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, words_needed: bool) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        reason = reader.text(
            "reason",
            most=500,
            required=words_needed,
            missing="Write a few words to your client, so that they know why.",
        )
        return reader.errors or cls(reason)


def instant(text: str) -> datetime | None:
    """Read an aware instant to the minute in UTC, or None."""
    try:
        read = datetime.fromisoformat(text[:40].replace(" ", "+"))
    except ValueError:
        return None
    try:
        return None if read.utcoffset() is None else read.astimezone(UTC).replace(second=0, microsecond=0)
    except OverflowError:
        return None


def day(text: str | None) -> date | None:
    """Read a day from an address, or None."""
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
