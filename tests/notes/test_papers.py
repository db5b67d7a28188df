"""A chart on paper: what is printed, what stays out, and how anybody learns that a paper is ours."""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from notes import services
from notes.models import PSYCHOTHERAPY
from notes.papers import codes
from notes.papers.models import Paper
from notes.plans import services as plans
from notes.plans.document import PROBLEM, Line, add
from notes.safety import services as safety
from notes.safety.steps import SafetyWords
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.printing import PrintingTooSlowError
from practice.models import Person
from tests.fakes import FakePrinter, FrozenClock
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_given
from tests.notes.scenes import HARVEST, LETTER, SLEEP, a_draft, a_note_apart, a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def code_on(printer: FakePrinter) -> str:
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", printer.printed[-1])
    assert found
    return found[0]


@given(st.data())
def test_a_code_is_read_however_it_is_typed(data: st.DataObject) -> None:
    code = codes.fresh()
    typed = data.draw(st.sampled_from([code, code.lower(), code.replace("-", " "), code.replace("0", "O")]))
    assert codes.plain(typed.replace("1", data.draw(st.sampled_from("1Il")))) == code.replace("-", "")


@pytest.mark.parametrize("typed", ["", "7K3M-Q9TD", "7K3M-Q9TD-V2XU", "7K3M-Q9TD-V2XC-1"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.plain(typed) is None


def test_a_chart_is_printed_signed_notes_first_session_first(
    as_: As, ines: Person, alice: Person, ben: Person, clock: FrozenClock, printer: FakePrinter
) -> None:
    later = a_signed_note(a_session(ines, alice, starts_at=clock.now() - timedelta(days=2)), SLEEP)
    first = a_signed_note(a_session(ines, alice, starts_at=clock.now() - timedelta(days=9)), LETTER)
    a_draft(a_session(ines, alice), HARVEST)
    a_signed_note(a_session(ines, ben), HARVEST)
    answer = as_(ines).get(f"/clients/{alice.id}/chart.pdf")
    assert answer.mimetype == "application/pdf"
    assert "Alice" not in answer.headers["Content-Disposition"]
    (page,) = printer.printed
    assert page.index(LETTER.text("data")) < page.index(SLEEP.text("plan"))
    assert HARVEST.text("text") not in page
    assert "How this note came about" not in page
    (kept,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "chart.exported"))
    assert kept.detail == {"notes": [first.id, later.id], "history": False}
    assert (kept.subject_kind, kept.subject_id) == ("person", alice.id)


def test_only_sessions_between_the_days_are_printed(
    as_: As, ines: Person, alice: Person, clock: FrozenClock, printer: FakePrinter
) -> None:
    midnight = clock.now().replace(hour=5)  # in New York, where Ines lives
    for moment, words in (
        (midnight - timedelta(hours=1), HARVEST),
        (midnight, LETTER),
        (midnight + timedelta(days=1), SLEEP),
    ):
        a_signed_note(a_session(ines, alice, starts_at=moment), words, now=midnight + timedelta(days=2))
    day = midnight.date().isoformat()
    as_(ines).get(f"/clients/{alice.id}/chart.pdf?first={day}&last={day}")
    (page,) = printer.printed
    assert LETTER.text("data") in page
    assert HARVEST.text("text") not in page
    assert SLEEP.text("plan") not in page
    assert "23 November 2026 to 23 November 2026" in page


def test_the_rest_of_the_chart_is_printed_beside_the_notes_when_it_is_chosen(
    as_: As, ines: Person, alice: Person, clock: FrozenClock, printer: FakePrinter
) -> None:
    chart = a_signed_note(a_session(ines, alice, starts_at=clock.now() - timedelta(days=2)), SLEEP).chart
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    safety.save(chart, SafetyWords({"signs": "I stop cooking"}), base_version=0, by=ines, now=clock.now())
    line = Line("aa11", PROBLEM, "Wakes at four")
    plans.save(chart, lambda plan: add(plan, line), author=ines, now=clock.now())
    apart = a_note_apart(ines, alice, kind=PSYCHOTHERAPY)
    services.save_draft(apart, HARVEST, base_version=0, tab="one", now=clock.now())
    db.session.commit()
    address, rest = f"/clients/{alice.id}/chart.pdf", ("9 of 27, mild", "I stop cooking", "Wakes at four")
    as_(ines).get(address)
    as_(ines).get(f"{address}?with=sessions&with=measures&with=plan&with=safety&with=apart")
    bare, whole = printer.printed
    for words in rest:
        assert words in whole
        assert words not in bare
    assert HARVEST.text("text") not in whole
    for _ in range(15):
        something_given(ines, alice, NINTH_ABOVE_ZERO)
    long = as_(ines).get(f"{address}?with=measures")
    assert (long.status_code, "too long for one PDF" in long.text) == (422, True)


@pytest.mark.parametrize(
    "days", ["first=2026-12-02&last=2026-12-01", "first=soon", "first=0001-01-01", "first=2100-01-01"]
)
def test_days_that_make_no_range_are_asked_for_again(as_: As, ines: Person, alice: Person, days: str) -> None:
    a_signed_note(a_session(ines, alice))
    assert as_(ines).get(f"/clients/{alice.id}/chart.pdf?{days}").status_code == 422


def test_the_page_before_says_what_stays_out(as_: As, ines: Person, alice: Person, ben: Person) -> None:
    address = f"/clients/{alice.id}/chart/print"
    a_draft(a_session(ines, alice))
    a_draft(a_session(ines, ben))
    assert "Nothing to print yet" in as_(ines).get(address).text
    a_signed_note(a_session(ines, alice))
    page = as_(ines).get(address).text
    assert "1 signed note" in page
    assert "1 draft stays out" in page


@pytest.mark.parametrize("stranger", ["clara", "omar", "alice"])
def test_nobody_else_prints_a_chart(
    request: pytest.FixtureRequest, as_: As, ines: Person, alice: Person, stranger: str, printer: FakePrinter
) -> None:
    a_signed_note(a_session(ines, alice))
    browser = as_(request.getfixturevalue(stranger))
    for address in (f"/clients/{alice.id}/chart/print", f"/clients/{alice.id}/chart.pdf"):
        assert browser.get(address).status_code == 404
    assert printer.printed == []


def test_a_paper_that_could_not_be_set_is_not_kept(app: Flask, as_: As, ines: Person, alice: Person) -> None:
    class Slow:
        def pdf(self, html: str, *, title: str, **_more: object) -> bytes:
            raise PrintingTooSlowError

    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=Slow())
    a_signed_note(a_session(ines, alice))
    assert as_(ines).get(f"/clients/{alice.id}/chart.pdf").location == f"/clients/{alice.id}/chart/print"
    assert db.session.scalars(select(Paper)).all() == []


