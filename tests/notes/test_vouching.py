"""A public key put in the place of another is noticed: the audit log knows the fingerprint of each."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from notes import jobs, keys, opening
from notes.custody import notices, people, recovery, rings, vouching
from notes.custody.envelopes import Pair
from notes.custody.models import PersonKey, RecoveryKey, RingKey
from notes.models import Note
from notes.vault import VaultDoubtedError
from practice import passwords
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.outbox import OutboxMessage, renderer_of
from practice.models import Person
from practice.trail import growing
from tests.builders import PASSWORD
from tests.fakes import FrozenClock
from tests.notes.scenes import a_draft, a_session
from tests.notes.test_unlocking import enter
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
P256 = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
"""The generator of P-256 (SEC 2, section 2.4.2)."""


@pytest.fixture
def note(ines: Person, alice: Person) -> Note:
    """A draft by Ines about Alice; Ines knows her password."""
    ines.password_hash = passwords.hashed(PASSWORD)
    return a_draft(a_session(ines, alice))


def exchanged(person: Person) -> bytes:
    """Put a public half of somebody else's in the place of a person's."""
    row = people.keys_of(person.id)[-1]
    row.public = Pair.fresh().public
    db.session.commit()
    return row.public


def envelopes_for(name: str) -> int:
    return len(db.session.scalars(select(RingKey).where(RingKey.recipient == name)).all())


def test_nothing_more_is_sealed_for_a_key_put_in_the_place_of_a_clients(
    as_: As, note: Note, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    before = envelopes_for(f"person/{alice.id}/1")
    exchanged(alice)
    keys.renew(note.chart, now=clock.now())
    assert envelopes_for(f"person/{alice.id}/1") == before
    db.session.commit()
    assert "Not the one in the audit log" in as_(alice).get("/account").text
    assert "Not the one in the audit log" in as_(omar).get(f"/people/{alice.id}").text
    assert "Alice Moreau: nothing is sealed" in as_(omar).get("/recovery").text


def test_a_key_that_was_slipped_in_beside_the_true_one_gets_nothing(
    note: Note, alice: Person, clock: FrozenClock
) -> None:
    now, public = clock.now(), Pair.fresh().public
    theirs = PersonKey(person_id=alice.id, number=2, public=public, sealed=b"", made_at=now, sealed_at=now)
    db.session.add(theirs)
    db.session.flush()
    keys.renew(note.chart, now=now)
    assert envelopes_for(theirs.name) == 0


def test_what_the_log_says_later_of_the_same_key_does_not_count(note: Note, alice: Person, clock: FrozenClock) -> None:
    growing.grow()
    row = people.keys_of(alice.id)[-1]
    before = envelopes_for(row.name)
    row.public = Pair.fresh().public
    vouching.made(row)
    db.session.flush()
    keys.renew(note.chart, now=clock.now())
    assert envelopes_for(row.name) == before


def test_no_chart_is_begun_for_a_counselors_key_that_was_exchanged(
    as_: As, ines: Person, ben: Person, clock: FrozenClock
) -> None:
    ours = a_session(ines, ben)
    exchanged(ines)
    with pytest.raises(VaultDoubtedError):
        keys.chart_of(counselor=ines, client=ben, now=clock.now())
    db.session.rollback()
    sent = {"layout": "soap", "base_version": "0", "tab": "t", "subjective": "A first meeting."}
    answer = as_(ines).post(f"/appointments/{ours.id}/note", data=sent)
    assert answer.status_code == 403
    assert "not the one in the audit log" in answer.text


def test_whoever_signs_in_to_an_exchanged_key_is_told_and_gets_a_new_one(
    app: Flask, ines: Person, ben: Person, note: Note
) -> None:
    address = f"/appointments/{note.appointment_id}/note"
    theirs = exchanged(ines)
    browser = enter(app, ines)
    assert "was changed in the database" in browser.get("/today").text
    found = people.keys_of(ines.id)
    assert [row.number for row in found] == [1, 2]
    assert vouching.of_people(found) == [found[1]]
    doubted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "vault.key_doubted")).one()
    assert (doubted.person_id, doubted.detail) == (ines.id, {"number": 1})
    waits = browser.get(address)
    assert waits.status_code == 403
    assert "changed in the database" in waits.text
    assert "password of before" not in waits.text
    assert found[0].public == theirs
    fresh = f"/appointments/{a_session(ines, ben).id}/note"
    sent = {"layout": "soap", "base_version": "0", "tab": "t", "subjective": "A first meeting."}
    assert browser.post(fresh, data=sent).status_code == 303


def test_a_key_taken_away_is_not_made_again_under_its_number(app: Flask, ines: Person, note: Note) -> None:
    db.session.delete(people.keys_of(ines.id)[0])
    db.session.commit()
    enter(app, ines)
    assert [row.number for row in people.keys_of(ines.id)] == [2]


def test_a_recovery_key_that_was_exchanged_gets_nothing_and_shuts_nobody_out(
    app: Flask, as_: As, ines: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    row = recovery.keep(P256, sheets=1, by=omar, now=clock.now())
    assert rings.recovery()
    row.public = b"\x04" + bytes(64)
    db.session.commit()
    assert rings.recovery() == []
    assert enter(app, ines).get(f"/appointments/{note.appointment_id}/note").status_code == 200
    assert "not the key in the audit log" in as_(omar).get("/recovery").text
    assert envelopes_for(db.session.scalars(select(RecoveryKey)).one().name) == 0
    assert opening.words_of(note)


def test_the_command_names_whose_keys_were_exchanged(app: Flask, note: Note, alice: Person) -> None:
    run = app.test_cli_runner()
    db.session.commit()
    assert "Every public key is the one in the audit log." in run.invoke(args=["vault", "check"]).output
    exchanged(alice)
    db.session.remove()
    told = run.invoke(args=["vault", "check"])
    assert told.exit_code == 1
    assert "Alice Moreau" in told.output


def test_whoever_runs_the_practice_is_told_once_of_each_key_that_was_exchanged(
    as_: As, note: Note, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    recovery.keep(P256, sheets=1, by=omar, now=clock.now()).public = b"\x04" + bytes(64)
    exchanged(alice)
    for _ in range(2):
        jobs.doubt_keys(clock.now())
        db.session.commit()
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == notices.DOUBTED)).all()
    assert [message.recipient_id for message in told] == [omar.id, omar.id]
    render = renderer_of(notices.DOUBTED)
    mail = render(told[0], clock.now()) if render else None
    assert mail
    assert "Nothing more is sealed for it" in mail.text
    assert alice.name not in mail.text
    page = as_(omar).get("/recovery").text
    assert "Keys that were found changed" in page
    assert "The recovery key of the practice" in page
