"""Two tabs, or two devices, on one note at the same instant."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from notes import opening, services
from notes.custody.models import RingEpoch
from notes.layouts import FREE
from notes.models import Chart, Note, NoteVersion
from notes.services import VersionConflictError
from notes.words import Words
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, a_draft, a_session
from tests.support import vaults

TABS = 6


def at_once(app: Flask, deed: Callable[[int], None]) -> None:
    """Do a deed from several threads, all let go at the same instant."""
    gate, held = threading.Barrier(TABS), vaults.everybody()
    failures: list[BaseException] = []

    def run(number: int) -> None:
        with app.app_context():
            vaults.lent(held)
            gate.wait()
            try:
                deed(number)
            except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(TABS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


@pytest.mark.race
def test_of_tabs_that_save_at_once_one_wins_and_the_others_keep_both_texts(
    app: Flask, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note_id = a_draft(a_session(ines, alice), HARVEST).id
    db.session.commit()
    won: list[int] = []
    kept: list[VersionConflictError] = []

    def save(number: int) -> None:
        note = db.session.get_one(Note, note_id)
        words = Words(FREE, "", {"text": f"From tab {number}."})
        try:
            services.save_draft(note, words, base_version=1, tab=f"tab {number}", now=clock.now())
            db.session.commit()
            won.append(number)
        except VersionConflictError as conflict:
            kept.append(conflict)
            db.session.rollback()

    at_once(app, save)
    db.session.expire_all()
    (winner,) = won
    text = f"From tab {winner}."
    assert opening.words_of(db.session.get_one(Note, note_id)).text("text") == text
    assert len(kept) == TABS - 1
    assert {conflict.theirs.text("text") for conflict in kept} == {text}
    assert len({conflict.mine.text("text") for conflict in kept} | {text}) == TABS


@pytest.mark.race
def test_tabs_that_begin_a_note_at_once_begin_one(app: Flask, ines: Person, alice: Person, clock: FrozenClock) -> None:
    from booking.models.appointments import Appointment

    appointment_id = a_session(ines, alice).id
    db.session.commit()

    def begin(_number: int) -> None:
        services.open_or_start(db.session.get_one(Appointment, appointment_id), now=clock.now())
        db.session.commit()

    at_once(app, begin)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Chart, RingEpoch, Note)]
    assert counts == [1, 2, 1]
    assert db.session.scalar(select(func.count()).select_from(NoteVersion)) == 0


@pytest.mark.race
def test_a_save_and_a_signature_at_once_never_both_count(
    app: Flask, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note_id, signer_id = a_draft(a_session(ines, alice), HARVEST).id, ines.id
    db.session.commit()
    outcomes: list[str] = []

    def either(number: int) -> None:
        note = db.session.get_one(Note, note_id)
        try:
            if number % 2:
                signer = db.session.get_one(Person, signer_id)
                services.sign(note, version=1, signer=signer, now=clock.now())
            else:
                words = Words(FREE, "", {"text": "Changed."})
                services.save_draft(note, words, base_version=1, tab=f"tab {number}", now=clock.now())
            db.session.commit()
            outcomes.append("signed" if number % 2 else "saved")
        except (services.NoteClosedError, services.NothingToSignError, VersionConflictError):
            db.session.rollback()

    at_once(app, either)
    assert len(outcomes) == 1
    db.session.expire_all()
    note = db.session.get_one(Note, note_id)
    said = opening.words_of(note).text("text")
    assert (note.is_signed, said) == ((True, HARVEST.text("text")) if outcomes == ["signed"] else (False, "Changed."))
