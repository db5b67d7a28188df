"""Spans, money and how both read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.core import formats
from practice.core.money import CurrencyMismatchError, Money
from practice.core.spans import NaiveInstantError, Span

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_spans_that_touch_do_not_overlap() -> None:
    assert not Span.lasting(NOON, 50).overlaps(Span.lasting(NOON + timedelta(minutes=50), 50))


def test_spans_that_share_a_minute_overlap() -> None:
    assert Span.lasting(NOON, 50).overlaps(Span.lasting(NOON + timedelta(minutes=49), 50))


def test_a_span_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Span(NOON, NOON)


def test_a_span_needs_to_know_its_offset() -> None:
    with pytest.raises(NaiveInstantError):
        Span(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 -- the naive instant is the point


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("120", 12000), ("120.5", 12050), ("1,250.00", 125000), ("$80", 8000), (" 0.01 ", 1), ("-5", -500)],
)
def test_an_amount_is_read_as_people_type_it(typed: str, cents: int) -> None:
    assert Money.read(typed, "USD") == Money(cents, "USD")


@pytest.mark.parametrize("typed", ["", "abc", "1.234", "NaN", "Infinity", "1e999", "--1"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        Money.read(typed, "USD")


def test_amounts_in_two_currencies_never_meet() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money(1, "USD") + Money(1, "EUR")


@given(st.integers(-(10**12), 10**12))
def test_an_amount_written_plainly_reads_back(cents: int) -> None:
    assert Money.read(Money(cents, "EUR").plain, "EUR").cents == cents


def test_amounts_read_with_their_symbol() -> None:
    assert [str(Money(cents, "USD")) for cents in (120000, 5, -4250)] == ["$1,200.00", "$0.05", "−$42.50"]


def test_a_zone_is_named_with_its_offset_at_that_instant() -> None:
    assert formats.zone_name("Europe/Berlin", NOON) == "Berlin time (UTC+1)"
    assert formats.zone_name("Asia/Kolkata", NOON) == "Kolkata time (UTC+5:30)"
    assert formats.zone_name("America/New_York", NOON) == "New York time (UTC−5)"


def test_an_instant_reads_on_the_clock_of_its_reader() -> None:
    assert formats.when(NOON, "America/New_York") == "Monday 23 November, 07:00"


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (90000, "1 day ago")]
)
def test_the_past_reads_in_words(seconds: int, words: str) -> None:
    assert formats.ago(NOON - timedelta(seconds=seconds), NOON) == words
