"""What a counselor gets of a session: by percent or fixed, by service, from a day on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.shares.rules import Collected, Rule, rule_for

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def percent(value, *, number=1, from_on=JUNE, service_id=None):
    return Rule(number, "percent", value, "USD", from_on, service_id)


def fixed(cents, *, number=1, from_on=JUNE, service_id=None, currency="USD"):
    return Rule(number, "fixed", cents, currency, from_on, service_id)


@pytest.mark.parametrize(
    ("rule", "collected", "share"),
    [
        (percent(60_00), 120_00, 72_00),
        (percent(66_67), 100, 67),
        (percent(50_00), 1, 1),  # half a cent is rounded up
        (percent(100_00), 119_99, 119_99),
        (percent(0), 120_00, 0),
        (percent(60_00), 0, 0),
        (percent(60_00), -5, 0),
        (fixed(70_00), 120_00, 70_00),
        (fixed(70_00), 40_00, 40_00),  # never more than what came
        (fixed(70_00), 0, 0),
    ],
)
def test_a_share_of_what_was_collected(rule, collected, share):
    assert rule.share_of(collected) == share


@given(value=st.integers(0, 100_00), collected=st.integers(0, 10_000_00))
def test_a_share_is_never_less_than_nothing_nor_more_than_what_came(value, collected):
    assert 0 <= percent(value).share_of(collected) <= collected
    assert 0 <= fixed(value).share_of(collected) <= collected


@pytest.mark.parametrize(
    ("held", "counts"),
    [
        (Collected(paid=120_00, earned=120_00), 120_00),
        (Collected(paid=120_00, earned=90_00), 90_00),  # paid beyond what is asked for: the rest goes back
        (Collected(paid=60_00, earned=120_00), 60_00),
        (Collected(paid=120_00, earned=120_00, held_back=120_00), 0),
        (Collected(earned=120_00), 0),
        (Collected(paid=120_00), 0),
    ],
)
def test_what_counts_is_what_is_here_of_what_was_asked_for(held, counts):
    assert held.counts == counts


def test_the_latest_rule_holds_and_one_for_the_service_goes_before_one_for_all():
    old, new = percent(50_00), percent(60_00, number=2, from_on=JULY)
    couples = percent(80_00, number=3, service_id=7)
    corrected = percent(85_00, number=4, service_id=7)
    rules = [new, couples, old, corrected]

    def chosen(day, service_id):
        return rule_for(rules, day=day, service_id=service_id, currency="USD")

    assert chosen(date(2026, 5, 31), 1) is None
    assert chosen(JUNE, 1) is old
    assert chosen(date(2026, 6, 30), None) is old
    assert chosen(JULY, 1) is new
    assert chosen(JULY, 7) is corrected


def test_a_fixed_share_is_in_its_own_currency():
    euro, whole = fixed(70_00, number=2, currency="EUR"), percent(60_00)
    assert rule_for([euro, whole], day=JULY, service_id=None, currency="USD") is whole
    assert rule_for([euro, whole], day=JULY, service_id=None, currency="EUR") is euro
