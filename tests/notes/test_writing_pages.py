"""The editor: saved by button or by script, never over somebody else's words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from notes import opening, queries
from notes.models import Note
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, SLEEP, a_draft, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
JSON = {"Accept": "application/json"}
TYPED = {
    "layout": "soap",
    "title": "First meeting",
    "subjective": "Tired, hopeful.",
    "objective": "",
    "assessment": "",
    "plan": "Sleep diary.",
    "base_version": "0",
    "tab": "tab-one",
}


def note_of(appointment_id: int) -> Note:
    db.session.expire_all()
    return db.session.scalars(select(Note).where(Note.appointment_id == appointment_id)).one()


def sent(browser: PageClient, appointment_id: int, **changes: str) -> TestResponse:
    return browser.post(f"/appointments/{appointment_id}/note", data=TYPED | changes, headers=JSON)


def test_the_editor_opens_empty_and_begins_nothing(as_: As, ines: Person, alice: Person) -> None:
    appointment = a_session(ines, alice)
    page = as_(ines).get(f"/appointments/{appointment.id}/note")
    assert page.status_code == 200
    assert "Nothing written yet" in page.text
    assert "Alice Moreau" in page.text
    assert queries.note_of(appointment) is None


def test_the_save_button_saves_and_says_when(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    answer = browser.post(f"/appointments/{appointment.id}/note", data=TYPED)
    assert (answer.status_code, answer.location) == (303, f"/appointments/{appointment.id}/note")
    page = browser.get(f"/appointments/{appointment.id}/note").text
    assert "Saved 04:00" in page
    assert "Tired, hopeful." in page
    assert opening.words_of(note_of(appointment.id)).text("plan") == "Sleep diary."


def test_typing_saves_by_script_and_names_the_version(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    assert sent(browser, appointment.id).json == {"version": 1, "saved": "Saved 04:00", "note": 1}
    again = sent(browser, appointment.id, base_version="1", plan="Sleep diary, daily.")
    assert again.json
    assert again.json["version"] == 2


def test_every_character_comes_back_as_typed(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    text = "  Two spaces, a tab\t,\r\n\r\na blank line, “quotes”, <b>no bold</b> & 😌  \r\n"
    sent(browser, appointment.id, subjective=text)
    assert opening.words_of(note_of(appointment.id)).text("subjective") == text.replace("\r\n", "\n")
    page = browser.get(f"/appointments/{appointment.id}/note").text
    assert "&lt;b&gt;no bold&lt;/b&gt; &amp; 😌" in page


def test_another_layout_keeps_every_word(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    browser.post(f"/appointments/{appointment.id}/note", data=TYPED | {"becomes": "dap", "objective": "Calm."})
    words = opening.words_of(note_of(appointment.id))
    assert words.layout.key == "dap"
    assert words.sections == {"data": "Tired, hopeful.\n\nObjective:\nCalm.", "assessment": "", "plan": "Sleep diary."}
    assert 'name="data"' in browser.get(f"/appointments/{appointment.id}/note").text


def test_a_section_too_long_is_said_in_words_and_kept_on_the_page(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    long = "word " * 4001
    answer = sent(browser, appointment.id, plan=long)
    assert answer.status_code == 422
    assert answer.json == {"message": "“Plan” has room for 20,000 characters; this is 5 more. Nothing is cut off."}
    page = browser.post(f"/appointments/{appointment.id}/note", data=TYPED | {"plan": long})
    assert page.status_code == 422
    assert long.strip() in page.text
    assert queries.note_of(appointment) is None


@pytest.mark.parametrize(
    "broken", [{"base_version": "soon"}, {"base_version": "-1"}, {"layout": "haiku", "base_version": ""}]
)
def test_a_form_that_makes_no_sense_is_refused(as_: As, ines: Person, alice: Person, broken: dict[str, str]) -> None:
    appointment = a_session(ines, alice)
    assert sent(as_(ines), appointment.id, **broken).status_code == 422


def test_a_second_tab_gets_both_texts_side_by_side(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    sent(browser, appointment.id)
    late = TYPED | {"tab": "tab-two", "subjective": "Wrote this in the other tab."}
    by_script = browser.post(f"/appointments/{appointment.id}/note", data=late, headers=JSON)
    assert by_script.status_code == 409
    assert by_script.json
    assert "Nothing was overwritten" in by_script.json["message"]
    page = browser.post(f"/appointments/{appointment.id}/note", data=late)
    assert page.status_code == 409
    assert "Wrote this in the other tab." in page.text
    assert "Tired, hopeful." in page.text
    assert opening.words_of(note_of(appointment.id)).text("subjective") == "Tired, hopeful."


@pytest.mark.parametrize(
    ("keep", "becomes"),
    [
        ("mine", "Mine."),
        ("theirs", "Tired, hopeful."),
        ("both", "Tired, hopeful.\n\nMine."),
        ("", "Tired, hopeful.\n\nMine."),
    ],
)
def test_of_two_versions_the_chosen_one_is_saved(as_: As, ines: Person, alice: Person, keep: str, becomes: str) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    sent(browser, appointment.id)
    choice = TYPED | {"base_version": "1", "tab": "tab-two", "subjective": "Mine.", "keep-subjective": keep}
    answer = browser.post(f"/appointments/{appointment.id}/note/versions", data=choice)
    assert answer.status_code == 303
    words = opening.words_of(note_of(appointment.id))
    assert (words.text("subjective"), words.text("plan")) == (becomes, "Sleep diary.")
    assert "data-settled" in browser.get(answer.location).text


def test_a_choice_between_versions_that_are_old_again_is_asked_again(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    sent(browser, appointment.id)
    sent(browser, appointment.id, base_version="1", subjective="Newer.")
    choice = TYPED | {"base_version": "1", "tab": "tab-two", "subjective": "Mine.", "keep-subjective": "mine"}
    page = browser.post(f"/appointments/{appointment.id}/note/versions", data=choice)
    assert page.status_code == 409
    assert "Newer." in page.text
    assert "Mine." in page.text


def test_a_note_signed_in_the_other_tab_gives_the_words_back(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    a_signed_note(appointment)
    by_script = sent(browser, appointment.id, base_version="1")
    assert by_script.status_code == 423
    assert by_script.json
    assert by_script.json["address"] == f"/notes/{note_of(appointment.id).id}"
    page = browser.post(f"/appointments/{appointment.id}/note", data=TYPED | {"base_version": "1"})
    assert page.status_code == 409
    assert "Tired, hopeful." in page.text


def test_the_editor_stands_beside_the_video_as_a_part(as_: As, ines: Person, alice: Person) -> None:
    appointment = a_session(ines, alice)
    a_draft(appointment)
    part = as_(ines).get(f"/appointments/{appointment.id}/note?beside=1").text
    assert "<html" not in part
    assert "data-note-editor" in part
    assert SLEEP.text("plan") in part
    assert "Review and sign" not in part


def test_a_signed_note_beside_the_video_only_says_so(as_: As, ines: Person, alice: Person) -> None:
    appointment = a_session(ines, alice)
    a_signed_note(appointment)
    part = as_(ines).get(f"/appointments/{appointment.id}/note?beside=1").text
    assert "Signed by Ines Calder" in part
    assert "<textarea" not in part


def test_last_times_plan_stands_beside_the_page(as_: As, ines: Person, alice: Person, clock: FrozenClock) -> None:
    a_signed_note(a_session(ines, alice, starts_at=clock.now() - timedelta(days=7)))
    page = as_(ines).get(f"/appointments/{a_session(ines, alice).id}/note").text
    assert "Last time" in page
    assert SLEEP.text("plan") in page


def test_signing_asks_once_more_and_then_locks(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    answer = browser.post(f"/appointments/{appointment.id}/note", data=TYPED | {"then": "sign"})
    note = note_of(appointment.id)
    assert answer.location == f"/notes/{note.id}/signature"
    review = browser.get(answer.location)
    assert "Sign and lock" in review.text
    assert "Sleep diary." in review.text
    signed = browser.post(f"/notes/{note.id}/signature", data={"version": "1"})
    assert (signed.status_code, signed.location) == (303, f"/notes/{note.id}")
    page = browser.get(signed.location).text
    assert "Signed by Ines Calder" in page
    assert str(note_of(appointment.id).fingerprint) in page
    assert browser.get(f"/appointments/{appointment.id}/note").location == f"/notes/{note.id}"
    assert browser.get(f"/notes/{note.id}/signature").location == f"/notes/{note.id}"
    assert browser.post(f"/notes/{note.id}/signature", data={"version": "1"}).location == f"/notes/{note.id}"


@pytest.mark.parametrize("version", ["0", "7", "", "one"])
def test_signing_something_else_than_was_read_is_refused(as_: As, ines: Person, alice: Person, version: str) -> None:
    note = a_draft(a_session(ines, alice), HARVEST)
    page = as_(ines).post(f"/notes/{note.id}/signature", data={"version": version})
    assert page.status_code == 409
    assert "Read it once more" in page.text
    assert not note_of(note.appointment_id).is_signed


def test_a_held_time_has_nothing_to_note(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice, status="held")
    assert browser.get(f"/appointments/{appointment.id}/note").status_code == 409
    assert browser.post(f"/appointments/{appointment.id}/note", data=TYPED).status_code == 409


def test_an_expired_session_says_so_and_saves_nothing(client: PageClient, ines: Person, alice: Person) -> None:
    appointment = a_session(ines, alice)
    assert sent(client, appointment.id).status_code == 401
    assert client.get(f"/appointments/{appointment.id}/note").status_code == 303
    assert queries.note_of(appointment) is None


def test_a_choice_for_a_note_signed_meanwhile_gives_the_words_back(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    a_signed_note(appointment)
    page = browser.post(f"/appointments/{appointment.id}/note/versions", data=TYPED | {"base_version": "1"})
    assert page.status_code == 409
    assert "Tired, hopeful." in page.text


def test_a_choice_too_long_to_save_is_said_in_words(as_: As, ines: Person, alice: Person) -> None:
    browser, appointment = as_(ines), a_session(ines, alice)
    sent(browser, appointment.id)
    choice = TYPED | {"base_version": "1", "plan": "word " * 4001}
    assert browser.post(f"/appointments/{appointment.id}/note/versions", data=choice).status_code == 422


def test_a_counselors_browser_forgets_its_drafts_on_signing_out(as_: As, ines: Person, alice: Person) -> None:
    assert as_(ines).post("/sign-out").headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in as_(alice).post("/sign-out").headers
    assert "Clear-Site-Data" not in as_(ines).post("/sign-out", data={"drafts": "gone"}).headers
