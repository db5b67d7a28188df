"""The password opens one's notes, here and now; the database alone, or the cookie alone, opens nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, inspect, select, text

from notes.custody.models import OpenVault, PersonKey, RingKey
from notes.custody.passwords import opened
from notes.models import Note, NoteVersion
from notes.vault import VaultSealBrokenError
from practice import passwords, tokens
from practice.core.db import db
from practice.models import Person
from tests.builders import PASSWORD
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_draft, a_session
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client
from tests.support.tampering import behind_its_back

NEW = "another long passphrase"
WORDS = "Slept five nights"


@pytest.fixture
def note(ines: Person, alice: Person) -> Note:
    """A draft by Ines about Alice; both know their passwords."""
    for person in (ines, alice):
        person.password_hash = passwords.hashed(PASSWORD)
    return a_draft(a_session(ines, alice))


@pytest.fixture
def address(note: Note) -> str:
    """Where the note is written."""
    return f"/appointments/{note.appointment_id}/note"


def enter(app: Flask, person: Person, password: str = PASSWORD) -> PageClient:
    """Sign in as people do."""
    browser = signed_in_client(app, None)
    assert browser.post("/sign-in", data={"email": person.email, "password": password}).status_code == 303
    return browser


def lock() -> None:
    db.session.execute(delete(OpenVault))
    db.session.commit()


def test_signing_in_opens_ones_notes(app: Flask, ines: Person, address: str) -> None:
    assert WORDS in enter(app, ines).get(address).text


def test_a_locked_vault_asks_for_the_password_and_comes_back(app: Flask, ines: Person, address: str) -> None:
    browser = enter(app, ines)
    lock()
    asked = browser.get(address)
    assert asked.status_code == 423
    assert "Unlock your notes" in asked.text
    assert WORDS not in asked.text
    refused = browser.post("/unlock", data={"vault_password": "wrong words", "next": address})
    assert refused.status_code == 422
    assert "not your password" in refused.text
    back = browser.post("/unlock", data={"vault_password": PASSWORD, "next": address})
    assert back.headers["Location"] == address
    assert WORDS in browser.get(address).text


def test_words_sent_to_a_locked_vault_are_kept_and_saved_with_the_password(
    app: Flask, ines: Person, note: Note, address: str
) -> None:
    browser = enter(app, ines)
    lock()
    sent = {"layout": "soap", "base_version": "1", "tab": "the first", "subjective": "She laughed about it."}
    asked = browser.post(address, data=sent)
    assert asked.status_code == 423
    assert "Nothing you wrote is lost" in asked.text
    assert 'value="She laughed about it."' in asked.text
    wrong = browser.post(address, data=sent | {"vault_password": "wrong words"})
    assert wrong.status_code == 422
    assert 'value="She laughed about it."' in wrong.text
    assert browser.post(address, data=sent | {"vault_password": PASSWORD}).status_code == 303
    assert "She laughed about it." in browser.get(address).text
    assert len(db.session.scalars(select(NoteVersion).where(NoteVersion.note_id == note.id)).all()) >= 1


def test_a_script_is_told_where_to_unlock(app: Flask, ines: Person, address: str) -> None:
    browser = enter(app, ines)
    lock()
    sent = {"layout": "soap", "base_version": "1", "tab": "the first", "subjective": "She laughed about it."}
    answer = browser.post(address, data=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["address"].startswith("/unlock")


def test_a_script_unlocks_in_place(app: Flask, ines: Person, address: str) -> None:
    browser, script = enter(app, ines), {"Accept": "application/json"}
    lock()
    wrong = browser.post("/unlock", data={"vault_password": "wrong words"}, headers=script)
    assert (wrong.status_code, wrong.json) == (422, {"message": "That is not your password."})
    assert browser.post("/unlock", data={"vault_password": PASSWORD}, headers=script).status_code == 204
    assert WORDS in browser.get(address).text


def test_row_and_cookie_open_only_together(app: Flask, ines: Person, address: str) -> None:
    enter(app, ines)
    row = db.session.scalars(select(OpenVault)).one()
    with pytest.raises(VaultSealBrokenError):
        opened(bytes(32), row.sealed, person_id=ines.id, sign_in_id=row.sign_in_id)
    other = enter(app, ines)
    rows = db.session.scalars(select(OpenVault).order_by(OpenVault.sign_in_id)).all()
    rows[1].sealed = rows[0].sealed
    db.session.commit()
    assert other.get(address).status_code == 500
    lock()
    assert other.get(address).status_code == 423


def test_signing_out_forgets_what_was_open(app: Flask, ines: Person, address: str) -> None:
    browser = enter(app, ines)
    browser.post("/sign-out")
    assert db.session.scalars(select(OpenVault)).all() == []
    assert browser.get(address).status_code == 303


def test_a_new_password_opens_the_notes_and_the_old_one_does_not(app: Flask, ines: Person, address: str) -> None:
    browser = enter(app, ines)
    changed = {"current_password": PASSWORD, "password": NEW}
    assert browser.post("/account/password", data=changed).status_code == 303
    assert WORDS in browser.get(address).text
    assert WORDS in enter(app, ines, NEW).get(address).text
    assert len(db.session.scalars(select(PersonKey).where(PersonKey.person_id == ines.id)).all()) == 1


def reset(app: Flask, person: Person, clock: FrozenClock) -> PageClient:
    """Choose a new password by a link."""
    _, secret = tokens.issue("reset_password", person_id=person.id, now=clock.now())
    db.session.commit()
    browser = signed_in_client(app, None)
    assert browser.post(f"/password/new/{secret}", data={"password": NEW}).status_code == 303
    return browser


def test_after_a_reset_the_notes_wait_for_the_recovery_key_and_new_ones_open(
    app: Flask, ines: Person, ben: Person, address: str, clock: FrozenClock
) -> None:
    browser = reset(app, ines, clock)
    waits = browser.get(address)
    assert waits.status_code == 403
    assert "Your notes wait for the recovery key" in waits.text
    fresh = f"/appointments/{a_session(ines, ben).id}/note"
    sent = {"layout": "soap", "base_version": "0", "tab": "t", "subjective": "A first meeting."}
    assert browser.post(fresh, data=sent).status_code == 303
    assert "A first meeting." in browser.get(fresh).text


def test_somebody_without_keys_gets_them_with_their_password(
    app: Flask, ines: Person, ben: Person, clock: FrozenClock
) -> None:
    ines.password_hash = passwords.hashed(PASSWORD)
    db.session.execute(delete(PersonKey).where(PersonKey.person_id == ines.id))
    behind_its_back("DELETE FROM audit_entries WHERE action = 'vault.key_made'")
    browser = enter(app, ines)
    fresh = f"/appointments/{a_session(ines, ben).id}/note"
    sent = {"layout": "soap", "base_version": "0", "tab": "t", "subjective": "A first meeting."}
    assert browser.post(fresh, data=sent).status_code == 303
    assert "A first meeting." in browser.get(fresh).text
    assert db.session.scalars(select(PersonKey.number).where(PersonKey.person_id == ines.id)).all() == [1]


def test_a_counselors_browser_opens_nobody_elses_notes(
    as_: Callable[[Person], PageClient], clara: Person, note: Note
) -> None:
    assert as_(clara).get(f"/appointments/{note.appointment_id}/note").status_code == 404


def test_a_client_gets_their_envelope_when_their_counselor_next_signs_in(app: Flask, ines: Person, note: Note) -> None:
    alice_id = note.chart.client_id
    db.session.execute(delete(RingKey).where(RingKey.person_id == alice_id))
    db.session.commit()
    enter(app, ines)
    assert len(db.session.scalars(select(RingKey).where(RingKey.person_id == alice_id)).all()) == 1


def test_a_dump_with_open_vaults_and_every_server_secret_opens_no_note(
    app: Flask, ines: Person, alice: Person, note: Note, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    enter(app, ines).get(address)
    enter(app, alice)
    dump = {
        table: [tuple(row) for row in db.session.execute(text(f'SELECT * FROM "{table}"'))]
        for table in inspect(db.session.connection()).get_table_names()
    }
    secrets = app.extensions["stillpoint.settings"].model_dump(mode="json")
    found = repr(dump).lower() + repr(secrets).lower() + caplog.text.lower()
    for word in ("slept", "wakes", "worry", "evening walk", "new post"):
        assert word not in found
    _nothing_opens(dump, [str(value).encode() for value in secrets.values()])
    assert SLEEP.sections["plan"] not in found


def _nothing_opens(dump: dict[str, list[tuple[object, ...]]], secrets: list[bytes]) -> None:
    """Try every secret of the server, and every short value of the database, as the key of every open vault."""
    values = [value for rows in dump.values() for row in rows for value in row]
    candidates = [*secrets, *(value for value in values if isinstance(value, bytes) and len(value) <= 96)]
    candidates += [
        bytes.fromhex(value) for value in values if isinstance(value, str) and len(value) == 64 and _is_hex(value)
    ]
    tried = {candidate[:32].ljust(32, b"\0") for candidate in candidates}
    for row in db.session.scalars(select(OpenVault)):
        for key in tried:
            with pytest.raises(VaultSealBrokenError):
                opened(key, row.sealed, person_id=row.person_id, sign_in_id=row.sign_in_id)


def _is_hex(value: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in value)
