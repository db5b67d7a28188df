"""Lawful days, and how far what is billed has come against an estimate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.estimates.rules import Level, Meter, after, business_days, due_on
from practice.core.money import Money

THANKSGIVING = {date(2026, 11, 26)}
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("booked", "session", "due"),
    [
        (MONDAY, date(2026, 12, 7), date(2026, 11, 24)),  # nine business days ahead: Thanksgiving is none
        (MONDAY, date(2026, 12, 8), date(2026, 11, 27)),  # ten: within three, over the holiday
        (MONDAY, date(2026, 11, 27), date(2026, 11, 24)),  # three
        (MONDAY, date(2026, 11, 25), MONDAY),  # two: none is owed, so at once
        (date(2026, 11, 27), date(2026, 12, 4), date(2026, 11, 30)),  # a Friday's next business day is Monday
        (MONDAY, None, date(2026, 11, 27)),  # asked for
        (date(2026, 11, 28), None, date(2026, 12, 2)),  # asked for on a Saturday
    ],
)
def test_an_estimate_is_due_within_one_or_three_business_days(booked, session, due):
    assert due_on(booked, session, THANKSGIVING) == due


@settings(max_examples=40)
@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.integers(0, 30))
def test_counting_days_and_going_on_by_them_agree(day, days):
    later = after(day, days, THANKSGIVING)
    assert business_days(day, later, THANKSGIVING) == days
    assert later - day <= timedelta(days=2 * days + 3)


def usd(amount: int) -> Money:
    return Money(amount * 100, "USD")


@pytest.mark.parametrize(
    ("billed", "ahead", "level"),
    [
        (0, 1000, Level.WITHIN),
        (1000, 0, Level.WITHIN),
        (1000, 1, Level.ABOVE),
        (1000, 399, Level.ABOVE),
        (1000, 400, Level.HEADING),
        (1399, 1, Level.HEADING),
        (1400, 0, Level.PASSED),
        (2000, 0, Level.PASSED),
    ],
)
def test_the_meter_warns_before_a_bill_may_be_disputed(billed, ahead, level):
    meter = Meter(usd(1000), usd(billed), usd(ahead))
    assert meter.level is level
    assert meter.left == usd(1400 - billed)
