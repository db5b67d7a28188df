"""The public holidays of a country or a part of it, from the `holidays` library, slow and so loaded when asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

LONGEST_PART = 10


def countries() -> list[tuple[str, str]]:
    """Return the code and the name of every country that is known, by name."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 -- slow, and few pages need it

    return sorted(((codes[1], _title(name)) for name, codes in COUNTRIES.items()), key=lambda each: each[1])


def parts_of(country: str) -> list[tuple[str, str]]:
    """Return the code and the name of every part of a country that keeps days of its own, by name."""
    calendar = _calendar(country, "", ())
    if calendar is None:
        return []
    names = calendar.get_subdivision_aliases()
    found = [(code, (names.get(code) or [code])[0]) for code in calendar.subdivisions if len(code) <= LONGEST_PART]
    return sorted(found, key=lambda each: each[1])


def days_of(country: str, part: str, years: Iterable[int]) -> Mapping[date, tuple[str, ...]]:
    """Return the holidays of these years in order, by day; none for a country or a part that is not known."""
    calendar = _calendar(country, part, tuple(years))
    if calendar is None:
        return {}
    return {day: tuple(name[:120] for name in calendar.get_list(day)) for day in sorted(calendar)}


def known(country: str, part: str) -> bool:
    """Tell whether there is such a country with such a part; the empty part is the whole."""
    return any(country == code for code, _ in countries()) and (
        not part or any(part == code for code, _ in parts_of(country))
    )


def _calendar(country: str, part: str, years: tuple[int, ...]) -> HolidayBase | None:
    from holidays import country_holidays  # noqa: PLC0415 -- slow, and few pages need it

    try:
        return country_holidays(country, subdiv=part or None, years=years, language="en_US")
    except (NotImplementedError, KeyError):
        return None


def _title(name: str) -> str:
    words = name.replace("_", " ").title()
    return words.replace(" And ", " and ").replace(" Of ", " of ").replace(" The ", " the ")
