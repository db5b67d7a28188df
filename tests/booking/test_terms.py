"""What coming too late or not at all costs, and how the terms read."""

import pytest

from booking.terms import AMOUNT, NONE, PERCENT, WHOLE_PRICE, Fee, hash_of, policy_in_words
from practice.core.money import Money


@pytest.mark.parametrize(
    ("fee", "price", "cents"),
    [
        (Fee(PERCENT, 50), 12001, 6000),
        (Fee(PERCENT, 100), 12000, 12000),
        (Fee(PERCENT, 1), 99, 0),
        (Fee(AMOUNT, 3000), 12000, 3000),
        (Fee(AMOUNT, 30000), 12000, 12000),
        (Fee(NONE, 0), 12000, 0),
        (WHOLE_PRICE, 0, 0),
    ],
)
def test_a_fee_is_a_share_or_an_amount_and_never_above_the_price(fee: Fee, price: int, cents: int) -> None:
    assert fee.of(Money(price, "USD")) == Money(cents, "USD")


def test_the_terms_say_what_each_costs() -> None:
    words = policy_in_words(24, Fee(PERCENT, 50), Fee(AMOUNT, 4000), "USD")
    assert "until 24 hours before it starts" in words
    assert "Cancelling later costs 50 % of the price of the session." in words
    assert "Missing a session costs $40.00, at most the price of the session." in words
    assert "Cancelling later" not in policy_in_words(0, WHOLE_PRICE, WHOLE_PRICE, "USD")
    assert "Missing a session costs nothing." in policy_in_words(1, WHOLE_PRICE, Fee(NONE, 0), "USD")


def test_another_wording_has_another_hash() -> None:
    assert hash_of("a") != hash_of("b")
    assert len(hash_of("a")) == 64
