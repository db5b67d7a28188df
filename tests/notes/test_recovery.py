"""The recovery key: made by the page, kept on paper, and enough to open the notes of whoever lost their password."""

import base64
import json
import subprocess
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from notes import keys
from notes.custody import rings
from notes.custody.holders import holder
from notes.custody.models import RecoveryKey, RingEpoch, RingKey
from notes.custody.tending import tend
from notes.models import Note
from notes.vault import Ring
from practice import passwords
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.builders import PASSWORD
from tests.fakes import FrozenClock
from tests.notes.scenes import a_draft, a_session
from tests.notes.test_unlocking import NEW, WORDS, enter, reset
from tests.support import vaults
from tests.support.node import installed
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SCRIPT = Path(__file__).with_name("recovering.mjs")


def in_a_page(do: str, **task: Any) -> dict[str, Any]:
    """Let the pages' own modules do something."""
    node = installed() or pytest.skip("Node is missing")
    told = json.dumps({"do": do} | task)
    run = subprocess.run((node, str(SCRIPT)), input=told, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture
def note(ines: Person, alice: Person) -> Note:
    """A draft by Ines about Alice; Ines knows her password."""
    ines.password_hash = passwords.hashed(PASSWORD)
    return a_draft(a_session(ines, alice))


def in_force(as_: As, omar: Person, count: int = 3) -> dict[str, Any]:
    """Make a recovery key and put it in force."""
    made = in_a_page("make", count=count)
    answer = as_(omar).post("/recovery", data={"public": made["public"], "sheets": str(count)})
    assert answer.status_code == 303
    return made


def test_any_two_sheets_give_the_key_and_one_does_not() -> None:
    made = in_a_page("make", count=3)
    for pair in permutations(made["sheets"], 2):
        assert in_a_page("join", sheets=pair) == {"secret": made["secret"]}
    for sheet in made["sheets"]:
        assert "Two different sheets" in in_a_page("join", sheets=[sheet])["error"]
        assert "Two different sheets" in in_a_page("join", sheets=[sheet, sheet])["error"]


def test_a_sheet_may_be_typed_carelessly_and_a_wrong_letter_is_found_in_its_line() -> None:
    made = in_a_page("make", count=1)
    [sheet] = made["sheets"]
    careless = sheet.lower().replace("0", "o").replace("1", "l").replace(" ", "-")
    assert in_a_page("join", sheets=[careless]) == {"secret": made["secret"]}
    lines = sheet.split("\n")
    lines[2] = ("Z" if lines[2][0] != "Z" else "Y") + lines[2][1:]
    assert in_a_page("join", sheets=["\n".join(lines)])["error"] == "Line 3 is not as it is printed."
    assert "Here are 18 letters" in in_a_page("join", sheets=[lines[0]])["error"]


def test_sheets_of_two_keys_do_not_join() -> None:
    one, other = in_a_page("make", count=3), in_a_page("make", count=3)
    assert "different recovery keys" in in_a_page("join", sheets=[one["sheets"][0], other["sheets"][1]])["error"]


def test_two_sheets_open_the_notes_of_somebody_who_lost_their_password(
    app: Flask, as_: As, ines: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    keys.renew(note.chart, now=clock.now())
    with vaults.held_by(ines):
        keys.key_of(note.chart, ring=Ring.PRIVATE)
    made, address = in_force(as_, omar), f"/appointments/{note.appointment_id}/note"
    assert "Ines Calder" in as_(omar).get("/recovery").text
    enter(app, ines)
    shown = as_(omar).get("/recovery").text
    assert made["mark"] in shown
    assert "4 of 4 keys" in shown
    browser = reset(app, ines, clock)
    assert "wait for the recovery key" in browser.get(address).text
    assert f"/recovery/people/{ines.id}" in as_(omar).get("/recovery").text
    page = as_(omar)
    assert "Recover Ines Calder" in page.get(f"/recovery/people/{ines.id}").text
    given = page.get(f"/recovery/people/{ines.id}/envelopes").json["envelopes"]
    assert len(given) == 4
    opened = in_a_page("open", sheets=made["sheets"][1:], envelopes=given)
    assert page.post(f"/recovery/people/{ines.id}", data=opened).status_code == 303
    assert WORDS in enter(app, ines, NEW).get(address).text
    assert page.get(f"/recovery/people/{ines.id}").status_code == 404
    assert "recovery.used" in set(db.session.scalars(select(AuditEntry.action)))


def test_what_does_not_fit_changes_nothing(
    app: Flask, as_: As, ines: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    in_force(as_, omar)
    enter(app, ines)
    reset(app, ines, clock)
    before = sorted(db.session.scalars(select(RingKey.recipient)))
    record = rings.of_chart(note.chart_id, Ring.RECORD, 1)
    forged = json.dumps({str(record.id): base64.b64encode(bytes(32)).decode()})
    for sent in ("", "nonsense", "[]", '{"x": 1}', forged):
        answer = as_(omar).post(f"/recovery/people/{ines.id}", data={"keys": sent})
        assert answer.status_code == 422
    assert sorted(db.session.scalars(select(RingKey.recipient))) == before


def test_whoever_remembers_the_password_of_before_needs_no_sheets(
    app: Flask, ines: Person, note: Note, clock: FrozenClock
) -> None:
    browser, address = reset(app, ines, clock), f"/appointments/{note.appointment_id}/note"
    wrong = browser.post("/unlock/earlier", data={"earlier_password": "wrong words"})
    assert wrong.status_code == 422
    assert "not the password of before" in wrong.text
    assert browser.post("/unlock/earlier", data={"earlier_password": PASSWORD}).status_code == 303
    assert WORDS in browser.get(address).text
    assert WORDS in enter(app, ines, NEW).get(address).text


def test_the_drill_knows_sheets_that_work_from_those_that_do_not(as_: As, omar: Person, clock: FrozenClock) -> None:
    made = in_force(as_, omar)
    clock.advance(days=90)
    page = as_(omar)
    assert "Try the sheets" in page.get("/recovery/drill").text
    page.get("/recovery/drill/envelopes")
    wrong = json.dumps({"0": base64.b64encode(bytes(32)).decode()})
    assert page.post("/recovery/drill", data={"keys": wrong}).status_code == 422
    given = page.get("/recovery/drill/envelopes").json["envelopes"]
    opened = in_a_page("open", sheets=made["sheets"][:2], envelopes=given)
    assert page.post("/recovery/drill", data=opened).status_code == 303
    assert db.session.scalars(select(RecoveryKey)).one().proved_at == clock.now()


def test_new_sheets_take_the_place_of_lost_ones(
    as_: As, ines: Person, omar: Person, note: Note, clock: FrozenClock
) -> None:
    in_force(as_, omar)
    with vaults.held_by(ines):
        tend(holder(), now=clock.now())
    first, second = rings.recovery_key().name, None
    in_force(as_, omar, count=1)
    second = rings.recovery_key().name
    assert set(db.session.scalars(recovery_envelopes())) == {first}
    with vaults.held_by(ines):
        tend(holder(), now=clock.now())
    assert list(db.session.scalars(recovery_envelopes())) == [second, second]


def recovery_envelopes() -> Any:
    return select(RingKey.recipient).join(RingEpoch).where(RingKey.recipient.startswith("recovery/"))


@pytest.mark.parametrize(
    "sent", [{}, {"public": "AAAA", "sheets": "3"}, {"public": "!", "sheets": "1"}, {"sheets": "2"}]
)
def test_half_a_key_is_refused_in_words(as_: As, omar: Person, sent: dict[str, str]) -> None:
    answer = as_(omar).post("/recovery", data=sent)
    assert answer.status_code == 422
    assert "did not arrive whole" in answer.text
    assert db.session.scalars(select(RecoveryKey)).all() == []


def test_the_page_of_a_new_key_sends_no_private_half(as_: As, omar: Person, ines: Person) -> None:
    page = as_(omar).get("/recovery/new").text
    assert 'name="public"' in page
    assert page.count("data-sheet-typed") == 2
    assert "<textarea name" not in page
    assert "There is no recovery key yet" in as_(omar).get("/recovery").text
    assert as_(omar).get("/recovery/drill").status_code == 404
    for path in ("/recovery", "/recovery/new", "/recovery/people/1"):
        assert as_(ines).get(path).status_code == 404
