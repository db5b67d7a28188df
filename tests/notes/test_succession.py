"""Charts of a counselor who is gone go to a successor by the sheets; and the drill from a copy alone."""

import base64
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from notes.custody import access, drill, sheets
from notes.custody.models import SUCCESSOR, RingKey
from notes.models import Note
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_draft, a_session, a_signed_note
from tests.notes.test_recovery import in_a_page, in_force
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.fixture
def sheet_pair(as_: As, omar: Person, ines: Person, alice: Person, clara: Person) -> list[str]:
    """Put a recovery key in force before anything is written; return its three sheets."""
    found: list[str] = in_force(as_, omar)["sheets"]
    return found


@pytest.fixture
def note(sheet_pair: list[str], ines: Person, alice: Person, clock: FrozenClock) -> Note:
    """A signed note by Ines, whose account is closed."""
    found = a_signed_note(a_session(ines, alice))
    ines.closed_at = clock.now()
    db.session.commit()
    return found


def test_two_sheets_hand_the_charts_of_somebody_gone_to_a_successor(
    as_: As, ines: Person, omar: Person, clara: Person, note: Note, sheet_pair: list[str]
) -> None:
    address, office = f"/recovery/people/{ines.id}/successor", as_(omar)
    assert address in office.get("/recovery").text
    assert "Who takes over" in office.get(address).text
    given = office.get(f"{address}/envelopes").json["envelopes"]
    opened = in_a_page("open", sheets=sheet_pair[:2], envelopes=given)
    nobody = office.post(address, data=opened)
    assert nobody.status_code == 422
    assert "Choose who takes over." in nobody.text
    assert office.post(address, data=opened | {"successor": str(clara.id)}).status_code == 303
    assert access.standing(note.chart, clara).kind == SUCCESSOR
    heir, chart = as_(clara), f"/charts/lent/{note.chart_id}"
    assert heir.post(f"{chart}/reason", data={"reason": "handover"}).status_code == 303
    assert SLEEP.text("plan") in heir.get(chart).text
    assert office.get(address).status_code == 404
    assert "Charts without a counselor" not in office.get("/recovery").text
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "recovery.handed_over")).one()
    assert (logged.person_id, logged.subject_id, logged.detail) == (omar.id, clara.id, {"charts": 1, "of": ines.id})


def test_what_the_sheets_did_not_open_is_not_handed_over(
    as_: As, ines: Person, omar: Person, clara: Person, note: Note, sheet_pair: list[str]
) -> None:
    address, office = f"/recovery/people/{ines.id}/successor", as_(omar)
    given = office.get(f"{address}/envelopes").json["envelopes"]
    half = json.loads(in_a_page("open", sheets=sheet_pair[1:], envelopes=given[:1])["keys"])
    short = dict.fromkeys((str(each["id"]) for each in given), "AAAA")
    before = sorted(db.session.scalars(select(RingKey.recipient)))
    for keys in (half, short, {}, []):
        answer = office.post(address, data={"keys": json.dumps(keys), "successor": str(clara.id)})
        assert answer.status_code == 422
    assert sorted(db.session.scalars(select(RingKey.recipient))) == before
    assert access.standing(note.chart, clara) is None


def test_nobody_takes_charts_of_a_counselor_who_is_there(
    as_: As, ines: Person, alice: Person, omar: Person, clara: Person
) -> None:
    a_draft(a_session(ines, alice))
    for path in (f"/recovery/people/{ines.id}/successor", f"/recovery/people/{ines.id}/successor/envelopes"):
        assert as_(omar).get(path).status_code == 404
        assert as_(clara).get(path).status_code == 404


def test_sheets_are_read_as_their_page_writes_them() -> None:
    three, one = in_a_page("make", count=3), in_a_page("make", count=1)
    for first, second in ((0, 1), (2, 0), (1, 2)):
        typed = three["sheets"][first].lower() + "\n\n" + three["sheets"][second].replace(" ", "-")
        assert sheets.private_half(typed) == in_bytes(three["secret"])
    assert sheets.private_half(one["sheets"][0].replace("0", "o")) == in_bytes(one["secret"])
    other = in_a_page("make", count=3)["sheets"][1]
    for typed, words in (
        (three["sheets"][0], "two of 7 lines"),
        (three["sheets"][0] * 2, "Two different sheets"),
        (three["sheets"][0] + other, "different recovery keys"),
        (wrong_in_line_three(one["sheets"][0]), "Line 3 is not"),
    ):
        with pytest.raises(sheets.SheetError, match=words):
            sheets.private_half(typed)


def test_a_drill_opens_every_key_and_note_of_a_copy_and_changes_nothing(
    app: Flask, settings: Settings, sheet_pair: list[str], ines: Person, alice: Person, tmp_path: Path
) -> None:
    a_signed_note(a_session(ines, alice))
    db.session.commit()
    copy = a_copy(settings, tmp_path)
    typed = tmp_path / "sheets.txt"
    typed.write_text(sheet_pair[0] + "\n" + sheet_pair[2])
    before = contents_of(copy)
    done = app.test_cli_runner().invoke(args=["vault", "drill", copy, "--sheets", str(typed)])
    assert done.exit_code == 0, done.output
    assert "2 of 2 keys open, of 1 chart." in done.output
    assert "1 of 1 notes open with them." in done.output
    assert contents_of(copy) == before


def test_a_drill_says_what_does_not_open(
    app: Flask, settings: Settings, ines: Person, alice: Person, as_: As, omar: Person, tmp_path: Path
) -> None:
    a_signed_note(a_session(ines, alice))
    made = in_force(as_, omar, count=1)
    copy = a_copy(settings, tmp_path)
    outcome = drill.run(copy, in_bytes(made["secret"]))
    assert (outcome.keys, outcome.keys_opened, outcome.notes, outcome.notes_opened) == (2, 0, 1, 0)
    assert not outcome.whole
    foreign = in_a_page("make", count=1)["sheets"][0]
    typed = tmp_path / "sheets.txt"
    typed.write_text(foreign)
    done = app.test_cli_runner().invoke(args=["vault", "drill", copy, "--sheets", str(typed)])
    assert done.exit_code == 1
    assert "belong to no recovery key" in done.output


def a_copy(settings: Settings, folder: Path) -> str:
    """Make a backup of the test's database, or name it, where it is on a server that makes its own."""
    db.session.commit()
    if not settings.database_url.startswith("sqlite"):
        return settings.database_url
    path = folder / "copy.db"
    name = make_url(settings.database_url).database
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    return str(path)


def contents_of(copy: str) -> dict[str, bytes]:
    """Read a copy that is a file, and what lies beside it."""
    return {each.name: each.read_bytes() for each in Path(copy).parent.glob("copy.db*")} if "://" not in copy else {}


def in_bytes(told: str) -> bytes:
    """Read what a page's module told in base64."""
    return base64.b64decode(told)


def wrong_in_line_three(sheet: str) -> str:
    lines = sheet.split("\n")
    lines[2] = ("Z" if lines[2][0] != "Z" else "Y") + lines[2][1:]
    return "\n".join(lines)
