"""Notes about something that was no session: begun, several a day, written like any other, thrown away while empty."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from notes import boards, opening
from notes.models import CONTACT, Note
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import a_note_apart, a_session
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
CALL = {"kind": "contact", "happened_on": "2026-11-22", "happened_time": "18:30"}
TYPED = {"layout": "contact", "title": "", "with_whom": "Her sister.", "said": "All well.", "follows": "Nothing."}
SAVED = TYPED | {"base_version": "0", "tab": "tab-one"}


def only_note() -> Note:
    db.session.expire_all()
    return db.session.scalars(select(Note)).one()


def test_a_call_between_sessions_is_noted_with_its_time(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    browser = as_(ines)
    assert "Contact note" in browser.get(f"/clients/{alice.id}/notes/new").text
    answer = browser.post(f"/clients/{alice.id}/notes/new", data=CALL)
    note = only_note()
    assert (answer.status_code, answer.location) == (303, f"/notes/{note.id}/draft")
    page = browser.get(answer.location).text
    assert "Alice Moreau" in page
    assert "18:30" in page
    assert "With whom and how" in page
    assert browser.post(f"/notes/{note.id}/draft", data=SAVED).location == f"/notes/{note.id}/draft"
    assert opening.words_of(only_note()).text("with_whom") == "Her sister."
    assert browser.post(f"/notes/{note.id}/signature", data={"version": "1"}).location == f"/notes/{note.id}"
    signed = browser.get(f"/notes/{note.id}").text
    assert "Contact note" in signed
    assert "All well." in signed
    assert "All well." in browser.get(f"/clients/{alice.id}/chart").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"happened_on": "2026-11-24"}, "still to come"),
        ({"happened_on": ""}, "Choose a day"),
        ({"kind": "novel"}, "Choose what you want to write"),
    ],
)
def test_what_is_missing_or_still_to_come_is_said(
    as_: As, ines: Person, alice: Person, wrong: dict[str, str], words: str
) -> None:
    a_session(ines, alice)
    page = as_(ines).post(f"/clients/{alice.id}/notes/new", data=CALL | wrong)
    assert page.status_code == 422
    assert words in page.text
    assert db.session.scalar(select(func.count()).select_from(Note)) == 0


def test_a_day_may_have_several_notes(ines: Person, alice: Person, clock: FrozenClock) -> None:
    for _ in range(3):
        a_note_apart(ines, alice)
    assert boards.of_client(ines, alice).total == 3
    assert boards.count_unsigned(ines, now=clock.now()) == 3


def test_a_second_tab_of_such_a_note_overwrites_nothing(as_: As, ines: Person, alice: Person) -> None:
    browser, note = as_(ines), a_note_apart(ines, alice)
    browser.post(f"/notes/{note.id}/draft", data=SAVED)
    late = SAVED | {"tab": "tab-two", "said": "Something else."}
    page = browser.post(f"/notes/{note.id}/draft", data=late)
    assert page.status_code == 409
    assert "All well." in page.text
    chosen = late | {"base_version": "1", "keep-said": "both"}
    answer = browser.post(f"/notes/{note.id}/draft/versions", data=chosen)
    assert answer.location == f"/notes/{note.id}/draft?settled=1"
    assert opening.words_of(only_note()).text("said") == "All well.\n\nSomething else."


def test_an_empty_draft_can_be_thrown_away_and_one_with_words_cannot(as_: As, ines: Person, alice: Person) -> None:
    browser, empty, begun = as_(ines), a_note_apart(ines, alice), a_note_apart(ines, alice)
    browser.post(f"/notes/{begun.id}/draft", data=SAVED)
    assert "Discard this empty draft" in browser.get(f"/notes/{empty.id}/draft").text
    assert "Discard this empty draft" not in browser.get(f"/notes/{begun.id}/draft").text
    kept, ids = begun.id, (empty.id, begun.id)
    for note_id in ids:
        assert browser.post(f"/notes/{note_id}/discard").status_code == 303
    assert only_note().id == kept


@pytest.mark.parametrize("stranger", ["clara", "omar", "alice"])
def test_nobody_else_finds_it(
    request: pytest.FixtureRequest, as_: As, ines: Person, alice: Person, stranger: str
) -> None:
    note = a_note_apart(ines, alice)
    browser = as_(request.getfixturevalue(stranger))
    assert browser.get(f"/notes/{note.id}/draft").status_code == 404
    assert browser.get(f"/clients/{alice.id}/notes/new").status_code == 404
    for address in ("draft", "draft/versions", "discard"):
        assert browser.post(f"/notes/{note.id}/{address}", data=SAVED).status_code == 404
    assert browser.post(f"/clients/{alice.id}/notes/new", data=CALL).status_code == 404
    assert only_note().kind == CONTACT
