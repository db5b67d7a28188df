"""What notes show on booking's pages, and what fills the demo."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from notes import demo, opening, panels
from notes.models import DRAFT, SIGNED, Addendum, Note
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import a_draft, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def test_the_sessions_page_offers_its_note_to_the_counselor_alone(
    app: Flask, as_: As, ines: Person, alice: Person, omar: Person
) -> None:
    appointment = a_session(ines, alice)
    address = f"/appointments/{appointment.id}"
    assert "Write note" in as_(ines).get(address).text
    for other in (alice, omar):
        page = as_(other).get(address)
        assert page.status_code == 200
        assert f"{address}/note" not in page.text
    a_draft(appointment)
    assert "Go on writing" in as_(ines).get(address).text


def test_a_signed_note_is_opened_from_its_session(as_: As, ines: Person, alice: Person) -> None:
    note = a_signed_note(a_session(ines, alice))
    page = as_(ines).get(f"/appointments/{note.appointment_id}").text
    assert f'href="/notes/{note.id}"' in page


def test_a_held_time_offers_no_note(app: Flask, ines: Person, alice: Person) -> None:
    with app.test_request_context():
        assert panels.of_appointment(appointment=a_session(ines, alice, status="held"), viewer=ines) is None


def test_today_names_the_notes_that_wait(as_: As, ines: Person, alice: Person, clara: Person) -> None:
    assert "Notes waiting" not in as_(ines).get("/today").text
    a_draft(a_session(ines, alice))
    for _ in range(5):
        a_session(ines, alice)
    page = as_(ines).get("/today").text
    assert "Notes waiting" in page
    assert "All 6" in page
    assert "Notes waiting" not in as_(clara).get("/today").text


def test_the_demo_has_signed_notes_a_draft_and_one_to_write(
    ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    for day in range(5):
        a_session(ines, (alice, ben)[day % 2], starts_at=clock.now() - timedelta(days=day + 1))
    a_session(ines, alice, starts_at=clock.now() + timedelta(days=1), status="confirmed")
    demo.seed(None, {}, clock.now())
    db.session.commit()
    counts = dict(db.session.execute(select(Note.status, func.count()).group_by(Note.status)).all())
    assert counts == {SIGNED: 3, DRAFT: 1}
    for note in db.session.scalars(select(Note)):
        assert not opening.words_of(note).blank
    assert db.session.scalar(select(func.count()).select_from(Addendum)) == 1
