"""A client takes out their whole record by themselves: on paper and as data, and not a word of anybody else's."""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import insert, select

from notes import services
from notes.measures.models import MeasureAsking
from notes.models import CONTACT, PSYCHOTHERAPY, Note
from notes.own import contents
from notes.papers.models import OwnPaper
from notes.plans import services as plans
from notes.plans.document import PROBLEM, Line, add
from notes.safety import services as safety
from notes.safety.steps import SafetyWords
from notes.words import Words
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FakePrinter, FrozenClock
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_given
from tests.notes.scenes import HARVEST, LETTER, SLEEP, a_draft, a_note_apart, a_session, a_signed_note
from tests.support.pages import PageClient
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]
PAGE, PDF, DATA = "/account/record", "/account/record.pdf", "/account/record.json"
KINDS = ("Patient", "Practitioner", "Encounter", "DocumentReference", "QuestionnaireResponse", "Observation")


@pytest.fixture
def note(ines: Person, clara: Person, alice: Person, clock: FrozenClock) -> Note:
    """Let two counselors have written on Alice, and one of them everything that stays out."""
    signed = a_signed_note(a_session(ines, alice, starts_at=MONDAY_MORNING - timedelta(days=3)))
    services.amend(signed, "The meeting went well.", author=ines, now=clock.now())
    a_signed_note(a_session(clara, alice), LETTER)
    a_draft(a_session(ines, alice), HARVEST)
    apart = a_note_apart(ines, alice, kind=PSYCHOTHERAPY)
    services.save_draft(apart, HARVEST, base_version=0, tab="one", now=clock.now())
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    words = SafetyWords({"signs": "I stop cooking"})
    safety.save(signed.chart, words, base_version=0, by=ines, now=clock.now())
    line = Line("aa11", PROBLEM, "Sleeps too little")
    plans.save(signed.chart, lambda plan: add(plan, line), author=ines, now=clock.now())
    db.session.commit()
    return signed


