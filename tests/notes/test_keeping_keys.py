"""Charts leave the master key, get new keys, and the commands of whoever looks after the installation."""

import os
from collections.abc import Callable

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from flask import Flask
from sqlalchemy import delete, select

from notes import keys, opening, services
from notes.custody.master import Masters, bound
from notes.custody.models import PersonKey, RingEpoch
from notes.models import Chart, ChartKey, Note
from notes.vault import Ring, VaultKeyMissingError, VaultRefusedError
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.builders import LONG_AGO
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, SLEEP, a_draft, a_session, a_signed_note
from tests.support import vaults
from tests.support.apps import KEY


@pytest.fixture
def with_master(app: Flask) -> Callable[[str], None]:
    """Start the app anew with other master keys."""

    def restart(vault_key: str) -> None:
        settings = app.extensions["stillpoint.settings"]
        app.extensions["stillpoint.settings"] = settings.model_copy(update={"vault_key": vault_key})

    return restart


def put_under_master(chart: Chart) -> None:
    """Leave a chart as it was before people had keys: one copy of each key, under the master key."""
    master = Masters.read(KEY).keyring.keys[1]
    for epoch in range(1, chart.epoch + 1):
        secret, nonce = keys.key_of(chart, epoch).secret, os.urandom(12)
        wrapped = b"\x01\x01\x01" + nonce + AESGCMSIV(master).encrypt(nonce, secret, bound(chart.id, epoch, 1))
        row = ChartKey(chart_id=chart.id, epoch=epoch, recipient="practice:1", wrapped=wrapped, wrapped_at=LONG_AGO)
        db.session.add(row)
    db.session.execute(delete(RingEpoch).where(RingEpoch.chart_id == chart.id))
    db.session.commit()
    vaults.hold_anew()


def run(app: Flask, *words: str) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["vault", *words])


def test_a_counselors_charts_leave_the_master_key_and_every_word_opens(
    app: Flask, with_master: Callable[[str], None], ines: Person, alice: Person, clock: FrozenClock
) -> None:
    first = a_draft(a_session(ines, alice))
    keys.renew(first.chart, now=clock.now())
    second = a_draft(a_session(ines, alice), HARVEST)
    put_under_master(first.chart)
    with pytest.raises(VaultKeyMissingError):
        opening.words_of(first)
    with_master(KEY)
    ids = first.id, second.id
    assert "1 chart moved" in (said := run(app, "move").output)
    assert "Unset it" in said
    with_master("")
    told = [opening.words_of(db.session.get_one(Note, note_id)) for note_id in ids]
    assert told == [SLEEP, HARVEST]
    assert keys.key_of(db.session.scalars(select(Chart)).one(), ring=Ring.RECORD)
    assert db.session.scalars(select(ChartKey)).all() == []
    assert "vault.moved" in set(db.session.scalars(select(AuditEntry.action)))


def test_charts_wait_for_a_counselor_without_keys(
    app: Flask, with_master: Callable[[str], None], ines: Person, alice: Person
) -> None:
    put_under_master(a_draft(a_session(ines, alice)).chart)
    db.session.execute(delete(PersonKey))
    db.session.commit()
    with_master(KEY)
    said = run(app, "move").output
    assert "0 charts moved" in said
    assert "until these sign in: Ines Calder" in said
    assert "2 people will get keys" in run(app, "check").output


def test_a_move_without_the_master_key_says_so_and_changes_nothing(app: Flask, ines: Person, alice: Person) -> None:
    put_under_master(a_draft(a_session(ines, alice)).chart)
    result = run(app, "move")
    assert result.exit_code == 1
    assert "STILLPOINT_VAULT_KEY, which is not set" in result.output
    assert db.session.scalars(select(ChartKey)).all()


def test_new_keys_for_all_charts_leave_every_earlier_word_open(
    app: Flask, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    ids, ines_id = [a_signed_note(a_session(ines, client)).id for client in (alice, ben)], ines.id
    clock.advance(days=1)
    assert "2 charts got new keys" in run(app, "rotate").output
    assert "0 charts got new keys" in run(app, "rotate").output
    for note_id in ids:
        note = db.session.get_one(Note, note_id)
        assert note.chart.epoch == 2
        assert opening.words_of(note) == SLEEP
        services.amend(note, "Later.", author=db.session.get_one(Person, ines_id), now=clock.now())
        assert note.addenda[0].epoch == 2


def test_a_command_opens_no_note(app: Flask, ines: Person, alice: Person) -> None:
    note = a_draft(a_session(ines, alice))
    with vaults.held_by(alice), pytest.raises(VaultRefusedError):
        opening.words_of(note)
