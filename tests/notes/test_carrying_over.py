"""Words of last time carried over: only into empty parts, marked, and counted as unchanged until edited."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes import opening
from notes.layouts import DAP, SOAP
from notes.models import Note
from notes.words import Words, read, write
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
EMPTY = {"layout": "soap", "title": "", "objective": "", "assessment": "", "plan": "", "base_version": "0", "tab": "t"}


def test_only_empty_parts_are_filled_and_each_is_marked() -> None:
    words = Words(SOAP, "", {"subjective": "New today."}).with_words_of(SLEEP, 7)
    assert words.text("subjective") == "New today."
    assert words.text("plan") == SLEEP.text("plan")
    assert set(words.carried) == set(words.unchanged) == {"objective", "assessment", "plan"}
    assert {source.note_id for source in words.carried.values()} == {7}


def test_a_part_that_was_edited_counts_as_changed() -> None:
    words = Words(SOAP).with_words_of(SLEEP, 7)
    edited = Words(SOAP, "", {**words.sections, "plan": "Another plan."}, (), words.carried)
    assert "plan" in edited.carried
    assert "plan" not in edited.unchanged


def test_marks_and_links_are_sealed_with_the_words_and_old_notes_have_none() -> None:
    words = Words(SOAP, "", {"plan": "Walks."}, ("a1b2c3d4",)).with_words_of(SLEEP, 7)
    assert read(write(words, salt="s")) == words
    plain = Words(SOAP, "", {"plan": "Walks."})
    assert b"carried" not in write(plain, salt="s")
    assert b"links" not in write(plain, salt="s")


def test_another_layout_keeps_the_marks_of_the_parts_both_have() -> None:
    words = Words(SOAP).with_words_of(SLEEP, 7).laid_out(DAP)
    assert set(words.carried) == {"assessment", "plan"}


@pytest.fixture
def earlier(ines: Person, alice: Person, clock: FrozenClock) -> Note:
    return a_signed_note(a_session(ines, alice, starts_at=clock.now() - timedelta(days=7)))


def test_a_press_carries_last_time_over_and_the_note_says_so(
    as_: As, ines: Person, alice: Person, earlier: Note, clock: FrozenClock
) -> None:
    browser, appointment = as_(ines), a_session(ines, alice, starts_at=clock.now() - timedelta(hours=1))
    address = f"/appointments/{appointment.id}/note"
    answer = browser.post(address, data=EMPTY | {"subjective": "New today.", "then": "carry"})
    assert answer.location == address
    page = browser.get(address)
    assert SLEEP.text("plan") in page.text
    assert page.text.count("Carried over unchanged from") == 3
    note = db.session.scalars(select(Note).where(Note.appointment_id == appointment.id)).one()
    marks = [f"{key}:{source.note_id}:{source.digest}" for key, source in opening.words_of(note).carried.items()]
    typed = EMPTY | {"subjective": "New today.", "plan": "Changed.", "assessment": SLEEP.text("assessment")}
    browser.post(address, data=typed | {"carried": marks, "base_version": str(note.version), "then": "sign"})
    review = browser.get(f"/notes/{note.id}/signature").text
    assert "1 part is carried over unchanged" in review
    assert "then changed" in review


def test_nothing_is_carried_over_full_parts(
    as_: As, ines: Person, alice: Person, earlier: Note, clock: FrozenClock
) -> None:
    browser, appointment = as_(ines), a_session(ines, alice, starts_at=clock.now() - timedelta(hours=1))
    full = EMPTY | {"subjective": "a", "objective": "b", "assessment": "c", "plan": "d", "then": "carry"}
    browser.post(f"/appointments/{appointment.id}/note", data=full)
    page = browser.get(f"/appointments/{appointment.id}/note").text
    assert "nothing was carried over" in page
    assert "Carried over unchanged" not in page
