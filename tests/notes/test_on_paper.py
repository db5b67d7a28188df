"""A note on the practice's paper, set by the real press."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from notes import services
from notes.layouts import FREE, SOAP
from notes.models import Note
from notes.plans import services as plans
from notes.plans.document import GOAL, PROBLEM, Line, add
from notes.release.words import PARTS
from notes.requests import services as asking
from notes.requests.clocks import CORRECTION
from notes.requests.models import GRANTED
from notes.retention.models import Erasure
from notes.safety import services as safety
from notes.safety.steps import SafetyWords
from notes.words import Words
from practice.core.db import db
from practice.core.printing import WarmPrinter
from practice.models import Person
from tests import builders
from tests.fakes import FrozenClock
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_given
from tests.notes.release.scenes import a_release, have_met
from tests.notes.scenes import SLEEP, a_draft, a_session, a_signed_note
from tests.notes.supervision.scenes import a_supervision
from tests.support.pages import PageClient
from tests.support.papers import faults, tags, verapdf_faults
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]
HOSTILE = """</p></section><h1>Forged</h1><img src="http://127.0.0.1:9/x"><link rel="attachment" href="file:///etc/hostname">
<style>body{display:none}</style>{{ 7*7 }}{% raw %}"""


@pytest.fixture(scope="module")
def press() -> Iterator[WarmPrinter]:
    warm = WarmPrinter(timeout=120)
    yield warm
    warm.close()


@pytest.fixture
def printed(app: Flask, press: WarmPrinter, as_: As, ines: Person) -> Callable[[Note], PdfReader]:
    """Fetch a note's PDF as Ines does."""
    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=press)

    def fetch(note: Note) -> PdfReader:
        answer = as_(ines).get(f"/notes/{note.id}.pdf")
        assert answer.status_code == 200
        return PdfReader(io.BytesIO(answer.data))

    return fetch


@pytest.fixture
def chart(printed: Callable[[Note], PdfReader], as_: As, ines: Person) -> Callable[[str], bytes]:
    """Fetch a chart's PDF as Ines does."""

    def fetch(address: str) -> bytes:
        answer = as_(ines).get(address)
        assert answer.status_code == 200
        return bytes(answer.data)

    return fetch


