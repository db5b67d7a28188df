"""Where people are, and whether a licence reaches there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol

from practice.countries import COUNTRIES

ALONE, NOT_ALONE, UNSAID = "alone", "not_alone", "unsaid"
PRIVACY = (ALONE, NOT_ALONE, UNSAID)

REGIONS = {
    "US": {
        "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
        "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
        "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
        "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
        "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
        "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
        "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
        "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
        "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
        "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    },
    "CA": {
        "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador", "NT": "Northwest Territories", "NS": "Nova Scotia", "NU": "Nunavut",
        "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
    },
    "AU": {
        "ACT": "Australian Capital Territory", "NSW": "New South Wales", "NT": "Northern Territory",
        "QLD": "Queensland", "SA": "South Australia", "TAS": "Tasmania", "VIC": "Victoria",
        "WA": "Western Australia",
    },
}  # fmt: skip
"""The parts that license for themselves, by country and postal code (ISO 3166-2)."""

_OTHER_NAMES = {"GB": ("uk", "great britain", "england"), "US": ("usa", "united states of america")}


class Licensed(StrEnum):
    """What comparing a place with licences comes to."""

    COVERED = "covered"
    ELSEWHERE = "elsewhere"
    UNTOLD = "untold"
    UNLISTED = "unlisted"


class Licence(Protocol):
    """Leave to practise in one place, as its holder wrote it down."""

    @property
    def place(self) -> str:
        """Where."""
        ...

    @property
    def expires_on(self) -> date | None:
        """The last day, if it has one."""
        ...


def region_named(country: str, text: str) -> str | None:
    """Find a part of a country by name or postal code; None when the country is listed and has no such part."""
    text = " ".join(text.split())
    known = REGIONS.get(country)
    if known is None:
        return text
    if text.upper() in known:
        return known[text.upper()]
    return next((name for name in known.values() if name.casefold() == text.casefold()), None)


def needs_region(country: str) -> bool:
    """Tell whether licences of a country are given by its parts."""
    return country in REGIONS


def licensed(licences: Iterable[Licence], country: str, region: str, *, today: date) -> Licensed:
    """Compare where somebody is with the places of the licences that have not run out."""
    standing = [each for each in licences if each.expires_on is None or each.expires_on >= today]
    if not country:
        return Licensed.UNTOLD
    if not standing:
        return Licensed.UNLISTED
    here = _names_of_country(country) | _names_of_region(country, region)
    return Licensed.COVERED if any(_plain(each.place) in here for each in standing) else Licensed.ELSEWHERE


def words(country: str, region: str) -> str:
    """Write a place as one reads it: `Ohio, United States`."""
    return ", ".join(part for part in (region, COUNTRIES.get(country, country)) if part)


def _names_of_country(country: str) -> set[str]:
    codes = {country.casefold()} if country not in REGIONS else set()
    return codes | {_plain(COUNTRIES.get(country, country)), *_OTHER_NAMES.get(country, ())}


def _names_of_region(country: str, region: str) -> set[str]:
    if not region:
        return set()
    codes = {code.casefold() for code, name in REGIONS.get(country, {}).items() if name == region}
    return codes | {_plain(region)}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
