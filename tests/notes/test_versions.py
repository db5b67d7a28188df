"""How a note came to be: every version kept, with what it changed; the signed one sealed for the record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from notes import history, opening, services
from notes.models import Note
from notes.vault import Ring, ring_of
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_draft, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def rewritten(note: Note, plan: str, clock: FrozenClock) -> None:
    words = replace(SLEEP, sections={**SLEEP.sections, "plan": plan})
    services.save_draft(note, words, base_version=note.version, tab="another", now=clock.advance(minutes=6))
    db.session.commit()


def test_each_version_says_what_it_changed(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_draft(a_session(ines, alice))
    rewritten(note, "Keep the walk and the list.", clock)
    first, second = history.steps_of(note)
    assert [label for label, _ in first.changes] == ["Title", "Subjective", "Objective", "Assessment", "Plan"]
    ((label, pieces),) = second.changes
    assert label == "Plan"
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == SLEEP.text("plan")
    assert second.saved_at - first.saved_at == timedelta(minutes=6)


def test_the_page_shows_what_came_and_what_went(
    as_: As, ines: Person, clara: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_draft(a_session(ines, alice))
    rewritten(note, "Keep the morning walk; bring the list next week.", clock)
    page = as_(ines).get(f"/notes/{note.id}/versions").text
    assert "<del>evening </del>" in page
    assert page.count("<ins>") == page.count("<ins>morning </ins>") == 1
    assert page.index("Version 2") < page.index("Version 1")
    assert as_(clara).get(f"/notes/{note.id}/versions").status_code == 404


def test_what_is_signed_is_sealed_for_the_readers_of_the_record(ines: Person, alice: Person) -> None:
    note = a_signed_note(a_session(ines, alice))
    draft, signed = opening.versions_of(note)
    assert (ring_of(draft.sealed), ring_of(signed.sealed)) == (Ring.WORKING, Ring.RECORD)
    assert note.version == signed.version == 2
    assert opening.words_of(note) == SLEEP
    assert history.steps_of(note)[-1].changes == []


def test_what_is_added_is_sealed_for_the_record_too(ines: Person, alice: Person, clock: FrozenClock) -> None:
    note = a_signed_note(a_session(ines, alice))
    addendum = services.amend(note, "All went well.", author=ines, now=clock.now())
    assert ring_of(addendum.sealed) is Ring.RECORD
    assert opening.text_of(addendum) == "All went well."
