"""Who helps right now, in every country we name."""

from __future__ import annotations

import pytest

from practice.crisis import COUNTRIES, Country, ordered


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_every_country_has_an_emergency_number_and_somebody_to_talk_to(country: Country) -> None:
    assert country.emergency_href.removeprefix("tel:").isdigit()
    assert country.lines


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_every_line_can_be_reached_and_names_its_source(country: Country) -> None:
    for line in country.lines:
        assert line.call or line.text, line.name
        assert "." in line.source, line.name


def test_the_country_of_the_practice_comes_first_and_the_others_by_name() -> None:
    first, *others = ordered("nz")
    assert first.name == "New Zealand"
    assert [country.name for country in others] == sorted(country.name for country in others)


def test_an_unknown_country_leaves_them_all_by_name() -> None:
    assert {country.code for country in ordered("ZZ")} == {country.code for country in COUNTRIES}


def test_a_number_is_dialled_without_its_spaces() -> None:
    australia = ordered("AU")[0]
    assert australia.lines[0].call_href == "tel:131114"
    assert australia.lines[0].text_href == "sms:0477131114"
