"""Somebody with the database in hand: reads no word, moves none unnoticed, changes nothing signed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError

from notes import keys, opening, services
from notes.custody.models import RingEpoch, RingKey
from notes.models import Addendum, Chart, Note, NoteVersion
from notes.vault import Ring, VaultSealBrokenError
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, SLEEP, a_draft, a_session, a_signed_note
from tests.support import vaults
from tests.support.tampering import behind_its_back

CLINICAL = ("Slept", "wakes", "Anticipatory", "worry", "evening walk", "new post", "harvest", "brother", "meeting")


def everything_in_the_database() -> bytes:
    """Return every value of every table, as bytes and as text."""
    found = bytearray()
    for table in inspect(db.session.connection()).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')):
            for value in row:
                found += bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                found += b"\n"
    return bytes(found)


def test_a_dump_of_the_database_shows_no_clinical_word(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_signed_note(a_session(ines, alice), SLEEP)
    services.amend(note, "She wrote that the meeting went well.", author=ines, now=clock.now())
    a_draft(a_session(ines, alice), HARVEST)
    db.session.commit()
    dump = everything_in_the_database()
    assert b"Ines Calder" in dump
    for word in CLINICAL:
        for encoding in ("utf-8", "utf-16-le"):
            assert word.lower().encode(encoding) not in dump.lower()


def test_the_files_of_the_database_show_no_clinical_word(
    database: str, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    if not database.startswith("sqlite:///"):
        pytest.skip("PostgreSQL's files are its own; its rows are read above.")
    note = a_draft(a_session(ines, alice), SLEEP)
    for second in range(5):
        now = clock.advance(seconds=second)
        services.save_draft(note, SLEEP, base_version=note.version, tab="the first", now=now)
        db.session.commit()
    for word in CLINICAL:
        assert word.encode() not in _files_of(database)


def _files_of(database: str) -> bytes:
    path = Path(database.removeprefix("sqlite:///"))
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_no_data_key_is_stored_unwrapped(ines: Person, alice: Person) -> None:
    chart = a_draft(a_session(ines, alice)).chart
    assert keys.key_of(chart).secret not in everything_in_the_database()


def _swap_versions(first: Note, second: Note) -> None:
    one, two = (
        db.session.scalars(select(NoteVersion).where(NoteVersion.note_id == n.id)).one() for n in (first, second)
    )
    sealed, other = one.sealed, two.sealed
    db.session.expunge_all()
    _force_version(first.id, 1, other)
    _force_version(second.id, 1, sealed)


def _force_version(note_id: int, version: int, sealed: bytes) -> None:
    """Write over a version as somebody could who turned the triggers off."""
    behind_its_back(
        "UPDATE note_versions SET sealed = :s WHERE note_id = :n AND version = :v", s=sealed, n=note_id, v=version
    )


def test_words_swapped_between_two_notes_refuse_to_open(ines: Person, alice: Person) -> None:
    first, second = a_draft(a_session(ines, alice)), a_draft(a_session(ines, alice), HARVEST)
    ids = first.id, second.id
    _swap_versions(first, second)
    for note_id in ids:
        note = db.session.get(Note, note_id)
        assert note
        with pytest.raises(VaultSealBrokenError):
            opening.words_of(note)


def test_an_earlier_version_put_in_place_of_a_later_one_refuses_to_open(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    earlier = db.session.scalars(select(NoteVersion)).one().sealed
    services.save_draft(note, SLEEP, base_version=1, tab="another", now=clock.now())
    db.session.commit()
    _force_version(note.id, 2, earlier)
    with pytest.raises(VaultSealBrokenError):
        opening.words_of(note)


def test_a_signed_note_pointed_at_another_genuine_version_is_noticed(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    services.save_draft(note, SLEEP, base_version=1, tab="another", now=clock.now())
    services.sign(note, version=2, signer=ines, now=clock.now())
    db.session.commit()
    behind_its_back("UPDATE notes SET version = 1 WHERE id = :n", n=note.id)
    with pytest.raises(VaultSealBrokenError, match="text that was signed"):
        opening.words_of(note)


def working_envelopes() -> list[RingKey]:
    return list(db.session.scalars(select(RingKey).join(RingEpoch).where(RingEpoch.ring == Ring.WORKING)))


def test_a_wrapped_key_moved_to_another_chart_refuses_to_open(ines: Person, alice: Person, ben: Person) -> None:
    mine, other = a_draft(a_session(ines, alice)).chart, a_draft(a_session(ines, ben)).chart
    rows = {envelope.ring_epoch.owner: envelope for envelope in working_envelopes()}
    rows[mine.id].wrapped = rows[other.id].wrapped
    db.session.commit()
    vaults.hold_anew()
    with pytest.raises(VaultSealBrokenError):
        keys.key_of(mine)


def test_a_chart_without_its_key_says_so(ines: Person, alice: Person) -> None:
    chart = a_draft(a_session(ines, alice)).chart
    db.session.execute(text("DELETE FROM ring_keys"))
    vaults.hold_anew()
    with pytest.raises(VaultSealBrokenError, match="gone"):
        keys.key_of(chart)


DEEDS: dict[str, Callable[[Note], str]] = {
    "change a signed note": lambda n: f"UPDATE notes SET updated_at = created_at WHERE id = {n.id}",
    "unsign a note": lambda n: f"UPDATE notes SET status = 'draft' WHERE id = {n.id}",
    "delete a signed note": lambda n: f"DELETE FROM notes WHERE id = {n.id}",
    "change its words": lambda n: f"UPDATE note_versions SET tab = 'x' WHERE note_id = {n.id}",
    "delete its words": lambda n: f"DELETE FROM note_versions WHERE note_id = {n.id}",
    "add a version": lambda n: (
        "INSERT INTO note_versions (note_id, version, base_version, tab, epoch, sealed, saved_at) "
        f"SELECT note_id, 2, 1, tab, epoch, sealed, saved_at FROM note_versions WHERE note_id = {n.id}"
    ),
    "change an addendum": lambda n: f"UPDATE addenda SET number = 9 WHERE note_id = {n.id}",
    "delete an addendum": lambda n: f"DELETE FROM addenda WHERE note_id = {n.id}",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_database_itself_refuses_to(deed: str, ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_signed_note(a_session(ines, alice))
    services.amend(note, "Later.", author=ines, now=clock.now())
    db.session.commit()
    with pytest.raises(DatabaseError, match=r"signed note|never changes|addendum"):
        db.session.execute(text(DEEDS[deed](note)))
    db.session.rollback()
    assert opening.words_of(note) == SLEEP
    assert len(note.addenda) == 1


def test_the_database_refuses_a_changed_version_of_a_draft_too(ines: Person, alice: Person) -> None:
    note = a_draft(a_session(ines, alice))
    with pytest.raises(DatabaseError, match="never changes"):
        db.session.execute(text(f"UPDATE note_versions SET saved_at = saved_at WHERE note_id = {note.id}"))


def test_the_database_refuses_an_addendum_to_a_draft(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice))
    row = Addendum(note_id=note.id, number=1, author_id=ines.id, epoch=1, sealed=b"x", added_at=clock.now())
    db.session.add(row)
    with pytest.raises(DatabaseError, match="only a signed note"):
        db.session.flush()


def test_the_database_refuses_a_signature_without_its_parts(ines: Person, alice: Person) -> None:
    note = a_draft(a_session(ines, alice))
    with pytest.raises(DatabaseError, match="signed_whole"):
        db.session.execute(text(f"UPDATE notes SET status = 'signed' WHERE id = {note.id}"))


def test_the_database_refuses_two_notes_of_one_session_and_two_charts_of_one_client(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice))
    twin = Note(
        chart_id=note.chart_id, appointment_id=note.appointment_id, author_id=ines.id, layout="soap",
        created_at=clock.now(), updated_at=clock.now() + timedelta(1),
    )  # fmt: skip
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.add(twin)
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.add(Chart(client_id=alice.id, counselor_id=ines.id, created_at=clock.now()))


def test_a_version_that_is_gone_is_noticed(ines: Person, alice: Person) -> None:
    note = a_draft(a_session(ines, alice))
    db.session.execute(text(f"DELETE FROM note_versions WHERE note_id = {note.id}"))
    with pytest.raises(VaultSealBrokenError, match="gone"):
        opening.words_of(note)
