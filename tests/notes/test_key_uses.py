"""Whoever's keys open a chart stands in the audit log: once for each chart, person and sitting."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select

from notes.custody import access
from notes.custody.models import COVER, KeyUse, OpenVault
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.openings.scenes import away
from tests.notes.scenes import HARVEST, a_draft, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def uses() -> list[tuple[int | None, int | None, int | None, str | None]]:
    """Read every use of a key: by whom, of which chart, about whom, in what role."""
    rows = select(AuditEntry).where(AuditEntry.action == "key.used").order_by(AuditEntry.id)
    return [(row.person_id, row.subject_id, row.about_id, row.acting) for row in db.session.scalars(rows)]


def test_a_key_used_many_times_in_a_sitting_is_written_down_once(as_: As, ines: Person, alice: Person) -> None:
    note, ours = a_signed_note(a_session(ines, alice)), a_session(ines, alice)
    draft = a_draft(ours, HARVEST)
    browser = as_(ines)
    assert browser.get(f"/notes/{note.id}").status_code == 200
    assert browser.get(f"/appointments/{ours.id}/note").status_code == 200
    assert browser.get(f"/notes/{note.id}").status_code == 200
    assert uses() == [(ines.id, draft.chart_id, alice.id, "counselor")]


def test_the_next_sitting_is_written_down_again(as_: As, ines: Person, alice: Person) -> None:
    note = a_signed_note(a_session(ines, alice))
    as_(ines).get(f"/notes/{note.id}")
    as_(ines).get(f"/notes/{note.id}")
    assert len(uses()) == 2
    db.session.execute(delete(OpenVault))
    db.session.commit()
    assert db.session.scalars(select(KeyUse)).all() == []


def test_what_opened_a_chart_and_then_failed_is_written_down_too(as_: As, ines: Person, alice: Person) -> None:
    ours = a_session(ines, alice)
    draft = a_draft(ours)
    sent = {"layout": "soap", "base_version": "0", "tab": "another", "subjective": "Written elsewhere."}
    assert as_(ines).post(f"/appointments/{ours.id}/note", data=sent).status_code == 409
    assert uses() == [(ines.id, draft.chart_id, alice.id, "counselor")]


def test_each_is_written_down_in_their_own_role(
    as_: As, ines: Person, alice: Person, clara: Person, clock: FrozenClock
) -> None:
    note = a_signed_note(a_session(ines, alice))
    access.give(note.chart, clara, kind=COVER, by=ines, now=clock.now(), ends_at=clock.now() + timedelta(days=1))
    db.session.commit()
    away(ines)
    as_(clara).get(f"/charts/lent/{note.chart_id}")
    as_(alice).get("/account/record.json")
    assert uses() == [(clara.id, note.chart_id, alice.id, "cover"), (alice.id, note.chart_id, alice.id, None)]
    assert "Used the key" not in as_(alice).get("/account/record-access").text
