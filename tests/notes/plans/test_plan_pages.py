"""A counselor plans the work with a client; nobody else finds anything of it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from notes import keys
from notes import services as writing
from notes.models import Chart, Note
from notes.plans import queries, services
from notes.plans.document import Line, Plan, add
from notes.plans.models import PlanVersion
from notes.vault import VaultSealBrokenError
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FakePrinter, FrozenClock
from tests.notes.scenes import a_session
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SLEEP = "Lies awake and dreads the morning."


def the_plan() -> tuple[Plan, int]:
    return services.plan_of(db.session.scalars(select(Chart)).one())


def add_line(browser: PageClient, client: Person, kind: str, words: str, under: str = "", **more: str) -> str:
    data = {"kind": kind, "text": words, "under": under, "base": "0", **more}
    answer = browser.post(f"/clients/{client.id}/plan/lines", data=data)
    assert answer.status_code == 303
    return answer.location.rpartition("line-")[2]


@pytest.fixture
def planning(as_: As, ines: Person, alice: Person) -> PageClient:
    a_session(ines, alice)
    return as_(ines)


def test_a_plan_grows_from_a_problem_to_what_is_done_for_it(planning: PageClient, alice: Person) -> None:
    home = f"/clients/{alice.id}/plan"
    assert "What is the work for?" in planning.get(home).text
    problem = add_line(planning, alice, "problem", SLEEP)
    goal = add_line(planning, alice, "goal", "Six nights a week.", problem, review_on="2026-12-01")
    objective = add_line(planning, alice, "objective", "Writes the list at six.", goal, target_on="2026-12-24")
    add_line(planning, alice, "intervention", "Rehearse it in session.", objective)
    page = planning.get(home).text
    for words in (SLEEP, "Six nights a week.", "By 24 Dec 2026", "Review on 1 Dec 2026", "Rehearse it in session."):
        assert words in page
    for kind, under in (("Problem", ""), ("Goal", problem), ("Objective", goal), ("Intervention", objective)):
        assert f"New {kind.lower()}" in planning.get(f"{home}/lines/new?under={under}").text
    assert planning.get(f"{home}/lines/new?under=nothing").status_code == 404


def test_an_empty_line_is_asked_for_and_nothing_typed_is_lost(planning: PageClient, alice: Person) -> None:
    data = {"kind": "goal", "text": "", "target_on": "soon", "base": "0"}
    page = planning.post(f"/clients/{alice.id}/plan/lines", data=data)
    assert page.status_code == 422
    assert "Write what shall be different." in page.text
    assert "soon" in page.text
    misplaced = planning.post(f"/clients/{alice.id}/plan/lines", data=data | {"text": "Sleep.", "target_on": ""})
    assert misplaced.status_code == 409
    assert "Sleep." in misplaced.text


def test_a_review_is_kept_and_the_next_is_set(planning: PageClient, alice: Person) -> None:
    problem = add_line(planning, alice, "problem", SLEEP)
    goal = add_line(planning, alice, "goal", "Six nights a week.", problem, review_on="2026-11-01")
    address = f"/clients/{alice.id}/plan/lines/{goal}"
    assert "Time to look again" in planning.get(f"/clients/{alice.id}/plan").text
    assert "Plans to look at again" in planning.get("/today").text
    sent = {"status": "active", "words": "Five of seven.", "next_on": "2027-02-01", "base": "2"}
    assert planning.post(f"{address}/reviews", data=sent | {"status": ""}).status_code == 422
    assert planning.post(f"{address}/reviews", data=sent).status_code == 303
    assert "Five of seven." in planning.get(address).text
    assert "Plans to look at again" not in planning.get("/today").text
    assert the_plan()[0].line(goal).review_on.isoformat() == "2027-02-01"  # type: ignore[union-attr]


def test_two_tabs_on_one_line_overwrite_nothing(planning: PageClient, alice: Person) -> None:
    line = add_line(planning, alice, "problem", SLEEP)
    other = add_line(planning, alice, "problem", "Avoids the telephone.")
    address = f"/clients/{alice.id}/plan/lines/{line}"
    data = {"kind": "problem", "text": "Sleeps badly before work.", "base": "2"}
    assert planning.post(address, data=data).status_code == 303
    late = planning.post(address, data=data | {"text": "Wakes at four."})
    assert late.status_code == 409
    assert "Sleeps badly before work." in late.text
    assert "Wakes at four." in late.text
    elsewhere = data | {"text": "Avoids calls."}
    assert planning.post(f"/clients/{alice.id}/plan/lines/{other}", data=elsewhere).status_code == 303
    again = re.search(r'name="base" value="(\d+)"', late.text)
    assert again
    assert planning.post(address, data=data | {"text": "Wakes at four.", "base": again[1]}).status_code == 303
    assert [each.text for each in the_plan()[0].lines] == ["Wakes at four.", "Avoids calls."]


def test_lines_move_and_go_and_earlier_states_keep_them(planning: PageClient, alice: Person) -> None:
    first = add_line(planning, alice, "problem", SLEEP)
    second = add_line(planning, alice, "problem", "Avoids the telephone.")
    home = f"/clients/{alice.id}/plan"
    assert planning.post(f"{home}/lines/{second}/place").status_code == 303
    assert [line.id for line in the_plan()[0].lines] == [second, first]
    assert planning.post(f"{home}/lines/{first}/removal").status_code == 303
    assert SLEEP not in planning.get(home).text
    assert SLEEP in planning.get(f"{home}/states/2").text
    assert planning.get(f"{home}/states").text.count("item-link") == 4
    assert planning.get(f"{home}/states/9").status_code == 404
    assert planning.get(f"{home}/lines/{first}").status_code == 404


def test_a_diagnosis_is_searched_chosen_and_said_more_of(planning: PageClient, alice: Person) -> None:
    home = f"/clients/{alice.id}/plan"
    assert "74,719 codes" in planning.get(f"{home}/diagnoses").text
    part = planning.post(f"{home}/diagnoses/search", data={"q": "panik"}, headers={"HX-Request": "true"}).text
    assert "F41.0" in part
    assert "<h1" not in part
    assert "F41.0" in planning.post(f"{home}/diagnoses/search", data={"q": "panik"}).text
    chosen = planning.post(f"{home}/diagnoses", data={"code": "F41.0"})
    assert planning.post(f"{home}/diagnoses", data={"code": "F41.0"}).location == chosen.location
    assert planning.post(f"{home}/diagnoses", data={"code": "F41"}).status_code == 404
    data = {"standing": "provisional", "since_on": "2026-10-01", "remark": "First seen by Dr Hale."}
    assert planning.post(chosen.location, data=data | {"standing": "odd"}).status_code == 422
    assert planning.post(chosen.location, data=data).status_code == 303
    other = planning.post(f"{home}/diagnoses", data={"code": "F43.81"}).location
    assert planning.post(f"{other}/place").status_code == 303
    page = planning.get(home).text
    assert page.index("F43.81") < page.index("F41.0")
    for words in ("Provisional since 1 Oct 2026", "First seen by Dr Hale."):
        assert words in page
    assert planning.post(f"{other}/removal").status_code == 303
    assert "F43.81" not in planning.get(home).text


def test_a_note_points_at_what_was_worked_on(planning: PageClient, ines: Person, alice: Person) -> None:
    problem = add_line(planning, alice, "problem", SLEEP)
    goal = add_line(planning, alice, "goal", "Six nights a week.", problem)
    objective = add_line(planning, alice, "objective", "Writes the list at six.", goal)
    appointment = a_session(ines, alice)
    address = f"/appointments/{appointment.id}/note"
    assert f'name="links" value="{objective}"' in planning.get(address).text
    sent = {"layout": "soap", "subjective": "Kept it.", "base_version": "0", "tab": "one", "links": [objective]}
    assert planning.post(address, data=sent).status_code == 303
    (note,) = db.session.scalars(select(Note)).all()
    signed(note, ines)
    assert "Writes the list at six." in planning.get(f"/notes/{note.id}").text
    assert "Worked on in" in planning.get(f"/clients/{alice.id}/plan/lines/{objective}").text
    assert "Worked on in" not in planning.get(f"/clients/{alice.id}/plan/lines/{goal}").text
    planning.post(f"/clients/{alice.id}/plan/lines/{objective}/removal")
    assert "taken out of the plan since" in planning.get(f"/notes/{note.id}").text


def signed(note: Note, signer: Person) -> None:
    writing.sign(note, version=note.version, signer=signer, now=MONDAY_MORNING)
    db.session.commit()


def test_the_frame_stands_beside_and_all_of_it_prints(
    planning: PageClient, alice: Person, printer: FakePrinter
) -> None:
    home = f"/clients/{alice.id}/plan"
    add_line(planning, alice, "problem", SLEEP)
    frame = {"strengths": "Laughs easily.", "rhythm": "Weekly.", "ending": ""}
    assert planning.post(f"{home}/frame", data=frame | {"ending": "x" * 4001}).status_code == 422
    assert planning.post(f"{home}/frame", data=frame).status_code == 303
    assert "Laughs easily." in planning.get(home).text
    assert planning.get(f"{home}.pdf").mimetype == "application/pdf"
    for words in (SLEEP, "Weekly.", "Alice Moreau", "Ines Calder, LMHC"):
        assert words in printer.printed[0]


def test_nobody_else_finds_the_plan(as_: As, planning: PageClient, alice: Person, clara: Person, omar: Person) -> None:
    line = add_line(planning, alice, "problem", SLEEP)
    home = f"/clients/{alice.id}/plan"
    for person in (clara, omar, alice):
        browser = as_(person)
        for address in (home, f"{home}.pdf", f"{home}/states", f"{home}/states/1", f"{home}/lines/{line}"):
            assert browser.get(address).status_code == 404, address
        for address in (f"{home}/lines", f"{home}/lines/{line}", f"{home}/lines/{line}/removal", f"{home}/frame"):
            assert browser.post(address, data={"kind": "problem", "text": "Mine.", "base": "1"}).status_code == 404


def test_not_one_word_of_a_plan_stands_in_the_open(planning: PageClient, ines: Person, alice: Person) -> None:
    add_line(planning, alice, "problem", SLEEP)
    planning.post(f"/clients/{alice.id}/plan/diagnoses", data={"code": "F41.0"})
    rows = [str(tuple(row)) for row in db.session.execute(text("SELECT * FROM plan_versions"))]
    deeds = [f"{entry.action} {entry.detail}" for entry in db.session.scalars(select(AuditEntry))]
    assert any(deed.startswith("plan.changed") for deed in deeds)
    for said in (*rows, *deeds):
        assert not re.search("awake|F41|[Pp]anic", said)


def test_a_state_that_was_moved_or_swapped_does_not_open(ines: Person, alice: Person, clock: FrozenClock) -> None:
    chart = keys.chart_of(counselor=ines, client=alice, now=clock.now())
    for words in (SLEEP, "Avoids the telephone."):
        line = Line(services.new_id(), "problem", words)
        services.save(chart, lambda plan, line=line: add(plan, line), author=ines, now=clock.now())
    db.session.commit()
    newer, older = queries.versions(chart)
    swapped = PlanVersion(chart=chart, version=newer.version, epoch=newer.epoch, sealed=older.sealed)
    with pytest.raises(VaultSealBrokenError), db.session.no_autoflush:
        services.opened(swapped)


@pytest.mark.parametrize("deed", ["UPDATE plan_versions SET review_on = NULL", "DELETE FROM plan_versions"])
def test_the_database_keeps_every_state(planning: PageClient, alice: Person, deed: str) -> None:
    add_line(planning, alice, "problem", SLEEP)
    with pytest.raises(DatabaseError, match="stays as it was"):
        db.session.execute(text(deed))
    db.session.rollback()


def test_a_plan_is_due_on_its_day_and_not_before(ines: Person, alice: Person, clock: FrozenClock) -> None:
    chart = keys.chart_of(counselor=ines, client=alice, now=clock.now())
    day = clock.now().date() + timedelta(days=3)
    line = Line(services.new_id(), "problem", SLEEP, review_on=day)
    services.save(chart, lambda plan: add(plan, line), author=ines, now=clock.now())
    assert not queries.to_review(ines, until=day - timedelta(days=1))
    assert len(queries.to_review(ines, until=day)) == 1
