"""A client asks, a counselor answers in time, and nobody else reads a word."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from notes import keys
from notes.models import Addendum, Chart
from notes.opening import text_of
from notes.requests import demo, notices, queries, services
from notes.requests.clocks import CORRECTION, ERASURE
from notes.requests.models import DENIED, OPEN, RecordRequest, Saying
from notes.vault import VaultRefusedError
from practice.core import outbox
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests import builders
from tests.fakes import MONDAY_MORNING, FrozenClock
from tests.notes.scenes import a_session, a_signed_note
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
WRONG = "I live alone; my sister moved out."
DUE = "22 Jan 2027"


@pytest.fixture
def chart(ines: Person, alice: Person) -> Chart:
    """Let there be a signed note on Alice."""
    return a_signed_note(a_session(ines, alice)).chart


def asked(client: Person, chart: Chart | None, kind: str = CORRECTION, text: str = WRONG) -> RecordRequest:
    """Ask on Monday morning."""
    found = services.ask(client=client, kind=kind, chart=chart, text=text, now=MONDAY_MORNING)
    db.session.commit()
    return found


def the_request() -> RecordRequest:
    """Read the one request there is, as it is now."""
    db.session.expire_all()
    return db.session.scalars(db.select(RecordRequest)).one()


def refuse(as_: As, ines: Person, request: RecordRequest) -> None:
    """Refuse a correction on the counselor's page."""
    sent = {"state": "denied", "ground": "accurate", "answer": "It was so in March."}
    assert as_(ines).post(f"/requests/{request.id}/answer", data=sent).status_code == 303


@pytest.mark.usefixtures("chart")
def test_a_correction_is_asked_and_its_words_come_back(as_: As, ines: Person, alice: Person) -> None:
    assert "Ask for a correction" in as_(alice).get("/account/requests").text
    empty = as_(alice).post("/account/requests/new/correction", data={"text": " "})
    assert empty.status_code == 422
    assert "Say what is not right" in empty.text
    assert as_(alice).post("/account/requests/new/correction", data={"text": WRONG}).status_code == 303
    request = the_request()
    assert WRONG in as_(alice).get(f"/account/requests/{request.id}").text
    page = as_(ines).get(f"/requests/{request.id}").text
    assert WRONG in page
    assert DUE in page
    assert "Asks for" in as_(ines).get("/requests").text
    assert as_(alice).get("/account/requests/new/anything").status_code == 404


def test_access_is_one_tap_and_two_taps_are_one_request(as_: As, alice: Person, chart: Chart) -> None:
    for _ in range(2):
        assert as_(alice).post("/account/requests/new/access").status_code == 303
    assert the_request().chart_id == chart.id
    assert as_(alice).post(f"/account/requests/{the_request().id}/withdrawal").status_code == 303
    assert the_request().state == "withdrawn"
    assert as_(alice).post(f"/account/requests/{the_request().id}/withdrawal").status_code == 303


def test_who_has_no_record_is_told_so(as_: As, alice: Person, omar: Person) -> None:
    assert "Ask for a correction" not in as_(alice).get("/account/requests").text
    assert as_(alice).post("/account/requests/new/correction", data={"text": WRONG}).status_code == 404
    as_(alice).post("/account/requests/new/erasure")
    request = the_request()
    assert as_(omar).post(f"/requests/practice/{request.id}/answer").status_code == 303
    assert "No counselor keeps a record" in as_(alice).get(f"/account/requests/{request.id}").text


def test_the_office_sees_clocks_and_no_word(as_: As, alice: Person, omar: Person, ines: Person, chart: Chart) -> None:
    request = asked(alice, chart)
    assert "Alice Moreau" in as_(omar).get("/requests/practice?q=moreau").text
    assert "Nothing like that" in as_(omar).get("/requests/practice?q=nobody").text
    page = as_(omar).get(f"/requests/practice/{request.id}").text
    assert DUE in page
    assert ines.name in page
    assert WRONG not in page
    with vaults.held_by(omar), pytest.raises(VaultRefusedError):
        services.opened(request)
    words = request.sayings[0].sealed
    assert WRONG.encode() not in words
    assert all(WRONG not in str(row.detail) for row in db.session.scalars(db.select(AuditEntry)))


def test_strangers_find_nothing(as_: As, alice: Person, chart: Chart) -> None:
    request = asked(alice, chart)
    clara, ben = builders.a_counselor("Clara Voss"), builders.a_client("Ben Adair")
    for path in (f"/requests/{request.id}", f"/clients/{alice.id}/requests/new"):
        assert as_(clara).get(path).status_code == 404
    assert as_(clara).post(f"/requests/{request.id}/answer").status_code == 404
    assert as_(ben).get(f"/account/requests/{request.id}").status_code == 404


