"""A new field key takes over from the old one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from practice.core import outbox
from practice.core.rotation import reseal
from practice.core.sealing import Keyring, SealBrokenError, new_key
from practice.models import Person
from tests.builders import LONG_AGO


def test_after_a_rotation_the_old_key_is_not_needed(
    app: Flask, session: scoped_session[Session], alice: Person, ben: Person
) -> None:
    alice.phone, old = "+1 555 0100", app.extensions["stillpoint.field_keys"]
    outbox.plan(key="tea", kind="test", due_at=LONG_AGO, now=LONG_AGO, payload={"token": "secret"})
    session.commit()
    key = new_key(2)
    app.extensions["stillpoint.field_keys"] = Keyring({**old.keys, **Keyring.read(key).keys}, 2)
    assert reseal() == 2
    assert reseal() == 0
    app.extensions["stillpoint.field_keys"] = Keyring.read(key)
    session.expire_all()
    assert (alice.phone, ben.phone) == ("+1 555 0100", None)
    app.extensions["stillpoint.field_keys"] = old
    session.expire_all()
    with pytest.raises(SealBrokenError):
        assert alice.phone


def test_a_rotation_leaves_no_row_behind_however_many(session: scoped_session[Session], app: Flask) -> None:
    for number in range(1201):
        outbox.plan(key=f"tea-{number}", kind="test", due_at=LONG_AGO, now=LONG_AGO)
    session.commit()
    old = app.extensions["stillpoint.field_keys"]
    app.extensions["stillpoint.field_keys"] = Keyring({**old.keys, **Keyring.read(new_key(2)).keys}, 2)
    assert reseal() == 1201
    oldest = session.execute(text("SELECT payload FROM outbox_messages")).scalars().all()
    assert {bytes(sealed)[1] for sealed in oldest} == {2}
