"""What a client asked of the record goes with it; what was agreed is read before anything goes out."""

import json
from base64 import b64decode
from collections.abc import Callable

import pytest
from sqlalchemy import select

from notes.models import Chart
from notes.release.words import MEASURES, NOTES
from notes.requests import services as asking
from notes.requests.clocks import CORRECTION, RESTRICTION
from notes.requests.models import DENIED, GRANTED, RecordRequest
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FakePrinter
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_given
from tests.notes.release.scenes import a_release
from tests.notes.scenes import a_session, a_signed_note
from tests.support.pages import PageClient
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]
ALONE = "I live alone; my sister moved out."
LIMIT = "Do not tell my health plan."


def asked(chart: Chart, kind: str, text: str, state: str, answer: str) -> RecordRequest:
    """Let a client have asked something, and the counselor have answered."""
    request = asking.ask(client=chart.client, kind=kind, chart=chart, text=text, now=MONDAY_MORNING)
    ground = "accurate" if state == DENIED else ""
    asking.answer(request, state, answer, by=chart.counselor, now=MONDAY_MORNING, ground=ground)
    db.session.commit()
    return request


@pytest.fixture
def chart(ines: Person, alice: Person) -> Chart:
    """Let there be a note, a refused correction that is disputed, one that was agreed to, and a limit."""
    chart = a_signed_note(a_session(ines, alice)).chart
    refused = asked(chart, CORRECTION, ALONE, DENIED, "It was so in March.")
    asking.disagree(refused, "It was never so.", now=MONDAY_MORNING)
    asking.rebut(refused, "You told me of her.", by=ines, now=MONDAY_MORNING)
    asked(chart, CORRECTION, "My son is nine.", GRANTED, "Nine it is.")
    asked(chart, CORRECTION, "I was on time.", DENIED, "You were late.")
    asked(chart, RESTRICTION, LIMIT, GRANTED, "It hears nothing from us.")
    return chart


GOING = (
    *("Disputed by the client", ALONE, "It was so in March.", "It was never so.", "You told me of her."),
    *("Corrected as the client asked", "My son is nine.", "Nine it is."),
    "The record is accurate and complete as it is",
)


def test_what_was_agreed_is_read_first_and_corrections_go_with_the_notes(
    as_: As, ines: Person, alice: Person, chart: Chart, printer: FakePrinter
) -> None:
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    release = a_release(ines, alice, parts=(NOTES, MEASURES))
    browser, packet = as_(ines), f"/releases/{release.id}/packet.pdf?parts="
    page = browser.get(f"/releases/{release.id}").text
    for said in (LIMIT, "It hears nothing from us.", "Corrections that Alice asked for go with the notes"):
        assert said in page
    unread = browser.get(f"{packet}notes")
    assert (unread.status_code, "Read what was agreed" in unread.text, printer.printed) == (422, True, [])
    for parts in ("notes", "measures"):
        assert browser.get(f"{packet}{parts}&heeded=1").mimetype == "application/pdf"
    with_notes, without = printer.printed
    for said in GOING:
        assert said in with_notes
    for out in (LIMIT, "You were late."):
        assert out not in with_notes
    assert ALONE not in without
    prepared = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "release.prepared")).first()
    assert prepared
    assert len(prepared.detail["limits_read"]) == 1
    assert LIMIT in browser.get(f"/clients/{alice.id}/disclosures/new").text


def test_a_limit_that_does_not_open_still_warns(as_: As, ines: Person, alice: Person, chart: Chart) -> None:
    release = a_release(ines, alice)
    behind_its_back("UPDATE request_sayings SET sealed = :junk", junk=b"\x02junk")
    page = as_(ines).get(f"/releases/{release.id}").text
    assert "Ask Alice what was agreed" in page


def test_a_chart_is_printed_with_them(as_: As, ines: Person, alice: Person, chart: Chart, printer: FakePrinter) -> None:
    as_(ines).get(f"/clients/{alice.id}/chart.pdf")
    (page,) = printer.printed
    for said in GOING:
        assert said in page
    assert LIMIT not in page


def test_the_clients_own_copy_holds_all_they_asked(as_: As, alice: Person, chart: Chart, printer: FakePrinter) -> None:
    browser = as_(alice)
    assert "4 requests, with every answer" in browser.get("/account/record").text
    browser.get("/account/record.pdf")
    (page,) = printer.printed
    data = json.loads(browser.get("/account/record.json").data)
    told = [each["resource"] for each in data["entry"] if each["resource"]["resourceType"] == "DocumentReference"]
    words = "\n".join(b64decode(each["content"][0]["attachment"]["data"]).decode() for each in told)
    for said in (*GOING[1:5], "My son is nine.", "Nine it is.", "You were late.", LIMIT, "It hears nothing from us."):
        assert said in page
        assert said in words
    assert sum("relatesTo" in each for each in told) == 6
