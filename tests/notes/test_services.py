"""Writing, signing and amending: nothing overwritten unseen, nothing signed changed."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from notes import keys, opening, services
from notes.custody.models import PersonKey
from notes.layouts import FREE, SOAP
from notes.models import NoteVersion
from notes.services import NoteClosedError, NothingToSignError, VersionConflictError
from notes.vault import VaultLockedError, VaultNotMadeError, VaultRefusedError
from notes.words import Words
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, LETTER, SLEEP, a_draft, a_session, a_signed_note
from tests.support import vaults


def deeds() -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.action != "vault.key_made").order_by(AuditEntry.id)
        )
    )


def test_a_note_begins_once_for_each_session(ines: Person, alice: Person, clock: FrozenClock) -> None:
    appointment = a_session(ines, alice)
    first = services.open_or_start(appointment, now=clock.now())
    again = services.open_or_start(appointment, now=clock.now())
    assert first.id == again.id
    assert first.version == 0
    assert opening.words_of(first) == Words(SOAP)
    assert deeds() == ["note.started"]


def test_sessions_of_one_client_share_a_chart_and_others_do_not(
    ines: Person, alice: Person, ben: Person, clara: Person
) -> None:
    pairs = [(ines, alice), (ines, alice), (ines, ben), (clara, alice)]
    one, two, other, elsewhere = [a_draft(a_session(counselor, client)).chart_id for counselor, client in pairs]
    assert one == two
    assert len({one, other, elsewhere}) == 3


@pytest.mark.parametrize("status", ["held", "expired"])
def test_a_session_that_never_was_has_no_note(ines: Person, alice: Person, clock: FrozenClock, status: str) -> None:
    with pytest.raises(NoteClosedError, match="no session"):
        services.open_or_start(a_session(ines, alice, status=status), now=clock.now())


def test_words_come_back_from_the_database(ines: Person, alice: Person) -> None:
    note = a_draft(a_session(ines, alice))
    db.session.expire_all()
    assert opening.words_of(note) == SLEEP
    assert (note.version, note.layout, note.status) == (1, "soap", "draft")


def test_a_second_tab_overwrites_nothing(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    with pytest.raises(VersionConflictError) as conflict:
        services.save_draft(note, LETTER, base_version=0, tab="the second", now=clock.now())
    assert (conflict.value.mine, conflict.value.theirs, conflict.value.version) == (LETTER, HARVEST, 1)
    assert opening.words_of(note) == HARVEST


def test_a_save_whose_answer_was_lost_is_simply_sent_again(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    services.save_draft(note, LETTER, base_version=0, tab="the first", now=clock.now())
    assert opening.words_of(note) == LETTER


def test_a_save_that_its_own_later_one_overtook_changes_nothing(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    services.save_draft(note, LETTER, base_version=1, tab="here", changes=9, now=clock.now())
    version = services.save_draft(note, HARVEST, base_version=1, tab="here", changes=8, now=clock.now())
    assert (opening.words_of(note), version.version, note.version) == (LETTER, 2, 2)


def test_typing_for_an_hour_keeps_a_version_every_five_minutes(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    for second in range(10, 3600, 10):
        words = Words(FREE, "", {"text": f"Typing for {second} seconds."})
        now = clock.now() + timedelta(seconds=second)
        services.save_draft(note, words, base_version=note.version, tab="the first", now=now)
    assert opening.words_of(note).text("text") == "Typing for 3590 seconds."
    kept = db.session.scalar(select(func.count()).select_from(NoteVersion))
    assert kept
    assert 11 <= kept <= 14


def test_signing_locks_the_words_with_signer_time_and_fingerprint(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice))
    services.sign(note, version=1, signer=ines, now=clock.now())
    db.session.commit()
    assert (note.is_signed, note.signed_by, note.signed_at) == (True, ines, clock.now())
    assert note.fingerprint
    assert len(note.fingerprint) == 64
    assert opening.words_of(note) == SLEEP
    assert deeds() == ["note.started", "note.signed"]
    with pytest.raises(NoteClosedError, match="addendum"):
        services.save_draft(note, HARVEST, base_version=1, tab="the first", now=clock.now())
    with pytest.raises(NoteClosedError):
        services.sign(note, version=1, signer=ines, now=clock.now())


def test_only_the_version_that_was_read_is_signed(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice))
    with pytest.raises(NothingToSignError, match="Read it once more"):
        services.sign(note, version=0, signer=ines, now=clock.now())


def test_an_empty_note_is_not_signed(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice), Words(FREE, "", {"text": "  \n"}))
    with pytest.raises(NothingToSignError, match="nothing written"):
        services.sign(note, version=1, signer=ines, now=clock.now())


def test_a_note_is_not_signed_before_its_session(ines: Person, alice: Person, clock: FrozenClock) -> None:
    soon = clock.now() + timedelta(minutes=5)
    note = a_draft(a_session(ines, alice, starts_at=soon, status="confirmed"))
    with pytest.raises(NothingToSignError, match="begun"):
        services.sign(note, version=1, signer=ines, now=clock.now())
    services.sign(note, version=1, signer=ines, now=soon)
    assert note.is_signed


def test_addenda_are_numbered_and_sealed(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_signed_note(a_session(ines, alice))
    services.amend(note, "She wrote that the meeting went well.", author=ines, now=clock.now())
    services.amend(note, "And again.", author=ines, now=clock.now())
    db.session.commit()
    db.session.expire_all()
    assert [(a.number, opening.text_of(a)) for a in note.addenda] == [
        (1, "She wrote that the meeting went well."),
        (2, "And again."),
    ]
    assert deeds()[-2:] == ["note.amended", "note.amended"]


def test_a_draft_takes_no_addendum(ines: Person, alice: Person, clock: FrozenClock) -> None:
    with pytest.raises(NoteClosedError, match="draft"):
        services.amend(a_draft(a_session(ines, alice)), "More.", author=ines, now=clock.now())


def test_a_new_epoch_leaves_earlier_words_readable(ines: Person, alice: Person, clock: FrozenClock) -> None:
    before = a_signed_note(a_session(ines, alice))
    keys.renew(before.chart, now=clock.now())
    after = a_draft(a_session(ines, alice), HARVEST)
    db.session.commit()
    epochs = db.session.scalars(select(NoteVersion.epoch).order_by(NoteVersion.id)).all()
    assert list(epochs) == [1, 1, 2]
    assert opening.words_of(before) == SLEEP
    assert opening.words_of(after) == HARVEST


def test_without_the_counselors_keys_nothing_is_written(ines: Person, alice: Person, clock: FrozenClock) -> None:
    appointment = a_session(ines, alice)
    note = services.open_or_start(appointment, now=clock.now())
    db.session.commit()
    with vaults.held_by(), pytest.raises(VaultLockedError):
        services.save_draft(note, SLEEP, base_version=0, tab="the first", now=clock.now())
    with vaults.held_by(alice), pytest.raises(VaultRefusedError):
        services.save_draft(note, SLEEP, base_version=0, tab="the first", now=clock.now())
    db.session.rollback()
    db.session.execute(delete(PersonKey))
    with pytest.raises(VaultNotMadeError):
        services.open_or_start(a_session(alice, ines), now=clock.now())


def test_however_often_the_answer_is_lost_the_same_tab_may_send_again(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    for words in (LETTER, SLEEP, HARVEST):
        services.save_draft(note, words, base_version=0, tab="the first", now=clock.now())
    assert opening.words_of(note) == HARVEST
    saved = opening.last_saved(note)
    assert saved
    assert (saved.version, saved.base_version, saved.tab) == (4, 0, "the first")
