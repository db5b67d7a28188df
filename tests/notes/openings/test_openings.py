"""Outside the care team a chart opens for a reason, which its counselor looks into and its client sees."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from notes.custody import access
from notes.custody.models import SUCCESSOR
from notes.models import Note
from notes.openings import rules, services
from notes.openings.models import ChartOpening
from notes.vault import VaultRefusedError
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_given
from tests.notes.openings.scenes import a_lent_chart, away, the_opening
from tests.notes.scenes import SLEEP, a_session, a_signed_note
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
ANSWER = "Their sister rang and was worried about the weekend."


@pytest.fixture
def note(ines: Person, alice: Person, clara: Person) -> Note:
    """A signed note by Ines about Alice, whose chart is lent to Clara."""
    written = a_signed_note(a_session(ines, alice))
    a_lent_chart(written.chart, clara)
    return written


def opened(as_: As, who: Person, note: Note, reason: str = "emergency") -> ChartOpening:
    """Open the chart with a reason."""
    answer = as_(who).post(f"/charts/lent/{note.chart_id}/reason", data={"reason": reason})
    assert answer.status_code == 303
    return the_opening()


def last_view() -> AuditEntry:
    """Read the latest entry of a chart that was viewed."""
    views = select(AuditEntry).where(AuditEntry.action == "chart.viewed").order_by(AuditEntry.id.desc()).limit(1)
    return db.session.scalars(views).one()


def test_who_is_outside_the_team_says_why_before_a_word_is_shown(
    as_: As, ines: Person, alice: Person, clara: Person, note: Note, clock: FrozenClock
) -> None:
    browser, chart = as_(clara), f"/charts/lent/{note.chart_id}"
    asked = browser.get(chart, follow_redirects=True)
    assert "Why do you open this chart?" in asked.text
    assert "looks into it" in asked.text
    assert SLEEP.text("plan") not in asked.text
    refused = browser.post(f"{chart}/reason", data={"reason": "curiosity"})
    assert refused.status_code == 422
    assert "Choose why you open this chart." in refused.text
    answer = browser.post(f"{chart}/reason", data={"reason": "emergency", "next": chart}, follow_redirects=True)
    assert SLEEP.text("plan") in answer.text
    assert browser.get(chart).status_code == 200, "asked once for a sitting"
    assert browser.post(f"{chart}/reason", data={"reason": "law"}).status_code == 303
    assert (the_opening().person_id, the_opening().reason) == (clara.id, "emergency")
    assert (last_view().acting, last_view().reason) == ("cover", "emergency")
    seen = as_(alice).get("/account/record-access").text
    assert "Clara Voss</strong> covering for your counselor" in seen
    assert "because: an emergency" in seen
    clock.advance(hours=12)
    assert as_(clara).get(chart).status_code == 303, "another sitting, another reason"


def test_the_care_team_is_not_asked(
    as_: As, ines: Person, alice: Person, clara: Person, note: Note, clock: FrozenClock
) -> None:
    chart = f"/charts/lent/{note.chart_id}"
    off = away(ines)
    assert as_(clara).get(chart).status_code == 200
    assert last_view().reason == "cover"
    assert as_(clara).get(f"{chart}/reason").status_code == 303
    off.ends_at = clock.now()
    db.session.commit()
    assert as_(clara).get(chart).status_code == 303
    met = a_session(clara, alice, starts_at=clock.now() + timedelta(days=13), status="confirmed")
    assert as_(clara).get(chart).status_code == 200
    assert last_view().reason == "session"
    met.starts_at, met.ends_at = met.starts_at + timedelta(days=9), met.ends_at + timedelta(days=9)
    met.blocked_from, met.blocked_until = met.starts_at, met.ends_at
    db.session.commit()
    assert as_(clara).get(chart).status_code == 303
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    assert as_(clara).get(chart).status_code == 200
    assert last_view().reason == "alert"
    assert db.session.scalars(select(ChartOpening)).all() == []


def test_a_successor_who_has_not_met_the_client_says_why(
    as_: As, ines: Person, alice: Person, ben: Person, clara: Person
) -> None:
    written = a_signed_note(a_session(ines, ben))
    a_lent_chart(written.chart, clara, kind=SUCCESSOR)
    browser, chart = as_(clara), f"/charts/lent/{written.chart_id}"
    assert browser.get(chart).status_code == 303
    assert browser.post(f"{chart}/reason", data={"reason": "handover"}).status_code == 303
    assert browser.get(chart).status_code == 200
    assert (last_view().acting, last_view().reason) == ("successor", "handover")


def test_its_counselor_asks_is_answered_and_settles(
    as_: As, ines: Person, clara: Person, omar: Person, note: Note
) -> None:
    row = opened(as_, clara, note)
    address = f"/charts/openings/{row.id}"
    assert "1 opening of your charts" in as_(ines).get("/today").text
    assert "Clara Voss" in as_(ines).get("/charts/openings").text
    assert as_(clara).post(f"{address}/question").status_code == 404, "not about one's own"
    assert as_(clara).post(f"{address}/answer", data={"words": ANSWER}).status_code == 409, "not asked yet"
    assert as_(ines).post(f"{address}/question").status_code == 303
    assert "asks why you opened a chart" in as_(clara).get("/today").text
    assert as_(clara).post(f"{address}/answer", data={"words": ""}).status_code == 422
    access.take_back(note.chart, clara, by=ines, now=row.opened_at)
    db.session.commit()
    assert as_(clara).post(f"{address}/answer", data={"words": ANSWER}).status_code == 303
    assert ANSWER in as_(ines).get(address).text
    assert ANSWER not in as_(clara).get(address).text
    assert ANSWER not in as_(omar).get(f"/openings/{row.id}").text
    assert as_(ines).post(f"{address}/verdict", data={"verdict": "perhaps"}).status_code == 303
    assert the_opening().verdict is None
    assert as_(ines).post(f"{address}/verdict", data={"verdict": "expected"}).status_code == 303
    assert the_opening().verdict == "expected"
    assert (
        "settled already" in as_(ines).post(f"{address}/verdict", data={"verdict": "amiss"}, follow_redirects=True).text
    )
    assert ANSWER.encode() not in (the_opening().answer or b"")
    vaults.hold_anew()
    with vaults.held_by(omar), pytest.raises(VaultRefusedError):
        services.answer_of(the_opening())


def test_what_was_not_right_goes_to_the_practice(
    as_: As, ines: Person, alice: Person, clara: Person, omar: Person, note: Note
) -> None:
    row = opened(as_, clara, note)
    assert "to look at" not in as_(omar).get("/day").text
    as_(ines).post(f"/charts/openings/{row.id}/verdict", data={"verdict": "amiss"})
    assert "1 opening of a chart to look at" in as_(omar).get("/day").text
    page = as_(omar).get("/openings").text
    assert "Clara Voss" in page
    assert SLEEP.title not in as_(omar).get(f"/openings/{row.id}").text
    assert as_(omar).post(f"/openings/{row.id}/noted").status_code == 303
    assert the_opening().noted_by_id == omar.id
    assert "Nothing to look at" in as_(omar).get("/openings").text
    assert "Dealt with" in as_(omar).get("/openings?show=amiss").text
    assert "nothing to deal with" in as_(omar).post(f"/openings/{row.id}/noted", follow_redirects=True).text


def test_what_nobody_looks_at_comes_before_the_practice(
    as_: As, ines: Person, clara: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    row = opened(as_, clara, note)
    assert "Nothing to look at" in as_(omar).get("/openings").text
    clock.advance(days=7)
    assert "Clara Voss" in as_(omar).get("/openings").text
    assert "Nobody by that name here" in as_(omar).get("/openings?show=all&name=Zoe").text
    assert "Clara Voss" in as_(omar).get("/openings?show=all&name=alice").text
    assert as_(omar).post(f"/openings/{row.id}/question").status_code == 303
    assert as_(omar).post(f"/openings/{row.id}/verdict", data={"verdict": "expected"}).status_code == 303
    assert the_opening().settled_by_id == omar.id


def test_to_strangers_an_opening_is_not_there(as_: As, ines: Person, ben: Person, clara: Person, note: Note) -> None:
    row = opened(as_, clara, note)
    for address in (f"/charts/openings/{row.id}", f"/openings/{row.id}"):
        assert as_(ben).get(address).status_code == 404
    assert as_(clara).get(f"/openings/{row.id}").status_code == 404
    assert as_(ines).get(f"/charts/lent/{note.chart_id}/reason").status_code == 404


def test_who_opened_and_why_cannot_be_rewritten(as_: As, clara: Person, note: Note) -> None:
    row = opened(as_, clara, note)
    for change in ({"reason": "request"}, {"opened_at": row.opened_at - timedelta(days=9)}):
        with pytest.raises(DatabaseError, match="stays as it was written"):
            db.session.execute(db.update(ChartOpening).values(**change))
        db.session.rollback()
    with pytest.raises(DatabaseError, match="stays as it was written"):
        db.session.execute(db.delete(ChartOpening))
    db.session.rollback()
    with pytest.raises(DatabaseError, match="settled_by_another"):
        services.settle(the_opening(), rules.EXPECTED, by=clara, now=row.opened_at)
    db.session.rollback()
