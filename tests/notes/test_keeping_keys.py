"""Commands for whoever keeps the keys."""

import base64
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from notes import keys, opening
from notes.models import Chart, ChartKey, Note
from notes.vault import VaultKeyMissingError, VaultSealBrokenError
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_draft, a_session, a_signed_note
from tests.support.apps import KEY

NEW = f"2:{base64.b64encode(b'n' * 32).decode()}"


@pytest.fixture
def with_keys(app: Flask) -> Callable[[str], None]:
    """Start the app anew with other master keys."""

    def restart(vault_key: str) -> None:
        settings = app.extensions["stillpoint.settings"]
        app.extensions["stillpoint.settings"] = settings.model_copy(update={"vault_key": vault_key})

    return restart


def run(app: Flask, *words: str) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["vault", *words])


def test_a_fresh_key_is_in_the_form_the_setting_wants(app: Flask, with_keys: Callable[[str], None]) -> None:
    printed = run(app, "key", "--number", "7").output.strip()
    with_keys(printed)
    assert keys.vault().recipient == "practice:7"
    assert run(app, "key").output != run(app, "key").output


def test_rotation_wraps_every_key_anew_and_every_note_still_opens(
    app: Flask, with_keys: Callable[[str], None], ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    note_id = a_signed_note(a_session(ines, alice)).id
    chart = a_draft(a_session(ines, ben)).chart
    keys.renew(chart, now=clock.now())
    db.session.commit()
    with_keys(f"{NEW},{KEY}")
    assert "3 chart keys wrapped for practice:2" in run(app, "rotate").output
    assert set(db.session.scalars(select(ChartKey.recipient))) == {"practice:2"}
    with_keys(NEW)
    assert "Every note opens" in run(app, "check").output
    assert opening.words_of(db.session.get_one(Note, note_id)) == SLEEP
    assert "0 chart keys" in run(app, "rotate").output
    assert list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("vault")))) == [
        "vault.rotated"
    ]


def test_rotation_leaves_keys_wrapped_for_others_alone(
    app: Flask, with_keys: Callable[[str], None], ines: Person, alice: Person, clock: FrozenClock
) -> None:
    chart = a_draft(a_session(ines, alice)).chart
    other = ChartKey(chart_id=chart.id, epoch=1, recipient="person:7", wrapped=b"theirs", wrapped_at=clock.now())
    db.session.add(other)
    db.session.commit()
    with_keys(f"{NEW},{KEY}")
    assert "1 chart key wrapped" in run(app, "rotate").output
    assert set(db.session.scalars(select(ChartKey.recipient))) == {"practice:2", "person:7"}
    assert keys.key_of(db.session.scalars(select(Chart)).one())


def test_a_rotation_without_the_old_key_says_so_and_changes_nothing(
    app: Flask, with_keys: Callable[[str], None], ines: Person, alice: Person
) -> None:
    a_draft(a_session(ines, alice))
    with_keys(NEW)
    result = run(app, "rotate")
    assert result.exit_code == 1
    assert "Master key 1" in result.output
    assert set(db.session.scalars(select(ChartKey.recipient))) == {"practice:1"}


def test_without_any_key_the_commands_say_how_to_make_one(app: Flask, with_keys: Callable[[str], None]) -> None:
    with_keys("")
    result = run(app, "rotate")
    assert result.exit_code == 1
    assert "flask vault key" in result.output


def test_the_check_names_what_does_not_open(app: Flask, ines: Person, alice: Person, ben: Person) -> None:
    a_draft(a_session(ines, alice))
    broken = a_signed_note(a_session(ines, ben))
    broken_id = broken.id
    db.session.execute(text("UPDATE chart_keys SET epoch = 9 WHERE chart_id = :c"), {"c": broken.chart_id})
    db.session.commit()
    result = run(app, "check")
    assert result.exit_code == 1
    assert f"note {broken_id} does not open" in result.output
    assert "1 note refused to open" in result.output


def test_a_note_under_a_missing_master_key_says_which(
    app: Flask, with_keys: Callable[[str], None], ines: Person, alice: Person
) -> None:
    note = a_draft(a_session(ines, alice))
    with_keys(NEW)
    with pytest.raises(VaultKeyMissingError, match="Master key 1"):
        opening.words_of(note)
    with_keys(KEY)
    db.session.execute(text("DELETE FROM chart_keys"))
    with pytest.raises(VaultSealBrokenError):
        opening.words_of(note)
