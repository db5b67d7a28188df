"""Finding words across one's own charts by opening them."""

from collections.abc import Callable

from sqlalchemy import select

from notes import searching, services
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, LETTER, SLEEP, a_draft, a_session, a_signed_note
from tests.support.pages import PageClient
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]


def test_words_are_found_in_every_chart_of_ones_own_with_their_place(
    as_: As, ines: Person, clara: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    note = a_signed_note(a_session(ines, alice))
    services.amend(note, "Her brother rang.", author=ines, now=clock.now())
    a_draft(a_session(ines, ben), HARVEST)
    a_draft(a_session(clara, alice), HARVEST)
    db.session.commit()
    page = as_(ines).post("/notes/find", data={"wanted": "BROTHER"})
    assert "2 notes" in page.text
    assert "<mark>brother</mark>" in page.text
    assert "Addendum 1" in page.text
    assert "Ben Okafor" in page.text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "notes.searched")).one()
    assert entry.detail == {"opened": 2, "found": 2}


def test_one_chart_alone_can_be_looked_through(as_: As, ines: Person, alice: Person, ben: Person) -> None:
    for client in (alice, ben):
        a_draft(a_session(ines, client), LETTER)
    browser = as_(ines)
    page = browser.post("/notes/find", data={"wanted": "letter", "client": str(ben.id)}).text
    assert "1 note" in page
    assert "Alice Moreau" not in page
    assert "Nothing found" in browser.post("/notes/find", data={"wanted": "tango"}).text


def test_what_is_missing_is_said_and_nobody_looks_into_others_charts(
    as_: As, ines: Person, omar: Person, alice: Person
) -> None:
    browser = as_(ines)
    assert "Find in your notes" in browser.get("/notes/find").text
    assert browser.post("/notes/find", data={"wanted": " "}).status_code == 422
    assert browser.post("/notes/find", data={"wanted": "letter", "client": str(alice.id)}).status_code == 404
    assert as_(omar).post("/notes/find", data={"wanted": "letter"}).status_code == 404


def test_one_broken_seal_is_named_and_the_rest_is_looked_through(
    as_: As, ines: Person, alice: Person, ben: Person
) -> None:
    a_draft(a_session(ines, ben), LETTER)
    broken = a_draft(a_session(ines, alice), LETTER)
    db.session.commit()
    behind_its_back("UPDATE note_versions SET sealed = :other WHERE note_id = :id", other=bytes(80), id=broken.id)
    page = as_(ines).post("/notes/find", data={"wanted": "letter"}).text
    assert "1 note could not be opened" in page
    assert f'href="/notes/{broken.id}">Alice Moreau' in page
    assert "<mark>letter</mark>" in page
    assert "Ben Okafor" in page


def test_the_newest_stand_first_and_an_edited_draft_is_read_as_it_is_now(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    newest = a_draft(a_session(ines, alice), LETTER)
    oldest = a_draft(a_session(ines, alice), SLEEP)
    services.save_draft(oldest, LETTER, base_version=1, tab="the first", now=clock.now())
    found = searching.find(ines, "letter aloud")
    assert [hit.note.id for hit in found.hits] == [newest.id, oldest.id]
    assert searching.find(ines, "evening walk").total == 0
