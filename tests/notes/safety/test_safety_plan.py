"""A safety plan is written by two, loses no word when both write, and is nobody else's."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import DatabaseError

from notes.safety import demo, services
from notes.safety.models import SafetyPlan, SafetyVersion
from notes.safety.steps import STEPS, SafetyWords, read, write
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import a_session
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
WALK = {"signs": "I stop cooking", "ask": "Jo, 555 0117, after six\nMama", "base_version": "0"}


def the_plan() -> SafetyPlan:
    """Read the one plan there is."""
    return db.session.scalars(db.select(SafetyPlan)).one()


def test_there_are_six_steps_and_words_survive_being_written_down() -> None:
    assert len(STEPS) == 6
    words = SafetyWords({"signs": "“Früh” wach\nnachts"})
    assert read(write(words)) == words
    assert [line.before for line in words.lines("signs")] == ["“Früh” wach", "nachts"]
    assert SafetyWords({"signs": " \n"}).blank


@pytest.mark.parametrize(
    ("text", "number", "href"),
    [
        ("Jo, 555 0117, after six", "555 0117", "tel:5550117"),
        ("+1 (212) 555-0117", "+1 (212) 555-0117", "tel:+12125550117"),
        ("988, day and night", "988", "tel:988"),
        ("Walk 5 times round the block", "", "tel:"),
        ("Room 12b", "", "tel:"),
    ],
)
def test_a_number_in_a_line_can_be_dialled(text: str, number: str, href: str) -> None:
    (line,) = SafetyWords({"ask": text}).lines("ask")
    assert (line.number, line.href) == (number, href)
    assert line.before + line.number + line.after == text


def test_either_begins_it_and_both_read_and_change_it(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    assert "Begin the plan" in as_(alice).get("/safety-plan").text
    assert "Begin the plan" in as_(ines).get(f"/clients/{alice.id}/safety-plan").text
    begun = as_(ines).post(f"/clients/{alice.id}/safety-plan/edit", data=WALK)
    assert begun.status_code == 303
    page = as_(alice).get("/safety-plan").text
    assert "I stop cooking" in page
    assert '<a href="tel:5550117">555 0117</a>' in page
    assert "988" in page
    assert "I stop cooking" in as_(alice).get("/safety-plan/edit").text
    as_(alice).post("/safety-plan/edit", data=WALK | {"alone": "Cold water", "base_version": "1"})
    seen = as_(ines).get(f"/clients/{alice.id}/safety-plan").text
    assert "Cold water" in seen
    assert "Version 2, saved by Alice" in seen
    assert as_(ines).get(f"/clients/{alice.id}/safety-plan/version").json == {"version": 2, "by": "Alice"}
    earlier = as_(ines).get(f"/clients/{alice.id}/safety-plan?version=1").text
    assert "An earlier version" in earlier
    assert "Cold water" not in earlier
    assert as_(ines).get(f"/clients/{alice.id}/safety-plan?version=9").status_code == 404


def test_when_both_write_neither_is_overwritten(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    as_(ines).post(f"/clients/{alice.id}/safety-plan/edit", data=WALK)
    as_(alice).post("/safety-plan/edit", data=WALK | {"alone": "Cold water", "base_version": "1"})
    late = WALK | {"alone": "Music", "around": "The café", "base_version": "1"}
    both = as_(ines).post(f"/clients/{alice.id}/safety-plan/edit", data=late)
    assert both.status_code == 409
    assert "Cold water" in both.text
    assert "Music" in both.text
    assert 'data-mark="1" data-refused' in both.text, "typed words stay on the device till saved"
    assert the_plan().version == 2
    settled = late | {"base_version": "2", "settles": "1", "keep-alone": "both", "keep-around": "mine"}
    assert as_(ines).post(f"/clients/{alice.id}/safety-plan/edit", data=settled).status_code == 303
    words = services.words_of(the_plan())
    assert words.text("alone") == "Cold water\n\nMusic"
    assert words.text("around") == "The café"


def test_the_same_words_make_no_new_version_and_none_make_no_plan(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    empty = as_(alice).post("/safety-plan/edit", data={"signs": " ", "base_version": "0"})
    assert empty.status_code == 422
    assert "at least one line" in empty.text
    for _ in range(2):
        as_(alice).post("/safety-plan/edit", data=WALK)
    assert the_plan().version == 1
    long = as_(alice).post("/safety-plan/edit", data=WALK | {"signs": "x" * 4001, "base_version": "1"})
    assert long.status_code == 422
    assert "x" * 4001 in long.text


def test_a_client_without_a_counselor_still_finds_help(as_: As, alice: Person) -> None:
    page = as_(alice).get("/safety-plan").text
    assert "You write it with your counselor" in page
    assert "988" in page
    assert as_(alice).get("/safety-plan/edit").status_code == 404


def test_nobody_else_reads_or_writes_it(
    as_: As, ines: Person, alice: Person, ben: Person, clara: Person, omar: Person
) -> None:
    a_session(ines, alice)
    a_session(ines, ben)
    as_(alice).post("/safety-plan/edit", data=WALK)
    for other in (clara, omar):
        assert as_(other).get(f"/clients/{alice.id}/safety-plan").status_code == 404
        assert as_(other).post(f"/clients/{alice.id}/safety-plan/edit", data=WALK).status_code == 404
    assert "I stop cooking" not in as_(ben).get("/safety-plan").text
    assert as_(ben).get(f"/safety-plan?counselor={clara.id}").status_code == 404


def test_what_the_device_shows_without_a_network_holds_nobodys_words(
    client: PageClient, as_: As, ines: Person, alice: Person
) -> None:
    a_session(ines, alice)
    as_(alice).post("/safety-plan/edit", data=WALK)
    for browser in (client, as_(alice)):
        page = browser.get("/safety-plan/kept").text
        assert "I stop cooking" not in page
        assert "988" in page
    worker = client.get("/safety-plan/worker.js")
    assert worker.mimetype in {"text/javascript", "application/javascript"}
    assert worker.headers["Service-Worker-Allowed"] == "/safety-plan"


def test_versions_stay_as_they_were_written_and_sealed(ines: Person, alice: Person, clock: FrozenClock) -> None:
    demo.seed(None, {"ines": ines, "alice": alice}, clock.now())
    db.session.commit()
    plan = the_plan()
    assert plan.version == 2
    assert "Choir on Thursdays" in services.words_of(plan).text("around")
    for row in db.session.scalars(db.select(SafetyVersion)):
        assert b"caf" not in bytes(row.sealed)
    for statement in ("UPDATE safety_versions SET version = version", "DELETE FROM safety_versions"):
        with pytest.raises(DatabaseError, match="stays as it was"):
            db.session.execute(db.text(statement))
        db.session.rollback()
