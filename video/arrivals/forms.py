"""What a client types before going in, and a counselor's reason to meet all the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader
from practice.countries import COUNTRIES
from practice.forms.accounts import read_phone
from video.arrivals.places import ALONE, NOT_ALONE, REGIONS, UNSAID, needs_region, region_named

SAME, UNTOLD = "same", "untold"
NOWHERE = {"country": "", "region": "", "address": "", "phone": "", "contact_name": "", "contact_phone": ""}


@dataclass(frozen=True, slots=True)
class Told:
    """Where a client is, how to reach them, and whether they can talk freely."""

    said: dict[str, Any]
    privacy: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, last: dict[str, Any] | None) -> Self | Errors:
        """Read the form: all as last time, rather not said, or written anew."""
        reader = Reader(data)
        if data.get("where") == UNTOLD:
            return cls(dict(NOWHERE), UNSAID)
        privacy = reader.choice("privacy", (ALONE, NOT_ALONE), missing="Say whether you can talk freely.")
        if data.get("where") == SAME and last is not None:
            return reader.errors or cls(dict(last), privacy)
        return cls._written(reader, privacy)

    @classmethod
    def _written(cls, reader: Reader, privacy: str) -> Self | Errors:
        country = reader.choice("country", COUNTRIES, missing="Choose the country you are in.")
        said = {
            "country": country,
            "region": _region(reader, country),
            "address": reader.text("address", most=200, missing="Write where you are, so that help could find you."),
            "phone": read_phone(reader, country, required=True, missing="Enter a number we can call you back on."),
            "contact_name": reader.text("contact_name", most=120, required=False),
            "contact_phone": read_phone(reader, country, "contact_phone") or "",
        }
        return reader.errors or cls(said, privacy)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a counselor meets somebody whose place no licence of theirs names."""

    text: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the reason."""
        reader = Reader(data)
        text = reader.text("reason", most=500, least=5, missing="Write why you meet all the same.")
        return reader.errors or cls(text)


def _region(reader: Reader, country: str) -> str:
    text = reader.text("region", most=60, required=needs_region(country), missing="Enter the state or province.")
    region = region_named(country, text) if text else ""
    if region is None:
        names = list(REGIONS[country].values())
        reader.complain("region", f"Enter a state or province such as {names[0]}, or its postal code.")
    return region or ""