def text_of(paper: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def test_everything_a_record_needs_is_on_it(
    printed: Callable[[Note], PdfReader], ines: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_signed_note(a_session(ines, alice))
    services.amend(note, "The meeting went well.", author=ines, now=clock.now())
    db.session.commit()
    paper = printed(note)
    text = text_of(paper)
    for words in (
        *("Stillpoint", "hello@stillpoint.example", "Alice Moreau", "Ines Calder, LMHC", "LMHC NY-004417, New York"),
        *("New York time (UTC−5)", "Session, 50 minutes", "Page 1 of", "Confidential", "Addendum 1"),
        *("Signed and locked on Monday 23 November 2026, 04:00", "The meeting went well.", str(note.fingerprint)),
        *SLEEP.sections.values(),
    ):
        assert words in text
    assert paper.metadata
    assert paper.metadata.title == "Progress note"
    assert "/StructTreeRoot" in paper.root_object
    assert not paper.attachments


def test_hostile_words_are_printed_as_words(printed: Callable[[Note], PdfReader], ines: Person, alice: Person) -> None:
    words = Words(SOAP, "<b>bold</b>", {"subjective": HOSTILE, "plan": "Still visible."})
    paper = printed(a_signed_note(a_session(ines, alice), words))
    text = text_of(paper)
    for said in ("<b>bold</b>", "</p></section><h1>Forged</h1>", "<style>body{display:none}</style>", "{{ 7*7 }}"):
        assert said in text
    assert "Still visible." in text
    assert not paper.attachments


def test_a_note_of_many_pages_is_whole_and_numbered(
    printed: Callable[[Note], PdfReader], ines: Person, alice: Person
) -> None:
    lines = "\n".join(f"Line {number} of a long afternoon." for number in range(600))
    paper = printed(a_signed_note(a_session(ines, alice), Words(FREE, "", {"text": lines})))
    text = text_of(paper)
    assert len(paper.pages) > 5
    assert f"Page {len(paper.pages)} of {len(paper.pages)}" in text
    assert all(f"Line {number} of" in text for number in range(600))


def test_a_chart_with_its_history_is_whole_tagged_and_archival(
    chart: Callable[[str], bytes], ines: Person, alice: Person, clock: FrozenClock, tmp_path: Path
) -> None:
    note = a_draft(a_session(ines, alice))
    clock.advance(minutes=20)
    said = SLEEP.text("plan").replace("evening walk", "morning walk")
    later = replace(SLEEP, sections={**SLEEP.sections, "plan": said})
    for base, tab, words in ((1, "another", SLEEP), (2, "a third", later)):
        services.save_draft(note, words, base_version=base, tab=tab, now=clock.now())
    services.sign(note, version=note.version, signer=ines, now=clock.now())
    services.amend(note, "The meeting went well.", author=ines, now=clock.now())
    db.session.commit()
    a_signed_note(a_session(ines, alice), Words(FREE, "", {"text": HOSTILE}))
    pdf = chart(f"/clients/{alice.id}/chart.pdf?history=1")
    assert faults(pdf) == []
    assert {"/H1", "/H2", "/H3", "/H4", "/Art", "/Sect", "/Table", "/TH"} <= set(tags(pdf))
    text = text_of(PdfReader(io.BytesIO(pdf)))
    for words in ("All of it", "Addendum 1", "[evening ]morning walk", "How this note came about", "<h1>Forged</h1>"):
        assert words in text
    assert text.index("Version 1,") < text.index("Version 2,") < text.index("Version 3,")
    (tmp_path / "chart.pdf").write_bytes(pdf)
    assert not verapdf_faults(tmp_path / "chart.pdf")


def test_a_clients_own_record_is_tagged_and_archival(
    app: Flask, press: WarmPrinter, as_: As, ines: Person, alice: Person, clock: FrozenClock, tmp_path: Path
) -> None:
    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=press)
    note = a_signed_note(a_session(ines, alice), Words(FREE, "", {"text": HOSTILE}))
    services.amend(note, "The meeting went well.", author=ines, now=clock.now())
    safety.save(note.chart, SafetyWords({"signs": "I stop cooking"}), base_version=0, by=ines, now=clock.now())
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    behind_its_back("UPDATE addenda SET sealed = :junk WHERE note_id = :id", junk=b"\x02junk", id=note.id)
    pdf = as_(alice).get("/account/record.pdf").data
    assert faults(pdf) == []
    assert {"/H1", "/H2", "/H3", "/Art", "/Sect", "/Table", "/TH", "/L", "/LI"} <= set(tags(pdf))
    text = text_of(PdfReader(io.BytesIO(pdf)))
    for words in ("Your record", "I stop cooking", "<h1>Forged</h1>", "9 of 27, mild", "Addendum 1 to a progress note"):
        assert words in text
    (tmp_path / "own.pdf").write_bytes(pdf)
    assert not verapdf_faults(tmp_path / "own.pdf")


def test_a_packet_is_tagged_and_archival(
    app: Flask, press: WarmPrinter, as_: As, ines: Person, alice: Person, clock: FrozenClock, tmp_path: Path
) -> None:
    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=press)
    chart = a_signed_note(a_session(ines, alice), Words(FREE, "", {"text": HOSTILE})).chart
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    safety.save(chart, SafetyWords({"signs": "I stop cooking"}), base_version=0, by=ines, now=clock.now())
    lines = (Line("aa11", PROBLEM, "Sleeps too little"), Line("bb22", GOAL, "Seven hours", under="aa11"))
    for line in lines:
        plans.save(chart, lambda plan, line=line: add(plan, line), author=ines, now=clock.now())
    asked = asking.ask(client=alice, kind=CORRECTION, chart=chart, text=HOSTILE, now=clock.now())
    asking.answer(asked, GRANTED, "So it is.", by=ines, now=clock.now())
    release = a_release(ines, alice, parts=tuple(PARTS), substance_use=True)
    parts = "&".join(f"parts={part}" for part in PARTS)
    pdf = as_(ines).get(f"/releases/{release.id}/packet.pdf?{parts}").data
    assert faults(pdf) == []
    assert {"/H1", "/H2", "/H3", "/Art", "/Sect", "/Table", "/TH", "/L", "/LI"} <= set(tags(pdf))
    text = text_of(PdfReader(io.BytesIO(pdf)))
    for words in ("Sleeps too little", "I stop cooking", "9 of 27, mild", "<h1>Forged</h1>", "Corrected as the client"):
        assert words in text
    (tmp_path / "packet.pdf").write_bytes(pdf)
    assert not verapdf_faults(tmp_path / "packet.pdf")


def test_papers_of_one_page_are_tagged_and_archival(
    app: Flask, press: WarmPrinter, as_: As, ines: Person, clara: Person, alice: Person, omar: Person, tmp_path: Path
) -> None:
    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=press)
    release, supervision = a_release(ines, alice, substance_use=True), a_supervision(clara, ines, by=omar)
    have_met(ines, alice)
    for person, address in (
        (alice, f"/account/releases/{release.id}.pdf"),
        (alice, "/account/disclosures.pdf"),
        (alice, f"/account/releases/psychotherapy-notes/{ines.id}.pdf"),
        (ines, f"/supervision/{supervision.id}/hours.pdf"),
    ):
        pdf = as_(person).get(address).data
        assert faults(pdf) == []
        assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
        (tmp_path / "paper.pdf").write_bytes(pdf)
        assert not verapdf_faults(tmp_path / "paper.pdf")


def test_a_certificate_of_erasure_is_tagged_and_archival(
    app: Flask, press: WarmPrinter, as_: As, ines: Person, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=press)
    chart = a_signed_note(a_session(ines, alice)).chart
    clock.instant += timedelta(days=8 * 366)
    nora = builders.an_administrator("Nora Lind")
    assert as_(nora).post(f"/retention/charts/{chart.id}/review").status_code == 303
    as_(omar).post(f"/retention/charts/{chart.id}/erasure", data={"sure": "1"})
    pdf = db.session.scalars(select(Erasure.document)).one()
    assert faults(pdf) == []
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
