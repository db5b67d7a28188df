"""The seal of the audit log for administrators, and for clients who opened their record."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from practice.core import audit
from practice.core.db import db
from practice.models import Person, Practice
from practice.trail import growing, heads
from practice.trail.models import AuditHead
from practice.trail.verifier import read_heads
from tests.fakes import FrozenClock
from tests.support.pages import PageClient
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]


def test_the_seal_tells_how_far_it_reaches(as_: As, omar: Person, clock: FrozenClock) -> None:
    browser = as_(omar)
    assert "No head yet" in browser.get("/audit-log/seal").text
    audit.record("note.viewed", person_id=omar.id)
    growing.sign(clock.now())
    db.session.commit()
    page = browser.get("/audit-log/seal").text
    assert heads.verifier_keys()[0] in unescape(page)
    assert "No head was signed for more than a day" not in page
    clock.advance(hours=30)
    assert "No head was signed for more than a day" in as_(omar).get("/audit-log/seal").text


def test_the_files_are_what_the_verifier_reads(as_: As, omar: Person, clock: FrozenClock) -> None:
    browser = as_(omar)
    audit.record("note.viewed", person_id=omar.id)
    growing.sign(clock.now())
    db.session.commit()
    notes = browser.get("/audit-log/tree-heads.txt").text
    log = browser.get("/audit-log/audit-log.txt").text
    size = db.session.scalars(select(AuditHead.size)).one()
    assert read_heads(notes, heads.verifier_keys())[0].size == size == log.count("\n")
    assert "def findings" in browser.get("/audit-log/verifier.py").text


def test_a_check_says_that_the_log_is_whole_or_what_is_not(as_: As, omar: Person, clock: FrozenClock) -> None:
    browser = as_(omar)
    audit.record("note.viewed", person_id=omar.id)
    growing.sign(clock.now())
    db.session.commit()
    answer = browser.post("/audit-log/seal/check", follow_redirects=True)
    assert "The log is whole" in answer.text
    behind_its_back("UPDATE audit_entries SET action = 'x' WHERE id = (SELECT MIN(id) FROM audit_entries)")
    answer = browser.post("/audit-log/seal/check")
    assert answer.status_code == 409
    assert "The entry at place 1 was altered" in answer.text


def test_custodians_are_addresses(as_: As, omar: Person) -> None:
    browser = as_(omar)
    answer = browser.post("/audit-log/seal/custodians", data={"custodians": "lawyer@example.com\nnobody"})
    assert answer.status_code == 422
    assert "“nobody” is not an e-mail address" in answer.text
    answer = browser.post("/audit-log/seal/custodians", data={"custodians": "Lawyer@example.com\nb@example.com"})
    assert answer.status_code == 303
    assert db.session.get_one(Practice, 1).audit_custodians == "lawyer@example.com b@example.com"


def test_a_client_reads_who_opened_their_record(
    as_: As, alice: Person, ben: Person, ines: Person, clara: Person
) -> None:
    browser = as_(alice)
    assert "Nobody has opened your record" in browser.get("/account/record-access").text
    audit.record("note.viewed", person_id=ines.id, subject=("note", 1), about=alice.id, acting="counselor")
    audit.record("chart.viewed", person_id=clara.id, about=alice.id, acting="supervisor", reason="supervision")
    audit.record("note.viewed", person_id=clara.id, subject=("note", 2), about=ben.id)
    audit.record("note.signed", person_id=ines.id, subject=("note", 1), about=alice.id)
    audit.record("record.exported", person_id=alice.id, about=alice.id)
    db.session.commit()
    page = browser.get("/account/record-access").text
    assert page.count('class="item"') == 2
    assert "Ines Calder</strong> as your counselor" in page
    assert "because: supervision of your counselor" in page


def test_a_long_list_goes_on(as_: As, alice: Person, ines: Person) -> None:
    for _ in range(65):
        audit.record("note.viewed", person_id=ines.id, about=alice.id)
    db.session.commit()
    browser, address, seen = as_(alice), "/account/record-access", 0
    for expected in (30, 30, 5):
        page = browser.get(address).text
        assert page.count('class="item"') == expected
        seen += expected
        address = page.partition('rel="next" href="')[2].partition('"')[0]
    assert (seen, address) == (65, "")


@pytest.mark.parametrize("path", ["/audit-log/seal", "/audit-log/audit-log.txt", "/audit-log/tree-heads.txt"])
def test_the_seal_is_the_administrators(as_: As, ines: Person, alice: Person, path: str) -> None:
    assert as_(ines).get(path).status_code == as_(alice).get(path).status_code == 404
    assert as_(ines).get("/account/record-access").status_code == 404
