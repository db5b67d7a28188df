"""A superbill says everything insurers ask for, or is not issued and says what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from billing.coding.confirmed import Codes
from billing.coding.rules import Line
from billing.papers import superbills
from billing.papers.models import Superbill
from billing.papers.superbill import Document
from billing.parties import services as parties
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.queries.people import the_practice
from tests.billing.papers.scenes import ALICE, CODES, NOVEMBER, THURSDAY, a_past_session, a_superbill, coded, told
from tests.booking.builders import audited
from tests.fakes import MONDAY_MORNING as NOW

FORM = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture
def session(service, ines, alice):
    return a_past_session(ines, alice)


@pytest.fixture
def whole(session, ines, alice):
    told(alice, ines, ines)
    return coded(session)


def lacking(client, counselor) -> list[str]:
    return [lack.words for lack in superbills.draft(client, counselor, NOVEMBER, the_practice()).lacks]


def test_it_says_everything_insurers_ask_for(as_, whole, alice, ines, printer):
    browser = as_(alice)
    answer = browser.post("/billing/superbills", data={**FORM, "counselor": ines.id})
    page = browser.get(answer.location).text
    assert browser.get(f"{answer.location}.pdf").mimetype == "application/pdf"
    for words in (
        *("SB-00001", "Alice Moreau", "17 Apr 1990", "12 Alder Street", "New York, NY 10011-4417", "HH123456789"),
        *("Ines Calder, LMHC", "LMHC NY-004417 (New York)", "1234567893", "123456789", "400 Quay Road", "212-555-0100"),
        *("F41.1", "Generalized anxiety disorder", "19 Nov 2026", "90834", "95", ">10<", ">A<", "$120.00", "$0.00"),
    ):
        assert words in page, words
        assert words in printer.printed[-1], words


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("born_on", "The client’s date of birth"),
        ("street", "The client’s address"),
        ("postal", "The client’s address"),
        ("member_id", "The client’s member number"),
    ],
)
def test_what_a_client_has_not_said_is_named(as_, whole, alice, ines, field, words):
    parties.keep(alice, replace(ALICE, **{field: ""}), by=alice, now=NOW)
    db.session.commit()
    assert lacking(alice, ines) == [words]
    answer = as_(alice).post("/billing/superbills", data={**FORM, "counselor": ines.id})
    assert answer.status_code == 422
    assert words.replace("The client’s", "Your") in answer.text


def test_what_the_counselor_and_the_practice_have_not_said_is_named(session, alice, ines):
    ines.profile.credentials, ines.profile.npi, ines.profile.licences[0].expires_on = "", "1234567890", THURSDAY.date()
    parties.keep(alice, ALICE, by=alice, now=NOW)
    coded(session)
    assert lacking(alice, ines) == [
        "The counselor’s credentials",
        "The counselor’s licence, valid on the last day",
        "The counselor’s NPI",
        "The tax number of the counselor or of the practice",
        "The practice’s address",
        "The practice’s telephone number",
    ]


def test_a_session_without_codes_is_named_and_its_counselor_told_once(as_, session, alice, ines):
    told(alice, ines, ines)
    browser = as_(alice)
    for _ in range(2):
        answer = browser.post("/billing/superbills", data={**FORM, "counselor": ines.id})
        assert "Confirmed codes for 19 November 2026" in answer.text
    letters = db.session.query(OutboxMessage).filter_by(kind="billing.codes_wanted").all()
    assert [letter.recipient_id for letter in letters] == [ines.id]
    assert db.session.query(Superbill).count() == 0


def test_sessions_that_are_not_billed_stand_on_none(whole, alice, ines):
    coded(whole, Codes((), "", "", (), 10))
    assert lacking(alice, ines) == ["A session in these days that is billed to insurers"]


def test_lines_point_at_letters_and_add_ons_cost_nothing_more(whole, alice, ines):
    coded(whole, Codes((Line("90834"), Line("90785")), "95", "10", ("F43.10", "F41.1"), 50))
    coded(a_past_session(ines, alice, THURSDAY.replace(day=20)), CODES)
    found = Document.kept(a_superbill(alice, ines).said)
    assert found.lettered == [("A", "F43.10"), ("B", "F41.1")]
    assert [(item.code, item.pointer, item.fee_cents) for item in found.items] == [
        ("90834", "AB", 120_00),
        ("90785", "AB", 0),
        ("90834", "B", 120_00),
    ]
    assert str(found.fee) == "$240.00"


def test_it_stays_as_it_was_issued(whole, alice, ines):
    row = a_superbill(alice, ines)
    before = dict(row.said)
    coded(whole, Codes((Line("90834"),), "93", "02", ("F33.1",), 40))
    parties.keep(alice, replace(ALICE, last_name="Newname"), by=alice, now=NOW)
    db.session.commit()
    db.session.expire_all()
    assert db.session.get_one(Superbill, row.id).said == before
    with pytest.raises(DatabaseError, match="superbills_stay_as_issued"):
        db.session.execute(update(Superbill).values(number=9))
    db.session.rollback()


def test_numbers_have_no_gaps(as_, whole, alice, ines):
    assert [a_superbill(alice, ines).label for _ in range(2)] == ["SB-00001", "SB-00002"]


def test_who_may_read_it_and_every_look_is_on_record(as_, client, whole, alice, ben, ines, clara, omar):
    here = f"/superbills/{a_superbill(alice, ines).id}"
    for person in (alice, ines, omar):
        assert as_(person).get(here).status_code == 200
        assert as_(person).get(f"{here}.pdf").status_code == 200
    for person in (ben, clara):
        assert as_(person).get(here).status_code == 404
        assert as_(person).get(f"{here}.pdf").status_code == 404
    assert client.get(here).status_code == 303
    assert audited().count("superbill.viewed") == audited().count("superbill.exported") == 2


def test_the_office_makes_one_for_a_client_and_finds_it(as_, whole, alice, ines, omar):
    office = as_(omar)
    look = office.get(f"/people/{alice.id}/superbills?counselor={ines.id}&first=2026-11-01&last=2026-11-30").text
    assert "Issue it" in look
    answer = office.post(f"/people/{alice.id}/superbills", data={**FORM, "counselor": ines.id})
    assert answer.status_code == 303
    for text in ("", "alice", "SB-00001", "1"):
        assert "SB-00001" in office.get(f"/superbills?text={text}").text
    assert "No superbill matches" in office.get("/superbills?text=nobody").text
    assert as_(ines).get(f"/people/{alice.id}/superbills").status_code == 404


def test_days_that_make_no_sense_are_said(as_, whole, alice, ines):
    browser = as_(alice)
    for answer in (
        browser.get("/billing/superbills?first=2026-11-30&last=2026-11-01"),
        browser.post("/billing/superbills", data={"first": "2026-11-30", "last": "2026-11-01", "counselor": ines.id}),
    ):
        assert answer.status_code == 422
        assert "The last day is before the first one." in answer.text


def test_a_client_without_sessions_is_told_so(as_, ben):
    assert "No session has taken place yet" in as_(ben).get("/billing/superbills").text
    assert as_(ben).post("/billing/superbills", data=FORM).status_code == 422
