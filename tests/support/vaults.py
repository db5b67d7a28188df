"""Keys for everybody a test brings in: their pairs cost nothing, and the test's own context holds them all.

A request holds only what its own browser opened, whatever the test itself holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

from flask import g

from notes.custody import people, vouching
from notes.custody.envelopes import Pair
from notes.custody.holders import Holder, hold, holder_or_none
from notes.custody.models import PersonKey
from notes.custody.passwords import Cost, PasswordKey, seal
from practice.core.db import db
from practice.core.ports import ports
from practice.models import Person
from practice.sign_ins import Visitor

PASSWORD = "a long enough passphrase"
CHEAP = Cost(memory_kib=8, passes=1)
_POOL = 24
_turn = count()


def give_keys(person: Person) -> None:
    """Give somebody flushed but not yet committed a key pair under the tests' password, and hold it."""
    pair, now = _pair(next(_turn) % _POOL), person.created_at
    sealed = seal(_password_key(), pair, person_id=person.id, number=1)
    row = PersonKey(person_id=person.id, number=1, public=pair.public, sealed=sealed, made_at=now, sealed_at=now)
    db.session.add(row)
    vouching.made(row)
    everybody().setdefault(person.id, {})[1] = pair.private
    _hold(everybody(), person.id)


def open_for(visitor: Visitor) -> None:
    """Open a person's vault in the browser they are signed in on, as the password would."""
    seeds = everybody().get(visitor.person.id)
    if seeds is None:
        return
    with held_by(visitor.person):
        people.keep_open(visitor, now=ports().clock.now())


def everybody() -> dict[int, dict[int, bytes]]:
    """Return the private halves of everybody this test brought in, by person and number."""
    found: dict[int, dict[int, bytes]] = g.setdefault("everybody", {})
    return found


def hold_anew() -> None:
    """Hold everybody's keys and nothing they opened so far."""
    _hold(everybody(), 0)


def lent(seeds: dict[int, dict[int, bytes]]) -> None:
    """Hold in another context, such as a thread's, what the test holds in its own (`everybody()`)."""
    everybody().update(seeds)
    _hold(seeds, 0)


@contextmanager
def held_by(*some: Person) -> Iterator[None]:
    """Let only these people's keys be at hand in what the test itself does."""
    before = holder_or_none()
    _hold({person.id: everybody()[person.id] for person in some}, some[-1].id if some else 0)
    try:
        yield
    finally:
        hold(before)


def _hold(seeds: dict[int, dict[int, bytes]], person_id: int) -> None:
    named = {f"person/{who}/{number}": seed for who, held in seeds.items() for number, seed in held.items()}
    hold(Holder(person_id, named) if named else None)


@cache
def _pair(_number: int) -> Pair:
    return Pair.fresh()


@cache
def _password_key() -> PasswordKey:
    return people.password_key(PASSWORD, CHEAP)
