"""What a counselor types to have a calendar read, and what anybody chooses for their own feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.calendars import addresses
from booking.calendars.addresses import AddressRefusedError
from booking.models.calendars import INITIALS, TITLES
from practice.core.forms import Errors, Reader


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar to read."""

    label: str
    address: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, loopback: bool) -> Self | Errors:
        """Read the form; the address is looked at, not yet asked."""
        reader = Reader(data)
        label = reader.text("label", most=80, missing="Give the calendar a name, such as Private.")
        address = reader.text("address", most=addresses.LONGEST, missing="Paste the calendar’s address.")
        if address:
            try:
                address = str(addresses.read(address, loopback=loopback))
            except AddressRefusedError as refusal:
                reader.complain("address", str(refusal))
        return reader.errors or cls(label, address)


@dataclass(frozen=True, slots=True)
class FeedTitles:
    """What entries in one's own feed are called."""

    titles: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, counselor: bool) -> Self | Errors:
        """Read the choice; initials are for counselors."""
        reader = Reader(data)
        titles = reader.choice("titles", [each for each in TITLES if counselor or each != INITIALS])
        return reader.errors or cls(titles)
