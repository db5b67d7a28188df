"""Charts lent until a day, taken back early, handed over for good; and what a colleague sees of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes import jobs, opening, services
from notes.custody import access
from notes.custody.models import SUCCESSOR, SUPERVISOR, Access
from notes.models import PSYCHOTHERAPY, Note
from notes.vault import VaultRefusedError
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.openings.scenes import away
from tests.notes.scenes import HARVEST, SLEEP, a_draft, a_note_apart, a_session, a_signed_note
from tests.notes.supervision.scenes import a_supervision
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.fixture
def note(ines: Person, alice: Person, ben: Person, clara: Person) -> Note:
    """A signed note by Ines about Alice, and one about Ben."""
    a_signed_note(a_session(ines, ben), HARVEST)
    return a_signed_note(a_session(ines, alice))


def form(colleague: Person, clock: FrozenClock, /, **changes: str) -> dict[str, str]:
    """Fill in the form for a week of cover."""
    ends_on = (clock.now() + timedelta(days=7)).date().isoformat()
    usual = {"kind": "cover", "colleague": str(colleague.id), "reach": "all", "ends_on": ends_on}
    return usual | changes


def entry(action: str) -> AuditEntry:
    """Read the latest entry of an action."""
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()))
    return found.first()


def test_a_colleague_covers_until_the_end_of_a_day(
    as_: As, ines: Person, alice: Person, clara: Person, note: Note, clock: FrozenClock
) -> None:
    assert "Nobody but you" in as_(ines).get("/charts/readers").text
    assert "Clara Voss" in as_(ines).get("/charts/readers/new").text
    chart = f"/charts/lent/{note.chart_id}"
    assert as_(clara).get(chart).status_code == 404
    assert as_(ines).post("/charts/readers/new", data=form(clara, clock)).status_code == 303
    shown = as_(ines).get("/charts/readers").text
    assert "Clara Voss" in shown
    assert "2 charts" in shown
    lent = as_(clara).get("/charts/readers").text
    assert "Lent to you" in lent
    assert alice.name in lent
    away(ines)
    page = as_(clara).get(chart)
    assert SLEEP.text("plan") in page.text
    viewed = entry("chart.viewed")
    assert (viewed.person_id, viewed.about_id, viewed.acting, viewed.reason) == (clara.id, alice.id, "cover", "cover")
    clock.advance(days=8)
    assert as_(clara).get(chart).status_code == 404
    assert "Nobody but you" in as_(ines).get("/charts/readers").text
    jobs.end_accesses(clock.now())
    db.session.commit()
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        opening.words_of(note)


def test_cover_ends_early_for_one_client_or_for_all(
    as_: As, ines: Person, clara: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    as_(ines).post("/charts/readers/new", data=form(clara, clock))
    row = db.session.scalars(select(Access).where(Access.chart_id == note.chart_id)).one()
    assert as_(clara).post(f"/charts/accesses/{row.id}/end").status_code == 404, "only who lent them ends it"
    assert as_(ines).post(f"/charts/accesses/{row.id}/end").status_code == 303
    assert as_(clara).get(f"/charts/lent/{note.chart_id}").status_code == 404
    assert "1 chart," in as_(ines).get("/charts/readers").text
    assert as_(ines).post(f"/charts/readers/{clara.id}/end").status_code == 303
    assert "Nobody but you" in as_(ines).get("/charts/readers").text
    assert as_(ines).post(f"/charts/readers/{clara.id}/end").status_code == 404
    vaults.hold_anew()
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        opening.words_of(note)
    assert opening.words_of(note) == SLEEP


def test_only_the_clients_ticked_are_lent(
    as_: As, ines: Person, ben: Person, clara: Person, note: Note, clock: FrozenClock
) -> None:
    none = as_(ines).post("/charts/readers/new", data=form(clara, clock, reach="some"))
    assert none.status_code == 422
    assert "Choose at least one client." in none.text
    sent = form(clara, clock, reach="some", charts=str(note.chart_id))
    assert as_(ines).post("/charts/readers/new", data=sent).status_code == 303
    assert ben.name not in as_(clara).get("/charts/readers").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colleague": ""}, "Choose a colleague."),
        ({"colleague": "999999"}, "Choose a colleague."),
        ({"ends_on": ""}, "Choose a day."),
        ({"ends_on": "2020-01-01"}, "That day is over."),
        ({"ends_on": "2199-01-01"}, "Choose a day within a year."),
        ({"kind": "spy"}, "Choose one."),
        ({"reach": "every"}, "Choose which clients."),
    ],
)
def test_what_cannot_be_is_explained(
    as_: As, ines: Person, clara: Person, note: Note, clock: FrozenClock, changes: dict[str, str], words: str
) -> None:
    answer = as_(ines).post("/charts/readers/new", data=form(clara, clock, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(Access)).all() == []


def test_a_successor_keeps_what_was_handed_over_and_can_pass_it_on(
    as_: As, ines: Person, alice: Person, clara: Person, note: Note, clock: FrozenClock
) -> None:
    draft = a_draft(a_session(ines, alice), HARVEST)
    private = a_note_apart(ines, alice, kind=PSYCHOTHERAPY)
    services.save_draft(private, HARVEST, base_version=0, tab="here", now=clock.now())
    db.session.commit()
    assert "1 note is not signed yet" in as_(ines).get("/charts/readers/new?as=successor").text
    assert as_(ines).post("/charts/readers/new", data=form(clara, clock, kind="successor")).status_code == 303
    clock.advance(days=400)
    a_session(clara, alice, starts_at=clock.now())
    page = as_(clara).get(f"/charts/lent/{note.chart_id}").text
    assert SLEEP.text("plan") in page
    assert HARVEST.text("text") in page
    assert "How long it is kept" in page
    assert (entry("chart.viewed").acting, entry("chart.viewed").reason) == ("successor", "session")
    assert sorted(entry("chart.viewed").detail["notes"]) == sorted((note.id, draft.id))
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        opening.words_of(private)
    assert alice.name in as_(clara).get("/charts/readers/new").text
    assert as_(clara).post(f"/charts/readers/{ines.id}/end").status_code == 404


def test_cover_does_not_touch_what_a_supervisor_or_successor_has(
    as_: As, ines: Person, clara: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    with vaults.held_by(ines):
        supervision = a_supervision(clara, ines, omar)
    refused = as_(ines).post("/charts/readers/new", data=form(clara, clock))
    assert refused.status_code == 409
    assert "Clara reads these charts already." in refused.text
    assert set(db.session.scalars(select(Access.kind))) == {SUPERVISOR}
    assert as_(ines).post(f"/charts/readers/{clara.id}/end").status_code == 404, "supervision ends elsewhere"
    assert "Supervises you" in as_(ines).get("/charts/readers").text
    assert supervision.ended_at is None
    as_(ines).post("/charts/readers/new", data=form(clara, clock, kind="successor"))
    as_(ines).post(f"/supervision/{supervision.id}/acceptance")
    as_(ines).post(f"/supervision/{supervision.id}/end")
    assert access.standing(note.chart, clara).kind == SUCCESSOR


def test_the_pages_are_a_counselors_own(
    as_: As, ines: Person, alice: Person, omar: Person, clara: Person, note: Note, clock: FrozenClock
) -> None:
    for stranger in (alice, omar):
        assert as_(stranger).get("/charts/readers").status_code == 404
        assert as_(stranger).post("/charts/readers/new", data=form(clara, clock)).status_code == 404
    stolen = form(ines, clock, reach="some", charts=str(note.chart_id))
    assert as_(clara).post("/charts/readers/new", data=stolen).status_code == 422, "not hers to lend"
