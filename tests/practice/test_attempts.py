"""How often one may try, whoever counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from practice import attempts
from practice.core.db import db
from practice.models import Attempt
from tests.fakes import FrozenClock

HERE, THERE = "192.0.2.7", "198.51.100.9"
MOST = attempts.LIMITS["sign_in"].account


def tries(times: int, clock: FrozenClock, *, account: str = "alice@example.org", address: str = HERE) -> None:
    for _ in range(times):
        attempts.count("sign_in", account=account, address=address, now=clock.now())


def test_an_account_has_ten_tries_from_anywhere(app: Flask, clock: FrozenClock) -> None:
    tries(MOST, clock)
    with pytest.raises(attempts.TooManyAttemptsError):
        tries(1, clock, address=THERE)


def test_the_case_of_an_address_makes_no_new_account(app: Flask, clock: FrozenClock) -> None:
    tries(MOST, clock)
    with pytest.raises(attempts.TooManyAttemptsError):
        tries(1, clock, account=" Alice@Example.org ")


def test_an_address_has_thirty_tries_at_any_accounts(app: Flask, clock: FrozenClock) -> None:
    for number in range(attempts.LIMITS["sign_in"].address):
        tries(1, clock, account=f"{number}@example.org")
    with pytest.raises(attempts.TooManyAttemptsError):
        tries(1, clock, account="another@example.org")
    tries(1, clock, account="another@example.org", address=THERE)


def test_one_household_of_ipv6_counts_as_one_address(app: Flask, clock: FrozenClock) -> None:
    for number in range(attempts.LIMITS["sign_in"].address):
        tries(1, clock, account=f"{number}@example.org", address=f"2001:db8:1:2::{number:x}")
    with pytest.raises(attempts.TooManyAttemptsError):
        tries(1, clock, account="another@example.org", address="2001:db8:1:2:ffff::1")
    tries(1, clock, account="another@example.org", address="2001:db8:1:3::1")


def test_the_wait_ends_when_the_first_try_is_fifteen_minutes_old(app: Flask, clock: FrozenClock) -> None:
    tries(1, clock)
    clock.advance(minutes=10)
    tries(MOST - 1, clock)
    with pytest.raises(attempts.TooManyAttemptsError) as refused:
        tries(1, clock)
    assert refused.value.wait == timedelta(minutes=5)
    clock.advance(minutes=5)
    tries(1, clock)


def test_a_refused_try_does_not_make_the_wait_longer(app: Flask, clock: FrozenClock) -> None:
    tries(MOST, clock)
    clock.advance(minutes=14)
    with pytest.raises(attempts.TooManyAttemptsError):
        tries(1, clock)
    clock.advance(minutes=1)
    tries(1, clock)


def test_who_proved_themselves_starts_anew(app: Flask, clock: FrozenClock) -> None:
    tries(MOST, clock)
    attempts.forget("sign_in", account="alice@example.org")
    tries(1, clock)


def test_the_table_names_nobody(app: Flask, clock: FrozenClock) -> None:
    tries(1, clock)
    kept = " ".join(db.session.scalars(db.select(Attempt.bucket)))
    assert "alice" not in kept
    assert HERE not in kept


def test_what_no_longer_counts_is_deleted(app: Flask, clock: FrozenClock) -> None:
    tries(2, clock)
    assert attempts.purge(now=clock.now() + timedelta(minutes=30)) == 0
    assert attempts.purge(now=clock.now() + timedelta(minutes=31)) == 4


@pytest.mark.race
def test_many_at_once_get_exactly_as_many_tries(app: Flask, clock: FrozenClock) -> None:
    now = clock.now()

    def one(_number: int) -> bool:
        with app.app_context():
            try:
                attempts.count("sign_in", account="alice@example.org", address=HERE, now=now)
            except attempts.TooManyAttemptsError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == MOST
