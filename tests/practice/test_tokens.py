"""One-time links work once, for a while, and for what they were made for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from practice import tokens
from practice.core.db import db
from practice.models import Person, Token
from tests.fakes import FrozenClock


def test_a_link_works_once(alice: Person, clock: FrozenClock) -> None:
    _, secret = tokens.issue("reset_password", person_id=alice.id, now=clock.now())
    assert tokens.use("reset_password", secret, now=clock.now()) is not None
    assert tokens.use("reset_password", secret, now=clock.now()) is None
    assert tokens.find("reset_password", secret, now=clock.now()) is None


def test_the_table_does_not_hold_the_secret(alice: Person, clock: FrozenClock) -> None:
    token, secret = tokens.issue("reset_password", person_id=alice.id, now=clock.now())
    assert secret not in {token.token_hash, str(token.payload)}
    assert len(token.token_hash) == 64


@pytest.mark.parametrize(
    ("purpose", "life"),
    [
        ("reset_password", timedelta(hours=1)),
        ("confirm_email", timedelta(days=2)),
        ("change_email", timedelta(days=2)),
        ("invitation", timedelta(days=7)),
    ],
)
def test_a_link_works_until_its_last_second(alice: Person, clock: FrozenClock, purpose: str, life: timedelta) -> None:
    _, secret = tokens.issue(purpose, person_id=alice.id, now=clock.now())
    assert tokens.find(purpose, secret, now=clock.now() + life - timedelta(seconds=1)) is not None
    assert tokens.find(purpose, secret, now=clock.now() + life) is None
    assert tokens.use(purpose, secret, now=clock.now() + life) is None


def test_a_link_is_good_for_one_thing_only(alice: Person, clock: FrozenClock) -> None:
    _, secret = tokens.issue("confirm_email", person_id=alice.id, now=clock.now())
    assert tokens.use("reset_password", secret, now=clock.now()) is None


def test_a_revoked_link_is_dead_and_others_are_not(alice: Person, ben: Person, clock: FrozenClock) -> None:
    _, hers = tokens.issue("reset_password", person_id=alice.id, now=clock.now())
    _, his = tokens.issue("reset_password", person_id=ben.id, now=clock.now())
    tokens.revoke("reset_password", person_id=alice.id, now=clock.now())
    assert tokens.find("reset_password", hers, now=clock.now()) is None
    assert tokens.find("reset_password", his, now=clock.now()) is not None


@pytest.mark.race
def test_of_many_who_use_a_link_at_once_one_gets_it(app: Flask, alice: Person, clock: FrozenClock) -> None:
    _, secret = tokens.issue("reset_password", person_id=alice.id, now=clock.now())
    db.session.commit()
    now = clock.now()

    def use(_number: int) -> bool:
        with app.app_context():
            got = tokens.use("reset_password", secret, now=now) is not None
            db.session.commit()
            return got

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_old_links_are_deleted_a_month_later(alice: Person, clock: FrozenClock) -> None:
    tokens.issue("reset_password", person_id=alice.id, now=clock.now())
    db.session.commit()
    assert tokens.purge(now=clock.now() + timedelta(days=30)) == 0
    assert tokens.purge(now=clock.now() + timedelta(days=31)) == 1
    assert db.session.query(Token).count() == 0
