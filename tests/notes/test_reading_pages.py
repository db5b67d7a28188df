"""Reading, finding and printing; and who gets a 404."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from notes import services
from notes.custody.models import RingKey
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.printing import PrintingTooSlowError
from practice.models import Person, Practice
from tests.builders import a_client
from tests.fakes import FakePrinter, FrozenClock
from tests.notes.scenes import HARVEST, SLEEP, a_draft, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def deeds() -> list[tuple[str, int | None]]:
    kept = select(AuditEntry).where(AuditEntry.action.not_in(("vault.key_made", "key.used")))
    return [(entry.action, entry.person_id) for entry in db.session.scalars(kept.order_by(AuditEntry.id))]


@pytest.mark.parametrize("stranger", ["clara", "omar", "alice"])
def test_nobody_but_the_author_finds_anything(
    request: pytest.FixtureRequest, as_: As, ines: Person, alice: Person, stranger: str
) -> None:
    appointment = a_session(ines, alice)
    note = a_signed_note(appointment)
    open_note = a_draft(a_session(ines, alice))
    browser = as_(request.getfixturevalue(stranger))
    for address in (
        f"/notes/{note.id}",
        f"/notes/{note.id}.pdf",
        f"/notes/{open_note.id}/signature",
        f"/appointments/{appointment.id}/note",
        f"/appointments/{appointment.id}/note?beside=1",
        f"/clients/{alice.id}/chart",
    ):
        assert browser.get(address).status_code == 404, address
    for address in (
        f"/appointments/{appointment.id}/note",
        f"/appointments/{appointment.id}/note/versions",
        f"/notes/{open_note.id}/signature",
        f"/notes/{note.id}/addenda",
    ):
        assert browser.post(address, data={"version": "1", "base_version": "1"}).status_code == 404, address


def test_a_stranger_is_sent_to_sign_in(client: PageClient, ines: Person, alice: Person) -> None:
    note = a_signed_note(a_session(ines, alice))
    for address in ("/notes", f"/notes/{note.id}", f"/notes/{note.id}.pdf", f"/clients/{alice.id}/chart"):
        assert "/sign-in" in client.get(address).location


def test_a_counselor_who_is_also_administrator_sees_only_her_own(
    as_: As, ines: Person, clara: Person, alice: Person
) -> None:
    from practice.models import ADMINISTRATOR, PersonRole
    from tests.builders import LONG_AGO, saved

    saved(PersonRole(person_id=clara.id, role=ADMINISTRATOR, granted_at=LONG_AGO))
    note = a_signed_note(a_session(ines, alice))
    assert as_(clara).get(f"/notes/{note.id}").status_code == 404


def test_a_signed_note_reads_well_and_its_reading_is_kept(as_: As, ines: Person, alice: Person) -> None:
    note = a_signed_note(a_session(ines, alice))
    page = as_(ines).get(f"/notes/{note.id}").text
    for words in (SLEEP.title, *SLEEP.sections.values(), "Subjective", "Signed by Ines Calder"):
        assert words in page
    assert ("note.viewed", ines.id) in deeds()


def test_a_draft_opens_in_the_editor(as_: As, ines: Person, alice: Person) -> None:
    note = a_draft(a_session(ines, alice))
    assert as_(ines).get(f"/notes/{note.id}").location == f"/appointments/{note.appointment_id}/note"


def test_an_addendum_stands_below_and_an_empty_one_is_asked_for(as_: As, ines: Person, alice: Person) -> None:
    browser, note = as_(ines), a_signed_note(a_session(ines, alice))
    assert browser.post(f"/notes/{note.id}/addenda", data={"addendum": " "}).status_code == 422
    assert browser.post(f"/notes/{note.id}/addenda", data={"addendum": "x" * 10_001}).status_code == 422
    assert browser.post(f"/notes/{note.id}/addenda", data={"addendum": "The meeting went well."}).status_code == 303
    page = browser.get(f"/notes/{note.id}").text
    assert "Addendum 1" in page
    assert "The meeting went well." in page
    draft = a_draft(a_session(ines, alice))
    answer = browser.post(f"/notes/{draft.id}/addenda", data={"addendum": "Too early."})
    assert answer.location == f"/appointments/{draft.appointment_id}/note"


def test_the_board_shows_what_waits_oldest_first(
    as_: As, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    browser = as_(ines)
    assert "Nothing waits" in browser.get("/notes").text
    days = {name: clock.now() - timedelta(days=back) for name, back in (("old", 9), ("new", 2), ("signed", 5))}
    a_session(ines, ben, starts_at=days["old"])
    a_draft(a_session(ines, alice, starts_at=days["new"]))
    a_signed_note(a_session(ines, alice, starts_at=days["signed"]))
    a_session(ines, alice, starts_at=clock.now() + timedelta(days=1), status="confirmed")
    a_session(ines, alice, starts_at=clock.now() - timedelta(days=20), status="cancelled")
    page = browser.get("/notes").text
    assert "2 notes wait" in page
    assert page.index("Ben Okafor") < page.index("Alice Moreau")
    assert "Not begun" in page
    assert "Draft" in page
    signed = browser.get("/notes?show=signed").text
    assert "Alice Moreau" in signed
    assert "Ben Okafor" not in signed


def test_notes_are_found_by_any_part_of_the_clients_name(as_: As, ines: Person, alice: Person, ben: Person) -> None:
    for client in (alice, ben):
        a_draft(a_session(ines, client))
    browser = as_(ines)
    assert "Ben Okafor" not in browser.get("/notes?client=moREAU").text
    assert "Alice Moreau" in browser.get("/notes?client=ali+mor").text
    assert "Nobody by that name" in browser.get("/notes?client=%25").text
    assert "Nobody by that name" in browser.get("/notes?show=signed&client=Alice").text


@pytest.mark.parametrize("typed", ["émile", "EMILE", "zola", "Zo em"])
def test_names_are_found_without_their_accents_and_capitals(as_: As, ines: Person, typed: str) -> None:
    a_draft(a_session(ines, a_client("Émile Zola", email="emile@example.org")))
    assert "Émile Zola" in as_(ines).get(f"/notes?client={typed}").text


def test_the_board_turns_its_pages(as_: As, ines: Person, alice: Person, clock: FrozenClock) -> None:
    for day in range(23):
        a_session(ines, alice, starts_at=clock.now() - timedelta(days=day + 1))
    browser = as_(ines)
    assert "Page 1 of 2" in browser.get("/notes").text
    assert browser.get("/notes?page=2").text.count("<tr>") == 4
    for odd in ("99", "0", "-1", "x"):
        assert browser.get(f"/notes?page={odd}").status_code == 200


def test_a_note_is_late_after_the_days_the_practice_gives(
    as_: As, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    a_session(ines, alice, starts_at=clock.now() - timedelta(days=5, hours=1))
    a_session(ines, ben, starts_at=clock.now() - timedelta(days=2))
    browser = as_(ines)
    late = browser.get("/notes?show=late").text
    assert "2 days late" in late
    assert "Late (1)" in late
    assert "Ben Okafor" not in late
    db.session.scalars(select(Practice)).one().note_days = 7
    db.session.commit()
    assert "Nothing is late" in browser.get("/notes?show=late").text
    assert "days late" not in browser.get("/notes").text


@pytest.mark.parametrize(
    ("days", "found"), [("since=2026-11-20", 1), ("until=2026-11-19", 1), ("since=2026-11-18&until=2026-11-18", 1)]
)
def test_notes_are_found_by_their_days(
    as_: As, ines: Person, alice: Person, clock: FrozenClock, days: str, found: int
) -> None:
    for back in (5, 1):
        a_draft(a_session(ines, alice, starts_at=clock.now() - timedelta(days=back)))
    page = as_(ines).get(f"/notes?{days}").text
    assert page.count("<tr>") == found + 1
    assert "Nothing in these days" in as_(ines).get("/notes?since=2026-12-24").text
    assert as_(ines).get("/notes?since=soon").status_code == 200


def test_the_chart_is_a_clients_story_by_this_counselor_alone(
    as_: As, ines: Person, clara: Person, alice: Person, ben: Person
) -> None:
    note = a_signed_note(a_session(ines, alice))
    a_draft(a_session(ines, alice), HARVEST)
    a_session(clara, alice)
    page = as_(ines).get(f"/clients/{alice.id}/chart").text
    assert SLEEP.text("plan") in page
    assert HARVEST.text("text") in page
    assert f"/notes/{note.id}" in page
    assert ("chart.viewed", ines.id) in deeds()
    assert "No notes yet" in as_(clara).get(f"/clients/{alice.id}/chart").text
    assert as_(ines).get(f"/clients/{ben.id}/chart").status_code == 404


def test_the_pdf_holds_the_note_and_its_printing_is_kept(
    as_: As, ines: Person, alice: Person, printer: FakePrinter, clock: FrozenClock
) -> None:
    note = a_signed_note(a_session(ines, alice, starts_at=clock.now() - timedelta(days=1)))
    services.amend(note, "The meeting went well.", author=ines, now=clock.now())
    db.session.commit()
    answer = as_(ines).get(f"/notes/{note.id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert "Alice" not in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    (page,) = printer.printed
    assert note.fingerprint
    for words in (
        *SLEEP.sections.values(),
        "The meeting went well.",
        "Alice Moreau",
        "Ines Calder, LMHC",
        "New York time",
        "04:00",
        note.fingerprint,
    ):
        assert words in page
    assert ("note.exported", ines.id) in deeds()


def test_a_draft_is_not_printed(as_: As, ines: Person, alice: Person, printer: FakePrinter) -> None:
    note = a_draft(a_session(ines, alice))
    assert as_(ines).get(f"/notes/{note.id}.pdf").status_code == 303
    assert printer.printed == []


def test_a_printer_that_is_too_slow_loses_nothing(app: Flask, as_: As, ines: Person, alice: Person) -> None:
    from dataclasses import replace

    class Slow:
        def pdf(self, html: str, *, title: str, attachments: object = ()) -> bytes:
            raise PrintingTooSlowError

    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=Slow())
    browser, note = as_(ines), a_signed_note(a_session(ines, alice))
    assert browser.get(f"/notes/{note.id}.pdf").location == f"/notes/{note.id}"
    assert "Nothing is lost" in browser.get(f"/notes/{note.id}").text
    assert ("note.exported", ines.id) not in deeds()


def test_a_note_that_was_tampered_with_says_so_and_shows_nothing(
    as_: As, ines: Person, alice: Person, ben: Person
) -> None:
    note = a_signed_note(a_session(ines, alice))
    for envelope in db.session.scalars(select(RingKey)):
        envelope.wrapped = bytes(80)
    db.session.commit()
    page = as_(ines).get(f"/notes/{note.id}")
    assert page.status_code == 500
    assert "does not open" in page.text
    assert ("note.seal_broken", ines.id) in deeds()
