"""Personal data under a key that is not in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from practice.core.sealing import Keyring, SealBrokenError, new_key
from practice.models import Person

OLD, NEW = new_key(1), new_key(2)


def test_what_was_sealed_opens_for_the_same_context() -> None:
    ring = Keyring.read(NEW)
    assert ring.open(ring.seal(b"+1 555 0100", "people.phone"), "people.phone") == b"+1 555 0100"


def test_a_value_moved_to_another_column_refuses_to_open() -> None:
    ring = Keyring.read(NEW)
    with pytest.raises(SealBrokenError):
        ring.open(ring.seal(b"+1 555 0100", "people.phone"), "people.address")


@pytest.mark.parametrize("position", [0, 1, 5, 20, -1])
def test_an_altered_value_refuses_to_open(position: int) -> None:
    ring = Keyring.read(NEW)
    sealed = bytearray(ring.seal(b"+1 555 0100", "people.phone"))
    sealed[position] ^= 1
    with pytest.raises(SealBrokenError):
        ring.open(bytes(sealed), "people.phone")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    sealed = Keyring.read(OLD).seal(b"hello", "x")
    both = Keyring.read(f"{NEW},{OLD}")
    assert both.open(sealed, "x") == b"hello"
    assert both.seal(b"hello", "x")[1] == 2


@pytest.mark.parametrize(
    "written", ["", "1:short", "0:" + NEW[2:], "nonsense"], ids=["nothing", "too short", "number zero", "nonsense"]
)
def test_a_key_that_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Keyring.read(written)


def test_the_database_holds_no_phone_number(session: scoped_session[Session], alice: Person) -> None:
    alice.phone = "+1 555 0100"
    session.commit()
    stored = session.execute(text("SELECT phone FROM people WHERE id = :id"), {"id": alice.id}).scalar_one()
    assert b"555" not in bytes(stored)
    session.expire_all()
    assert alice.phone == "+1 555 0100"