def test_anybody_learns_that_a_paper_is_ours_and_nothing_else(
    as_: As, client: PageClient, ines: Person, alice: Person, printer: FakePrinter
) -> None:
    note = a_signed_note(a_session(ines, alice))
    file = as_(ines).get(f"/notes/{note.id}.pdf").data
    code, digest = code_on(printer), hashlib.sha256(file).hexdigest()
    (paper,) = db.session.scalars(select(Paper))
    assert (paper.sha256, paper.code_hash) == (digest, hashlib.sha256(code.replace("-", "").encode()).hexdigest())
    for sent, said in (
        ({"code": code.lower()}, "We issued a document with this code"),
        ({"sha256": digest}, "This is ours, and unchanged"),
        ({"file": (io.BytesIO(file), "a.pdf")}, "This is ours, and unchanged"),
        ({"code": code, "file": (io.BytesIO(file), "a.pdf")}, "This is ours, and unchanged"),
        ({"code": code, "file": (io.BytesIO(file + b" "), "a.pdf")}, "This file is not what we issued"),
        ({"code": codes.fresh(), "sha256": digest}, "This file is not what we issued"),
        ({"code": codes.fresh()}, "We do not know this document"),
        ({"sha256": "0" * 64}, "We do not know this document"),
    ):
        answer = client.post("/verify", data=sent, content_type="multipart/form-data")
        assert answer.status_code == 200
        assert said in answer.text
        for word in ("Alice", "Moreau", "Calder", "Progress", "Chart"):
            assert word not in answer.text


def test_a_question_without_a_code_or_file_is_asked_again(client: PageClient) -> None:
    assert "Type the code" in client.post("/verify", data={}).text
    assert client.post("/verify", data={"code": "7K3M"}).status_code == 422
    assert client.get("/verify").status_code == 200


def test_whoever_tries_code_after_code_is_told_to_wait(client: PageClient) -> None:
    for _ in range(60):
        client.post("/verify", data={"sha256": "0" * 64})
    assert client.post("/verify", data={"sha256": "0" * 64}).status_code == 429