def bundle_of(browser: PageClient) -> dict[str, Any]:
    """Fetch a record as data, which a FHIR library finds no fault with and whose references all lead somewhere.

    It knows R4B (4.3.0), in which these resources are those of R4 (4.0.1).
    """
    answer = browser.get(DATA)
    assert (answer.status_code, answer.mimetype) == (200, "application/fhir+json")
    told: dict[str, Any] = json.loads(answer.data)
    Bundle.model_validate(told)
    addresses = [entry["fullUrl"] for entry in told["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert set(re.findall(r'"reference": "([^"]+)"', answer.text)) <= set(addresses)
    return told


def of_kind(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def words_in(document: dict[str, Any]) -> str:
    return b64decode(document["content"][0]["attachment"]["data"]).decode()


def test_the_page_says_what_is_in_it_and_what_is_not(as_: As, alice: Person, note: Note) -> None:
    browser = as_(alice)
    page = browser.get(PAGE).text
    for said in ("Ines Calder", "Clara", "1 signed note", "PHQ-9", "with Ines Calder, as it stands", "1 answered"):
        assert said in page
    for out in ("Drafts", "164.524", "sealed for those who treat you", "Payments"):
        assert out in page
    for address in (PDF, DATA, "/account/record-access"):
        assert f'href="{address}"' in page
    assert PAGE in browser.get("/account").text


def test_nothing_yet_is_said_in_words(as_: As, alice: Person) -> None:
    page = as_(alice).get(PAGE).text
    assert "Nothing is in your record yet" in page
    assert PDF not in page
    assert [entry["resource"]["name"] for entry in bundle_of(as_(alice))["entry"]] == [[{"text": "Alice Moreau"}]]


def test_the_paper_holds_everything_and_can_be_compared(
    as_: As, client: PageClient, alice: Person, note: Note, printer: FakePrinter
) -> None:
    file = as_(alice).get(PDF)
    assert file.headers["Content-Disposition"] == 'attachment; filename="your-record.pdf"'
    (page,) = printer.printed
    for said in (*SLEEP.sections.values(), LETTER.text("data"), "The meeting went well.", "I stop cooking"):
        assert said in page
    assert "9 of 27, mild" in page
    assert "Several days" in page
    assert HARVEST.text("text") not in page
    assert "Sleeps too little" not in page
    (kept,) = db.session.scalars(select(OwnPaper))
    digest = hashlib.sha256(file.data).hexdigest()
    assert (kept.sha256, kept.client_id) == (digest, alice.id)
    assert "This is ours, and unchanged" in client.post("/verify", data={"sha256": digest}).text
    code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0]
    assert "We issued a document with this code" in client.post("/verify", data={"code": code}).text


def test_a_note_that_points_at_the_plan_is_printed_without_it(
    as_: As, ines: Person, alice: Person, note: Note, printer: FakePrinter
) -> None:
    a_signed_note(a_session(ines, alice), Words(SLEEP.layout, "", {"plan": "As agreed."}, links=("aa11",)))
    assert as_(alice).get(PDF).status_code == 200
    assert "As agreed." in printer.printed[-1]
    assert "Sleeps too little" not in printer.printed[-1]


def test_the_data_is_fhir(as_: As, alice: Person, note: Note) -> None:
    bundle = bundle_of(as_(alice))
    counts = {kind: len(of_kind(bundle, kind)) for kind in KINDS}
    assert counts == {
        "Patient": 1,
        "Practitioner": 2,
        "Encounter": 4,
        "DocumentReference": 4,
        "QuestionnaireResponse": 1,
        "Observation": 1,
    }
    written = "\n".join(words_in(each) for each in of_kind(bundle, "DocumentReference"))
    for said in (*SLEEP.sections.values(), LETTER.text("data"), "The meeting went well.", "I stop cooking"):
        assert said in written
    assert HARVEST.text("text") not in written
    (score,) = of_kind(bundle, "Observation")
    assert score["valueInteger"] == 9
    assert score["code"]["coding"][0]["code"] == "44261-6"
    (answers,) = of_kind(bundle, "QuestionnaireResponse")
    first = answers["item"][0]["item"][0]
    assert first["answer"] == [{"valueCoding": {"code": "1", "display": "Several days"}}]
    (added,) = [each for each in of_kind(bundle, "DocumentReference") if "relatesTo" in each]
    assert added["relatesTo"][0]["code"] == "appends"
    assert bundle["entry"] == bundle_of(as_(alice))["entry"]


def test_a_score_that_cannot_be_told_is_said_to_be_absent(as_: As, ines: Person, alice: Person) -> None:
    something_given(ines, alice, dict.fromkeys(range(1, 10)) | {1: 2})
    (score,) = of_kind(bundle_of(as_(alice)), "Observation")
    assert "valueInteger" not in score
    assert score["dataAbsentReason"] == {"text": "8 answers are missing"}


def test_what_is_broken_is_named_and_the_rest_given(as_: As, alice: Person, note: Note, printer: FakePrinter) -> None:
    asked = db.session.scalars(select(MeasureAsking)).one()
    behind_its_back("UPDATE note_versions SET sealed = :junk WHERE note_id = :id", junk=b"\x02junk", id=note.id)
    behind_its_back("UPDATE measure_askings SET sealed = :junk WHERE id = :id", junk=b"\x03junk" * 40, id=asked.id)
    browser = as_(alice)
    assert browser.get(PDF).status_code == 200
    (page,) = printer.printed
    assert "What is missing here" in page
    assert page.count("Its seal is broken") == 2
    assert LETTER.text("data") in page
    bundle = bundle_of(browser)
    (outcome,) = of_kind(bundle, "OperationOutcome")
    assert [issue["diagnostics"].split(" of ")[0] for issue in outcome["issue"]] == ["PHQ-9", "Progress note"]
    assert len(of_kind(bundle, "DocumentReference")) == 2
    broken = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "note.seal_broken")).all()
    assert {(each.subject_kind, each.subject_id) for each in broken} == {("note", note.id), ("measure", asked.id)}


def test_what_is_not_sealed_for_the_client_is_named(as_: As, alice: Person, note: Note, printer: FakePrinter) -> None:
    behind_its_back("DELETE FROM ring_keys WHERE person_id = :id", id=alice.id)
    assert as_(alice).get(PDF).status_code == 200
    (page,) = printer.printed
    assert "not sealed for your keys" in page
    assert LETTER.text("data") not in page


def test_a_long_record_is_printed_in_parts(as_: As, ines: Person, alice: Person, printer: FakePrinter) -> None:
    latest = a_signed_note(a_session(ines, alice))
    copied = {column.name: getattr(latest, column.name) for column in Note.__table__.columns if column.name != "id"}
    earlier = copied | {"kind": CONTACT, "appointment_id": None, "happened_at": MONDAY_MORNING - timedelta(days=400)}
    db.session.execute(insert(Note), [earlier] * contents.NOTES_IN_A_PART)
    db.session.commit()
    browser = as_(alice)
    assert "PDF, part 2 of 2" in browser.get(PAGE).text
    answer = browser.get(f"{PDF}?part=2")
    assert "your-record-2-of-2.pdf" in answer.headers["Content-Disposition"]
    (page,) = printer.printed
    assert SLEEP.text("plan") in page
    assert "part 2 of 2" in page
    assert "Sessions you came to" not in page
    assert "What is missing here" not in page
    assert contents.parts_of(notes=0, sessions=0, answers=0) == 1
    assert contents.parts_of(notes=40, sessions=101, answers=46) == 4
    for outside in ("0", "3", "-1"):
        assert browser.get(f"{PDF}?part={outside}").status_code == 404


def test_it_is_locked_with_the_vault_and_nobody_elses(
    as_: As, client: PageClient, ines: Person, alice: Person, ben: Person, note: Note
) -> None:
    browser = as_(alice)
    db.session.execute(db.text("DELETE FROM open_vaults"))
    db.session.commit()
    for address in (PDF, DATA):
        answer = browser.get(address)
        assert answer.status_code == 423
        assert "Unlock" in answer.text
        assert as_(ines).get(address).status_code == 404
        assert client.get(address).status_code in {302, 303}
    assert browser.get(PAGE).status_code == 200
    assert "Nothing is in your record yet" in as_(ben).get(PAGE).text


def test_every_copy_is_in_the_log(as_: As, alice: Person, note: Note) -> None:
    browser = as_(alice)
    for address in (PAGE, PDF, DATA):
        browser.get(address)
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("own_record."))).all()
    assert [each.action.partition(".")[2] for each in kept] == ["viewed", "exported", "exported"]
    assert {(each.person_id, each.about_id, each.acting) for each in kept} == {(alice.id, alice.id, None)}
    assert [each.detail.get("form") for each in kept] == [None, "pdf", "fhir"]
