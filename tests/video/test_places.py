"""Whether a licence reaches where somebody is."""

from __future__ import annotations

from datetime import date

import pytest

from practice.models import Licence
from video.arrivals.places import Licensed, licensed, region_named, words

TODAY = date(2026, 11, 24)


def a_licence(place: str, expires_on: date | None = None) -> Licence:
    return Licence(kind="LMHC", number="1", place=place, expires_on=expires_on)


@pytest.mark.parametrize(
    ("place", "country", "region", "found"),
    [
        ("New York", "US", "New York", Licensed.COVERED),
        (" new  york ", "US", "New York", Licensed.COVERED),
        ("NY", "US", "New York", Licensed.COVERED),
        ("New York", "US", "Ohio", Licensed.ELSEWHERE),
        ("CA", "US", "California", Licensed.COVERED),
        ("CA", "CA", "Ontario", Licensed.ELSEWHERE),
        ("DE", "US", "Delaware", Licensed.COVERED),
        ("DE", "DE", "Berlin", Licensed.COVERED),
        ("Berlin", "DE", "Berlin", Licensed.COVERED),
        ("Berlin", "DE", "", Licensed.ELSEWHERE),
        ("United Kingdom", "GB", "Wales", Licensed.COVERED),
        ("UK", "GB", "", Licensed.COVERED),
        ("Canada", "CA", "Quebec", Licensed.COVERED),
        ("Western Australia", "AU", "Western Australia", Licensed.COVERED),
        ("WA", "US", "Washington", Licensed.COVERED),
        ("New York", "", "", Licensed.UNTOLD),
    ],
)
def test_a_licence_reaches_the_places_it_names(place: str, country: str, region: str, found: Licensed) -> None:
    assert licensed([a_licence(place)], country, region, today=TODAY) is found


@pytest.mark.parametrize(("expires_on", "found"), [(TODAY, Licensed.COVERED), (date(2026, 11, 23), Licensed.UNLISTED)])
def test_a_licence_counts_through_its_last_day(expires_on: date, found: Licensed) -> None:
    assert licensed([a_licence("New York", expires_on)], "US", "New York", today=TODAY) is found


@pytest.mark.parametrize(
    ("country", "text", "name"),
    [
        ("US", "oh", "Ohio"),
        ("US", " new  york", "New York"),
        ("US", "Bavaria", None),
        ("DE", "Bavaria", "Bavaria"),
        ("DE", "", ""),
    ],
)
def test_states_are_known_by_name_and_postal_code(country: str, text: str, name: str | None) -> None:
    assert region_named(country, text) == name


def test_a_place_reads_as_one_writes_it() -> None:
    assert words("US", "Ohio") == "Ohio, United States"
    assert words("FR", "") == "France"