def test_a_correction_agreed_to_becomes_an_addendum(as_: As, ines: Person, alice: Person, chart: Chart) -> None:
    request = asked(alice, chart)
    note_id = db.session.scalars(db.text("SELECT id FROM notes")).one()
    sent = {"state": "granted", "answer": "Alice lives alone.", "note": str(note_id)}
    assert as_(ines).post(f"/requests/{request.id}/answer", data=sent).status_code == 303
    assert text_of(db.session.scalars(db.select(Addendum)).one()) == "Alice lives alone."
    assert "Alice lives alone." in as_(alice).get(f"/account/requests/{request.id}").text
    assert (
        "settled in the meantime"
        in as_(ines).post(f"/requests/{request.id}/answer", data=sent, follow_redirects=True).text
    )


def test_a_refusal_names_its_ground_and_the_disagreement_goes_with_the_record(
    as_: As, ines: Person, alice: Person, chart: Chart
) -> None:
    request = asked(alice, chart)
    groundless = as_(ines).post(f"/requests/{request.id}/answer", data={"state": "denied", "answer": "No."})
    assert groundless.status_code == 422
    refuse(as_, ines, request)
    page = as_(alice).get(f"/account/requests/{request.id}").text
    assert "accurate and complete" in page
    assert "Secretary of Health and Human Services" in page
    url = f"/account/requests/{request.id}/disagreement"
    assert as_(alice).post(url, data={"statement": ""}).status_code == 422
    assert as_(alice).post(url, data={"statement": "It was never so."}).status_code == 303
    assert as_(alice).post(url, data={"statement": "Twice."}).status_code == 303
    assert [each.kind for each in the_request().sayings] == ["asked", "answer", "disagreement"]
    assert "It was never so." in as_(ines).get(f"/clients/{alice.id}/chart").text
    as_(ines).post(f"/requests/{request.id}/reply", data={"reply": "Noted."})
    assert "Noted." in as_(alice).get(f"/account/requests/{request.id}").text
    assert queries.disputes_of(chart) == [the_request()]


def test_time_is_taken_once_in_time_and_with_a_reason(
    as_: As, ines: Person, alice: Person, chart: Chart, clock: FrozenClock
) -> None:
    request, url = asked(alice, chart), ""
    url = f"/requests/{request.id}/extension"
    assert as_(ines).post(url, data={"reason": ""}).status_code == 422
    assert as_(ines).post(url, data={"reason": "The old file is on paper."}).status_code == 303
    assert the_request().due_on.isoformat() == "2027-02-21"
    assert "The old file is on paper." in as_(alice).get(f"/account/requests/{request.id}").text
    assert "no second time" in as_(ines).post(url, data={"reason": "Again."}, follow_redirects=True).text
    late = asked(alice, chart, ERASURE, "")
    clock.instant = MONDAY_MORNING + timedelta(days=40)
    assert (
        "no further time"
        in as_(ines).post(f"/requests/{late.id}/extension", data={"reason": "x"}, follow_redirects=True).text
    )
    assert "10 days late" in as_(ines).get("/requests").text


def test_letters_say_when_a_clock_ends_and_nothing_else(
    ines: Person, alice: Person, omar: Person, chart: Chart
) -> None:
    request = asked(alice, chart)
    told = []
    for days in (0, 52, 53, 58, 59, 60, 61, 70):
        notices.remind(now=MONDAY_MORNING + timedelta(days=days))
        due = [each for each in outbox.about((notices.SUBJECT, request.id)) if each.kind == notices.DUE]
        told.append((days, len(due)))
    assert told == [(0, 0), (52, 0), (53, 1), (58, 1), (59, 2), (60, 2), (61, 4), (70, 4)]
    assert {each.recipient_id for each in due} == {ines.id, omar.id}
    services.answer(request, DENIED, "No.", ground="accurate", by=ines, now=MONDAY_MORNING)
    db.session.expire_all()
    assert {each.state for each in due} == {"withdrawn"}


def test_what_came_by_letter_runs_from_the_day_it_came(as_: As, ines: Person, alice: Person, chart: Chart) -> None:
    url = f"/clients/{alice.id}/requests/new"
    assert as_(ines).get(url).status_code == 200
    future = {"kind": "access", "came_on": "2026-12-24"}
    assert as_(ines).post(url, data=future).status_code == 422
    sent = {"kind": "correction", "came_on": "2026-11-16", "text": WRONG}
    assert as_(ines).post(url, data=sent).status_code == 303
    assert the_request().due_on.isoformat() == "2027-01-15"
    assert the_request().chart_id == chart.id
    assert WRONG in as_(alice).get(f"/account/requests/{the_request().id}").text


def test_what_was_said_never_changes(ines: Person, alice: Person, chart: Chart) -> None:
    asked(alice, chart)
    for statement in (db.update(Saying).values(kind="answer"), db.delete(Saying)):
        with pytest.raises(DatabaseError, match="stays as it was said"):
            db.session.execute(statement)
        db.session.rollback()


def test_the_demo_has_one_that_waits(ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    demo.seed(None, {"ines": ines, "alice": alice}, MONDAY_MORNING)
    waiting = db.session.scalars(db.select(RecordRequest).where(RecordRequest.state == OPEN)).one()
    assert services.opened(waiting)[0].text.startswith("The note from")
    chart = keys.chart_of(counselor=ines, client=alice, now=MONDAY_MORNING)
    assert len(queries.restrictions_of(chart)) == 1
