"""What becomes of a claim: made once, sent, answered, corrected or voided by another, and never edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from billing.claims.models import Claim
from billing.coding.confirmed import Codes
from billing.coding.rules import Line
from billing.parties import services as parties
from practice.core.db import db
from tests.billing.claims.test_x12 import complaints
from tests.billing.papers.scenes import ALICE, OFFICE, THURSDAY, a_past_session, a_superbill, coded, told
from tests.booking.builders import audited
from tests.fakes import MONDAY_MORNING as NOW

TODAY = {"on": NOW.date().isoformat()}


@pytest.fixture
def session(service, ines, alice):
    told(alice, ines, ines)
    return coded(a_past_session(ines, alice))


@pytest.fixture
def row(session, alice, ines):
    return a_superbill(alice, ines)


def made(office, row, **data: str) -> str:
    answer = office.post(f"/superbills/{row.id}/claims", data={"payee": "client", **data})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_the_office_makes_a_claim_and_takes_out_its_papers(as_, row, omar, printer, tmp_path):
    office = as_(omar)
    assert "Make a claim" in office.get(f"/superbills/{row.id}").text
    assert "Harbor Health" in office.get(f"/superbills/{row.id}/claims/new").text
    here = made(office, row, authorization="lv 20417")
    for paper in ("cms-1500.pdf", "cms-1500-text.pdf"):
        assert office.get(f"{here}/{paper}").mimetype == "application/pdf"
        assert "MOREAU, ALICE" in printer.printed[-1]
        assert "LV20417" in printer.printed[-1]
    assert "Patient’s name" not in printer.printed[-1]  # the red form says so already
    for number in (1, 2):
        assert office.post(f"{here}/files").status_code == 303
        file = office.get(f"{here}/files/{number}.txt")
        assert complaints(file.text, tmp_path) == []
        assert f"{number:09}" in file.text
    assert "Control number 2" in office.get(here).text
    assert office.get(f"{here}/files/9.txt").status_code == 404
    assert [audited().count(f"claim.{deed}") for deed in ("made", "file_made", "exported", "viewed")] == [1, 2, 4, 1]


def test_nobody_else_finds_a_claim(as_, row, alice, ines, omar):
    here = made(as_(omar), row)
    for person in (alice, ines):
        for path in (here, "/claims", f"{here}/cms-1500.pdf", f"{here}/following", f"/superbills/{row.id}/claims/new"):
            assert as_(person).get(path).status_code == 404
        assert as_(person).post(f"{here}/sending", data=TODAY).status_code == 404
    assert as_(omar).get("/claims/4417").status_code == 404


def test_a_file_that_lacks_something_is_not_made(as_, row, omar):
    parties.keep(None, replace(OFFICE, receiver=""), by=omar, now=NOW)
    db.session.commit()
    office = as_(omar)
    here = made(office, row)
    office.post(f"{here}/files")
    page = office.get(here).text
    assert "The clearinghouse and its number" in page
    assert "Control number" not in page


def test_a_policy_in_anothers_name_is_claimed_once_they_are_named(as_, session, alice, ines, omar):
    parties.keep(alice, replace(ALICE, relation="spouse", holder_first_name="Al"), by=alice, now=NOW)
    db.session.commit()
    row, office = a_superbill(alice, ines), as_(omar)
    words = "The name and date of birth of whoever holds the client’s policy"
    assert words in office.get(f"/superbills/{row.id}/claims/new").text
    answer = office.post(f"/superbills/{row.id}/claims", data={"payee": "client"})
    assert answer.status_code == 409
    assert words in answer.text


def test_a_second_insurer_is_named_and_asked_by_the_client(as_, session, alice, ines, omar):
    parties.keep(alice, replace(ALICE, second_insurer="Northlight", second_member_id="NL1"), by=alice, now=NOW)
    db.session.commit()
    row = a_superbill(alice, ines)
    assert "It names Northlight as the second insurer" in as_(omar).get(f"/superbills/{row.id}/claims/new").text


def test_a_name_in_another_script_is_asked_for_in_latin_letters(as_, session, alice, ines, omar):
    parties.keep(alice, replace(ALICE, last_name="Παπαδοπούλου"), by=alice, now=NOW)
    db.session.commit()
    row = a_superbill(alice, ines)
    assert "Names and addresses in Latin letters" in as_(omar).get(f"/superbills/{row.id}/claims/new").text


def test_no_session_is_claimed_twice(as_, row, alice, ines, omar):
    office = as_(omar)
    first = made(office, row)
    again = a_superbill(alice, ines)
    answer = office.post(f"/superbills/{again.id}/claims", data={"payee": "client"})
    assert answer.status_code == 409
    assert "CL-00001 claims 19 November 2026 already" in answer.text
    office.post(f"{first}/withdrawal")
    assert "Withdrawn" in office.get(first).text
    made(office, again)


def test_a_claim_is_sent_denied_and_corrected(as_, session, row, omar):
    office = as_(omar)
    first = made(office, row)
    assert office.post(f"{first}/sending", data=TODAY).status_code == 303
    wrong = office.post(f"{first}/answer", data={"answer": "denied", **TODAY})
    assert wrong.status_code == 422
    assert "Write down the reason" in wrong.text
    office.post(f"{first}/answer", data={"answer": "denied", "words": "CO-16", **TODAY})
    assert "CO-16" in office.get(first).text
    same = office.post(f"{first}/following", data={"frequency": "7", "original": "icn 9"})
    assert same.status_code == 409
    assert "It would say the same again" in same.text
    coded(session, Codes((Line("90832"),), "95", "10", ("F41.1",), 30))
    answer = office.post(f"{first}/following", data={"frequency": "7", "original": "icn 9"})
    second = str(answer.location)
    page = office.get(second).text
    assert "ICN 9" in page
    assert "90832" in page
    assert "Denied" in office.get(first).text  # until the correction is sent
    office.post(f"{second}/sending", data=TODAY)
    assert "Corrected" in office.get(first).text
    office.post(f"{second}/answer", data={"answer": "paid", "paid": "80", **TODAY})
    assert "Paid: $80.00" in " ".join(office.get(second).text.split())
    late = office.post(f"{first}/answer", data={"answer": "paid", "paid": "1", **TODAY}, follow_redirects=True)
    assert "CL-00001 is corrected meanwhile" in late.text
    assert [row.state for row in db.session.query(Claim).order_by(Claim.number)] == ["replaced", "paid"]


def test_a_claim_is_voided_once(as_, row, omar):
    office = as_(omar)
    first = made(office, row)
    void = {"frequency": "8", "original": "ICN9"}
    early = office.post(f"{first}/following", data=void)
    assert early.status_code == 409
    assert "Only a claim the insurer has" in early.text
    assert office.get(f"{first}/following").status_code == 303
    office.post(f"{first}/sending", data=TODAY)
    assert office.get(f"{first}/following").status_code == 200
    second = str(office.post(f"{first}/following", data=void).location)
    again = office.post(f"{first}/following", data=void)
    assert again.status_code == 409
    assert "CL-00002 follows this claim already" in again.text
    office.post(f"{second}/sending", data=TODAY)
    assert "Voided" in office.get(first).text


def test_what_was_made_and_noted_stays(as_, row, omar):
    office = as_(omar)
    here = made(office, row)
    for table, words in (("claims", "total_cents = 1"), ("claim_events", "kind = 'paid'")):
        with pytest.raises(DatabaseError, match=f"{table}_stay"):
            db.session.execute(db.text(f"UPDATE {table} SET {words}"))
        db.session.rollback()
    with pytest.raises(DatabaseError):
        db.session.execute(update(Claim).values(follows_id=Claim.id))
    db.session.rollback()
    assert office.get(here).status_code == 200


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("sending", {"on": ""}, "Choose a day."),
        ("sending", {"on": (NOW.date() + timedelta(days=1)).isoformat()}, "not in the future"),
        ("answer", {"on": "2026-11-20"}, "Choose what the insurer decided."),
        ("answer", {"answer": "paid", "on": "2026-11-20", "paid": "x"}, "Enter an amount like"),
        ("following", {"frequency": "7"}, "Enter the insurer’s number of the claim"),
    ],
)
def test_what_is_wrong_is_said(as_, row, omar, path, data, words):
    office = as_(omar)
    here = made(office, row)
    if path != "sending":
        office.post(f"{here}/sending", data=TODAY)
    answer = office.post(f"{here}/{path}", data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_list_narrows_by_state_person_and_number(as_, session, row, alice, ines, omar):
    office = as_(omar)
    assert "No claim yet" in office.get("/claims").text
    made(office, row)
    coded(a_past_session(ines, alice, THURSDAY - timedelta(days=40)))
    for query in ("", "?text=alice", "?text=CL-00001", "?state=made", "?state=made&text=ines"):
        assert "CL-00001" in office.get(f"/claims{query}").text, query
    for query in ("?text=nobody", "?state=denied", "?text=CL-00009"):
        assert "No claim matches" in office.get(f"/claims{query}").text, query
