"""Layouts of one's own, which old notes keep as they were, and snippets; sealed under one's own key."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from notes import opening
from notes.layouts import LAYOUTS
from notes.models import Note
from notes.shelf import queries
from notes.shelf.forms import Built, Shortcut, rearranged, rows_of
from notes.shelf.models import OwnLayout, Snippet
from notes.vault import VaultRefusedError
from practice.core.db import db
from practice.core.forms import Errors
from practice.models import Person
from tests.notes.scenes import a_session
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
WORK = {"name": "Work and sleep", "about": "", "label-0": "Sleep", "hint-0": "Hours", "label-1": "Work", "hint-1": ""}


def test_parts_keep_their_keys_when_they_move() -> None:
    rows = rows_of(MultiDict(WORK | {"key-0": "own1", "key-1": "own2"}))
    assert [row["key"] for row in rearranged(rows, "down-0")] == ["own2", "own1"]
    assert [row["label"] for row in rearranged(rows, "up-1")] == ["Work", "Sleep"]
    assert [row["label"] for row in rearranged(rows, "drop-0")] == ["Work"]
    assert [row["label"] for row in rearranged(rows, "more")] == ["Sleep", "Work", ""]
    for odd in ("up-9", "sideways", "up-x", ""):
        assert {row["label"] for row in rearranged(rows, odd)} == {"Sleep", "Work"}
    assert [row["key"] for row in rows_of(MultiDict(WORK | {"key-1": "own1"}))] == ["own2", "own1"]


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"label-0": "", "hint-0": "", "label-1": ""}, {"label-1": "sleep"}, {"label-1": "", "hint-1": "x"}],
)
def test_a_layout_without_names_is_not_kept(wrong: dict[str, str]) -> None:
    assert isinstance(Built.parse(MultiDict(WORK | wrong)), Errors)


@pytest.mark.parametrize(("typed", "kept"), [(";Sleep-OK", "sleep-ok"), ("ok2", "ok2")])
def test_a_shortcut_is_kept_small_and_without_its_semicolon(typed: str, kept: str) -> None:
    shortcut = Shortcut.parse(MultiDict({"shortcut": typed, "text": "Slept well."}))
    assert isinstance(shortcut, Shortcut)
    assert shortcut.shortcut == kept
    assert isinstance(Shortcut.parse(MultiDict({"shortcut": "two words", "text": "x"})), Errors)


def test_a_note_keeps_the_layout_it_was_written_in(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    assert browser.post("/notes/layouts/new", data=WORK).location == "/notes/layouts"
    row = db.session.scalars(select(OwnLayout)).one()
    address = f"/appointments/{appointment.id}/note"
    assert "Work and sleep" in browser.get(address).text
    typed = {"layout": f"own-{row.id}-1", "own1": "Seven hours.", "base_version": "0", "tab": "t"}
    browser.post(address, data=typed)
    changed = WORK | {"key-0": "own1", "key-1": "own2", "label-0": "Night"}
    browser.post(f"/notes/layouts/{row.id}", data=changed)
    note = db.session.scalars(select(Note)).one()
    words = opening.words_of(note)
    assert (words.layout.key, words.layout.label("own1"), words.text("own1")) == (
        f"own-{row.id}-1",
        "Sleep",
        "Seven hours.",
    )
    browser.post(address, data=typed | {"own2": "Quiet.", "base_version": "1"})
    db.session.expire_all()
    assert opening.words_of(note).text("own2") == "Quiet."
    browser.post(address, data=typed | {"base_version": "2", "becomes": f"own-{row.id}-2"})
    db.session.expire_all()
    assert opening.words_of(note).layout.label("own1") == "Night"
    browser.post(f"/notes/layouts/{row.id}/away")
    assert "Night" in browser.get(address).text
    assert "Work and sleep" not in browser.get("/notes/layouts").text


def test_the_builder_rearranges_without_keeping(as_: As, ines: Person) -> None:
    browser = as_(ines)
    page = browser.get("/notes/layouts/new?from=girp").text
    assert 'value="Intervention"' in page
    page = browser.post("/notes/layouts/new", data=WORK | {"rearrange": "down-0"}).text
    assert page.index('value="Work"') < page.index('value="Sleep"')
    assert db.session.scalars(select(OwnLayout)).all() == []
    assert browser.post("/notes/layouts/new", data=WORK | {"name": ""}).status_code == 422


def test_snippets_are_kept_changed_and_taken_away(as_: As, ines: Person, alice: Person) -> None:
    browser = as_(ines)
    assert browser.post("/notes/snippets", data={"shortcut": "ok", "text": "Slept well."}).status_code == 303
    taken = browser.post("/notes/snippets", data={"shortcut": ";OK", "text": "Other."})
    assert taken.status_code == 409
    assert "You already use ;ok" in taken.text
    row = db.session.scalars(select(Snippet)).one()
    assert "Slept well." in browser.get(f"/notes/snippets/{row.id}").text
    browser.post(f"/notes/snippets/{row.id}", data={"shortcut": "ok", "text": "Slept <b>very</b> well."})
    page = browser.get(f"/appointments/{a_session(ines, alice).id}/note").text
    assert '<span data-snippet="ok">Slept &lt;b&gt;very&lt;/b&gt; well.</span>' in page
    browser.post(f"/notes/snippets/{row.id}/removal")
    assert "Slept" not in browser.get("/notes/snippets").text


def test_they_open_for_their_owner_alone(as_: As, ines: Person, clara: Person) -> None:
    browser = as_(ines)
    browser.post("/notes/snippets", data={"shortcut": "ok", "text": "Slept well."})
    browser.post("/notes/layouts/new", data=WORK)
    snippet, layout = db.session.scalars(select(Snippet)).one(), db.session.scalars(select(OwnLayout)).one()
    assert b"Slept" not in snippet.sealed
    assert b"Sleep" not in layout.sealed
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        queries.opened_snippet(snippet)
    other = as_(clara)
    for address in (f"/notes/snippets/{snippet.id}", f"/notes/layouts/{layout.id}"):
        assert other.get(address).status_code == 404
        assert other.post(address, data=WORK).status_code == 404
    assert other.post(f"/notes/snippets/{snippet.id}/removal").status_code == 404
    assert other.post(f"/notes/layouts/{layout.id}/away").status_code == 404


def test_the_layouts_that_everybody_has_are_named_with_their_parts(as_: As, ines: Person) -> None:
    page = as_(ines).get("/notes/layouts").text
    for layout in LAYOUTS.values():
        assert f"<p>{layout.name}</p>" in page
        assert layout.sections[-1].label in page
