"""Psychotherapy notes: sealed under the author's own key, apart from the record, in nothing that leaves the house."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from notes import boards, opening, queries, searching, services
from notes.custody import access
from notes.custody.models import COVER
from notes.layouts import FREE
from notes.models import IN_RECORD, PSYCHOTHERAPY, Note, NoteVersion
from notes.vault import Ring, VaultRefusedError, ring_of
from notes.words import Words
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import a_note_apart, a_session
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
DREAM = Words(FREE, "The dream", {"text": "What I make of the dream about the harbour."})
TYPED = {"layout": "free", "title": DREAM.title, "text": DREAM.text("text"), "base_version": "0", "tab": "tab-one"}


@pytest.fixture
def dream(ines: Person, alice: Person, clock: FrozenClock) -> Note:
    note = a_note_apart(ines, alice, kind=PSYCHOTHERAPY)
    services.save_draft(note, DREAM, base_version=0, tab="here", now=clock.now())
    db.session.commit()
    return note


def test_before_the_first_one_its_author_says_that_they_know(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    browser, address = as_(ines), f"/clients/{alice.id}/psychotherapy-notes"
    assert "lost for good" in browser.get(address).text
    assert browser.post(address).status_code == 422
    answer = browser.post(address, data={"understood": "1"})
    note = db.session.scalars(select(Note)).one()
    assert (note.kind, answer.location) == (PSYCHOTHERAPY, f"/notes/{note.id}/draft")
    browser.post(answer.location, data=TYPED)
    page = browser.get(answer.location).text
    assert DREAM.text("text") in page
    assert "Review and sign" not in page
    assert DREAM.title in browser.get(address).text
    assert browser.post(address).status_code == 303


def test_its_words_are_sealed_for_the_author_alone(
    ines: Person, alice: Person, clara: Person, dream: Note, clock: FrozenClock
) -> None:
    access.give(dream.chart, clara, kind=COVER, by=ines, now=clock.now(), ends_at=clock.now().replace(year=2027))
    db.session.commit()
    row = db.session.scalars(select(NoteVersion)).one()
    assert ring_of(row.sealed) is Ring.PRIVATE
    assert opening.words_of(dream) == DREAM
    for other in (clara, alice):
        with vaults.held_by(other), pytest.raises(VaultRefusedError):
            opening.words_of(dream)


def test_it_is_in_no_list_no_search_no_print_and_no_page_of_the_record(
    as_: As, ines: Person, alice: Person, dream: Note, clock: FrozenClock
) -> None:
    browser = as_(ines)
    assert PSYCHOTHERAPY not in IN_RECORD
    assert boards.count_unsigned(ines, now=clock.now()) == 0
    assert boards.of_client(ines, alice).total == 0
    assert searching.find(ines, "harbour").opened == 0
    assert db.session.scalars(queries.record_notes(ines, alice)).all() == []
    assert DREAM.text("text") not in browser.get(f"/clients/{alice.id}/chart").text
    for address in ("", ".pdf", "/signature"):
        assert browser.get(f"/notes/{dream.id}{address}").status_code == 404
    assert browser.post(f"/notes/{dream.id}/signature", data={"version": "1"}).status_code == 404
    assert browser.post(f"/notes/{dream.id}/addenda", data={"addendum": "More."}).status_code == 404


def test_the_client_is_not_told_of_it_and_nobody_else_finds_it(
    as_: As, ines: Person, clara: Person, alice: Person, omar: Person, dream: Note
) -> None:
    as_(ines).get(f"/notes/{dream.id}/draft")
    assert db.session.scalars(select(AuditEntry.about_id).where(AuditEntry.action.startswith("note."))).all()
    assert set(db.session.scalars(select(AuditEntry.about_id))) == {None}
    for stranger in (clara, alice, omar):
        browser = as_(stranger)
        assert browser.get(f"/notes/{dream.id}/draft").status_code == 404
        assert browser.get(f"/notes/{dream.id}/versions").status_code == 404
        assert browser.get(f"/clients/{alice.id}/psychotherapy-notes").status_code == 404
        assert browser.post(f"/clients/{alice.id}/psychotherapy-notes").status_code == 404
