"""A client allows, a counselor prepares and sends, the client sees it and takes it back; nobody else sees a word."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes import services as notes
from notes.models import PSYCHOTHERAPY
from notes.plans import services as plans
from notes.plans.document import PROBLEM, Line, add
from notes.release.models import Disclosure, Packet, Release
from notes.release.terms import SUBSTANCE_USE
from notes.release.words import MEASURES, NOTES, PLAN
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FakePrinter, FrozenClock
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_given
from tests.notes.release.scenes import FORM, a_release, have_met
from tests.notes.scenes import HARVEST, LETTER, SLEEP, a_note_apart, a_session, a_signed_note
from tests.support.pages import PageClient
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]
SENT = {"way": "post", "told_on": "2026-11-23", "told_clock": "03:00"}


def the_release() -> Release:
    return db.session.scalars(select(Release)).one()


def test_a_client_allows_and_has_a_copy_of_what_they_signed(
    as_: As, ines: Person, alice: Person, printer: FakePrinter
) -> None:
    have_met(ines, alice)
    browser = as_(alice)
    assert "You have allowed nothing" in browser.get("/account/releases").text
    form = browser.get("/account/releases/new").text
    for said in ("take this back at any time", "Your care does not depend", "Psychotherapy notes are kept apart"):
        assert said in form
    answer = browser.post("/account/releases/new", data={**FORM, "counselor": str(ines.id)})
    release = the_release()
    assert (answer.status_code, answer.location) == (303, f"/account/releases/{release.id}")
    page = browser.get(answer.location).text
    for said in (
        "Dr. Helen Marsh, 8 Quay Road",
        "To speak of my medication",
        "Until it has been sent once",
        "Nothing yet",
    ):
        assert said in page
    assert browser.get(f"/account/releases/{release.id}.pdf").mimetype == "application/pdf"
    (paper,) = printer.printed
    for said in ("Alice Moreau", "Dr. Helen Marsh", "take this back at any time", release.fingerprint):
        assert said in paper
    assert "Dr. Helen Marsh" in browser.get("/account/releases").text


def test_nothing_typed_is_lost_when_something_is_wrong(as_: As, ines: Person, alice: Person) -> None:
    have_met(ines, alice)
    answer = as_(alice).post("/account/releases/new", data={**FORM, "signature": "Al"})
    assert answer.status_code == 422
    for said in ("Choose whose record it is", "Sign with your name", "To speak of my medication", "8 Quay Road"):
        assert said in answer.text
    assert db.session.scalars(select(Release)).all() == []


def test_a_packet_holds_what_was_allowed_and_nothing_else(
    as_: As, client: PageClient, ines: Person, alice: Person, printer: FakePrinter
) -> None:
    signed = a_signed_note(a_session(ines, alice))
    a_signed_note(a_session(ines, alice, starts_at=MONDAY_MORNING - timedelta(days=90)), LETTER)
    apart = a_note_apart(ines, alice, kind=PSYCHOTHERAPY)
    notes.save_draft(apart, HARVEST, base_version=0, tab="one", now=MONDAY_MORNING)
    something_given(ines, alice, NINTH_ABOVE_ZERO)
    line = Line("aa11", PROBLEM, "Sleeps too little")
    plans.save(signed.chart, lambda plan: add(plan, line), author=ines, now=MONDAY_MORNING)
    release = a_release(ines, alice, parts=(NOTES,), substance_use=True)
    browser = as_(ines)
    assert "Questionnaires" not in browser.get(f"/releases/{release.id}").text
    answer = browser.get(f"/releases/{release.id}/packet.pdf?parts=notes&first=2026-11-01")
    (page,) = printer.printed
    for said in ("Dr. Helen Marsh", SUBSTANCE_USE, *SLEEP.sections.values(), "are kept apart and are not in it"):
        assert said in page
    for kept in (LETTER.text("data"), HARVEST.text("text"), "Sleeps too little", "PHQ-9"):
        assert kept not in page
    digest = hashlib.sha256(answer.data).hexdigest()
    assert db.session.scalars(select(Packet.sha256)).one() == digest
    code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0]
    assert "This is ours, and unchanged" in client.post("/verify", data={"sha256": digest, "code": code}).text
    assert browser.get(f"/releases/{release.id}/packet.pdf?parts=measures").status_code == 422
    assert browser.get(f"/releases/{release.id}/packet.pdf?parts=notes&last=2020-01-01").status_code == 422


def test_a_packet_can_hold_the_plan_and_the_answers(as_: As, ines: Person, alice: Person, printer: FakePrinter) -> None:
    given = something_given(ines, alice, NINTH_ABOVE_ZERO)
    line = Line("aa11", PROBLEM, "Sleeps too little")
    plans.save(given.chart, lambda plan: add(plan, line), author=ines, now=MONDAY_MORNING)
    release = a_release(ines, alice, parts=(MEASURES, PLAN))
    as_(ines).get(f"/releases/{release.id}/packet.pdf?parts=measures&parts=plan")
    (page,) = printer.printed
    assert "Sleeps too little" in page
    assert "9 of 27, mild" in page
    assert "42 CFR" not in page


def test_what_was_sent_stands_in_the_account_and_ends_what_was_for_once(
    as_: As, ines: Person, alice: Person, printer: FakePrinter
) -> None:
    a_signed_note(a_session(ines, alice))
    release = a_release(ines, alice, ends_on=None)
    browser = as_(ines)
    assert "Alice Moreau" in browser.get("/today").text.partition("releases-panel")[2]
    address = f"/releases/{release.id}/disclosures"
    early = browser.post(address, data=SENT)
    assert (early.status_code, "Prepare the packet first" in early.text) == (409, True)
    browser.get(f"/releases/{release.id}/packet.pdf?parts=notes")
    assert "1 packet is prepared" in browser.get(f"/releases/{release.id}").text
    assert browser.post(address, data=SENT).status_code == 303
    assert db.session.scalars(select(Packet.disclosure_id)).one() is not None
    assert "releases-panel" not in browser.get("/today").text
    ended = browser.get(f"/releases/{release.id}").text
    assert "Nothing more is given under it" in ended
    assert browser.get(f"/releases/{release.id}/packet.pdf?parts=notes").status_code == 303
    assert browser.post(address, data={**SENT, "way": "spoken", "what": "More"}).status_code == 409
    alices = as_(alice)
    account = alices.get("/account/disclosures").text
    for said in ("Dr. Helen Marsh", "Signed notes, with what was added", "You authorised it", "By post"):
        assert said in account
    printer.printed.clear()
    assert alices.get("/account/disclosures.pdf").mimetype == "application/pdf"
    assert "Signed notes, with what was added" in printer.printed[0]


def test_a_client_takes_it_back_at_one_tap(as_: As, ines: Person, alice: Person) -> None:
    release = a_release(ines, alice)
    assert as_(alice).post(f"/account/releases/{release.id}/revocation").status_code == 303
    assert "Taken back" in as_(alice).get("/account/releases").text
    page = as_(ines).get(f"/releases/{release.id}").text
    assert "Alice Moreau took it back" in page
    assert "Prepare (PDF)" not in page
    spoken = {**SENT, "way": "spoken", "what": "Sleep"}
    assert as_(ines).post(f"/releases/{release.id}/disclosures", data=spoken).status_code == 409


@pytest.mark.parametrize("deed", ["revocation", "end", "aside"])
def test_a_counselor_ends_it_or_puts_it_aside(as_: As, ines: Person, alice: Person, deed: str) -> None:
    release = a_release(ines, alice, ends_on=None, event="the claim is decided")
    browser = as_(ines)
    assert browser.post(f"/releases/{release.id}/{deed}").status_code == 303
    page = browser.get(f"/releases/{release.id}").text
    assert ("Prepare (PDF)" in page) is (deed == "aside")
    assert "releases-panel" not in browser.get("/today").text


def test_it_runs_out_by_the_clients_calendar(as_: As, ines: Person, alice: Person, clock: FrozenClock) -> None:
    release = a_release(ines, alice, ends_on=MONDAY_MORNING.date())
    assert "Prepare (PDF)" in as_(ines).get(f"/releases/{release.id}").text
    clock.advance(days=1)
    assert "It ran out on" in as_(ines).get(f"/releases/{release.id}").text


def test_a_signed_paper_is_entered_by_the_counselor_and_seen_by_the_client(
    as_: As, ines: Person, alice: Person
) -> None:
    have_met(ines, alice)
    paper = {**FORM, "signature": "Rosa Moreau", "authority": "mother", "signed_on": "2026-11-20", "held": "1"}
    address = f"/clients/{alice.id}/releases/new"
    refused = as_(ines).post(address, data={**paper, "held": ""})
    assert (refused.status_code, "only with the signed paper" in refused.text) == (422, True)
    assert as_(ines).post(address, data=paper).status_code == 303
    page = as_(alice).get(f"/account/releases/{the_release().id}").text
    assert "Rosa Moreau, mother" in page
    assert "on paper" in page


def test_what_the_law_makes_one_give_is_written_down_and_found(as_: As, ines: Person, alice: Person) -> None:
    have_met(ines, alice)
    browser, words = as_(ines), {**FORM, **SENT, "what": "Dates of sessions in May", "basis": "court"}
    assert "Nothing was given out" in browser.get("/disclosures").text
    assert browser.post(f"/clients/{alice.id}/disclosures/new", data={**words, "what": ""}).status_code == 422
    assert browser.post(f"/clients/{alice.id}/disclosures/new", data=words).status_code == 303
    assert "Dates of sessions in May" in browser.get("/disclosures?q=marsh may").text
    assert "Nothing like that" in browser.get("/disclosures?q=marsh june").text
    account = as_(alice).get("/account/disclosures").text
    assert "A court ordered it" in account


def test_long_lists_come_in_pages_and_are_searched_whole(as_: As, ines: Person, alice: Person) -> None:
    for number in range(21):
        a_release(ines, alice, purpose=f"Purpose {number}", now=MONDAY_MORNING - timedelta(days=number))
    browser = as_(ines)
    assert "21 rows" in browser.get("/releases").text
    assert browser.get("/releases?page=2").text.count(">Open<") == 1
    assert browser.get("/releases?q=purpose 20").text.count(">Open<") == 1


def test_strangers_see_nothing(as_: As, ines: Person, clara: Person, alice: Person, ben: Person, omar: Person) -> None:
    release = a_release(ines, alice)
    for person, kind in ((clara, "/releases"), (omar, "/releases"), (ben, "/account/releases")):
        assert as_(person).get(f"{kind}/{release.id}").status_code == 404
        assert as_(person).post(f"{kind}/{release.id}/revocation").status_code == 404
    assert as_(clara).get(f"/releases/{release.id}/packet.pdf?parts=notes").status_code == 404
    assert as_(clara).get(f"/clients/{alice.id}/disclosures/new").status_code == 404
    assert as_(alice).get(f"/releases/{release.id}").status_code == 404
    assert as_(ines).get(f"/account/releases/{release.id}").status_code == 404
    assert the_release().revoked_at is None


def test_every_word_is_sealed_and_a_broken_seal_hides_nothing_else(as_: As, ines: Person, alice: Person) -> None:
    broken, whole = a_release(ines, alice), a_release(ines, alice, purpose="A second opinion")
    assert b"Marsh" not in whole.sealed
    behind_its_back("UPDATE releases SET sealed = :junk WHERE id = :id", junk=b"\x02junk", id=broken.id)
    page = as_(ines).get("/releases").text
    assert "This does not open" in page
    assert "Dr. Helen Marsh" in page
    assert "This does not open" in as_(alice).get("/account/releases").text
    assert as_(ines).get(f"/releases/{broken.id}").status_code == 500


def test_every_step_is_in_the_log_without_a_word(as_: As, ines: Person, alice: Person) -> None:
    a_signed_note(a_session(ines, alice))
    release = a_release(ines, alice)
    browser = as_(ines)
    browser.get(f"/releases/{release.id}")
    browser.get(f"/releases/{release.id}/packet.pdf?parts=notes")
    browser.post(f"/releases/{release.id}/disclosures", data=SENT)
    as_(alice).post(f"/account/releases/{release.id}/revocation")
    as_(alice).get("/account/disclosures.pdf")
    ours = AuditEntry.action.startswith("release.") | AuditEntry.action.startswith("disclosure")
    kept = db.session.scalars(select(AuditEntry).where(ours).order_by(AuditEntry.id)).all()
    assert [(each.action, each.acting) for each in kept] == [
        ("release.authorised", None),
        ("release.viewed", "counselor"),
        ("release.prepared", "counselor"),
        ("disclosure.noted", "counselor"),
        ("release.revoked", None),
        ("disclosures.exported", None),
    ]
    assert {each.about_id for each in kept} == {alice.id}
    assert "Marsh" not in str([each.detail for each in kept])
    assert db.session.scalars(select(Disclosure)).one().noted_by_id == ines.id
