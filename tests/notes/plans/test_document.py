"""What may happen to a plan, and that it is written down and read back as it was."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.plans import document
from notes.plans.document import Diagnosis, Line, Plan, Review, UnknownLineError
from notes.plans.written import UnreadablePlanError, read, write

MONDAY = date(2026, 11, 23)
SLEEP = Line("p1", "problem", "Lies awake and dreads the morning.", opened_on=MONDAY)
REST = Line("g1", "goal", "Six nights of sleep a week.", under="p1", review_on=MONDAY)
LIST = Line("o1", "objective", "Writes the list at six.", under="g1", target_on=MONDAY, review_on=date(2026, 12, 1))
HABIT = Line("i1", "intervention", "Rehearse it in session.", under="o1")
PANIC = Diagnosis("d1", "F41.0", "Panic disorder", "2026", since_on=MONDAY)
GRIEF = Diagnosis("d2", "F43.81", "Prolonged grief disorder", "2026", "provisional", remark="Ask again in spring.")
PLAN = Plan((PANIC, GRIEF), (SLEEP, REST, LIST, HABIT), {"strengths": "Laughs easily."})


def test_lines_stand_under_what_they_belong_to() -> None:
    (problem,) = PLAN.tree()
    assert problem.line is SLEEP
    assert problem.branches[0].branches[0].branches[0].line is HABIT
    assert PLAN.path(HABIT) == [SLEEP, REST, LIST]


@pytest.mark.parametrize(
    "line",
    [
        Line("x", "goal", "Nowhere.", under=""),
        Line("x", "goal", "Under a goal.", under="g1"),
        Line("x", "problem", "Under a problem.", under="p1"),
        Line("x", "objective", "Under nothing known.", under="p9"),
        Line("x", "intervention", "Two steps up.", under="g1"),
    ],
)
def test_a_line_stands_nowhere_else(line: Line) -> None:
    with pytest.raises(UnknownLineError):
        document.add(PLAN, line)


def test_the_plans_review_is_the_first_of_its_open_lines() -> None:
    assert PLAN.review_on == MONDAY
    assert PLAN.due(MONDAY) == [REST]
    assert PLAN.due(date(2026, 11, 22)) == []
    reached = document.review(PLAN, "g1", Review(MONDAY, "reached", "Seven!"), next_on=date(2027, 1, 1))
    assert reached.line("g1").reviews == (Review(MONDAY, "reached", "Seven!"),)
    assert reached.line("g1").review_on is None, "what is reached is not looked at again"
    assert reached.review_on == date(2026, 12, 1)
    going_on = document.review(PLAN, "g1", Review(MONDAY, "paused"), next_on=date(2027, 1, 1))
    assert going_on.line("g1").review_on == date(2027, 1, 1)


def test_a_changed_line_stays_where_it_stood() -> None:
    changed = document.change(PLAN, replace(LIST, text="At five.", kind="problem", under=""))
    assert changed.line("o1") == replace(LIST, text="At five.")


def test_what_is_taken_out_goes_with_all_below_it() -> None:
    assert [line.id for line in document.remove(PLAN, "g1").lines] == ["p1"]
    assert [line.id for line in document.remove(PLAN, "i1").lines] == ["p1", "g1", "o1"]


def test_a_line_moves_up_among_its_own() -> None:
    second = Line("o2", "objective", "A walk.", under="g1")
    plan = document.raise_line(document.add(PLAN, second), "o2")
    assert [branch.line.id for branch in plan.tree("g1")] == ["o2", "o1"]
    assert document.raise_line(plan, "o2") == plan
    assert [branch.line.id for branch in plan.tree("o1")] == ["i1"]


def test_the_principal_diagnosis_stands_first() -> None:
    assert document.put_first(PLAN, "d2").diagnoses == (GRIEF, PANIC)
    assert document.take_out(PLAN, "d1").diagnoses == (GRIEF,)
    resolved = replace(PANIC, standing="resolved")
    assert document.diagnose(PLAN, resolved).diagnoses == (resolved, GRIEF)
    with pytest.raises(UnknownLineError):
        document.take_out(PLAN, "d9")


def test_a_plan_of_a_later_program_is_not_misread() -> None:
    with pytest.raises(UnreadablePlanError):
        read(b'{"form":2}')


words = st.text(max_size=20)
days = st.none() | st.dates()
lines = st.builds(
    Line,
    id=words,
    kind=st.sampled_from(document.KINDS),
    text=words,
    under=words,
    status=st.sampled_from(document.STATUSES),
    opened_on=days,
    target_on=days,
    review_on=days,
    reviews=st.lists(
        st.builds(Review, on=st.dates(), status=st.sampled_from(document.STATUSES), words=words), max_size=2
    ).map(tuple),
)


@given(st.lists(lines, max_size=4).map(tuple), st.dictionaries(words, words.filter(bool), max_size=2))
def test_what_is_written_down_reads_back_the_same(some: tuple[Line, ...], frame: dict[str, str]) -> None:
    plan = Plan((PANIC, GRIEF), some, frame)
    assert read(write(plan)) == plan
    assert write(read(write(plan))) == write(plan)
