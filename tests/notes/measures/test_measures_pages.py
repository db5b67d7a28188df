"""What a counselor sees of a client's answers: charts with bands and sessions, the three scores, beside the note."""

from collections.abc import Callable
from datetime import timedelta

from notes.measures import demo, queries
from notes.models import Chart
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.measures.scenes import CALM, something_given
from tests.notes.scenes import a_session
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def test_the_page_draws_the_course_and_names_the_change(
    as_: As, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    a_session(ines, alice, starts_at=clock.now() - timedelta(days=3))
    for week, value in enumerate((2, 1, 0)):
        answers = {**dict.fromkeys(range(1, 9), value), 9: 0}
        something_given(ines, alice, answers, now=clock.now() - timedelta(weeks=4 - 2 * week))
    page = as_(ines).get(f"/clients/{alice.id}/measures").text
    assert "PHQ-9 has fallen by 16 points to 0 (minimal), a reliable change" in page
    assert page.count("chart-dot") == 3
    assert "chart-session" in page
    assert "Moderately severe" in page
    beside = as_(ines).get(f"/appointments/{a_session(ines, alice).id}/note").text
    assert "Baseline" in beside
    assert "Previous" in beside
    assert "Latest" in beside
    assert "PHQ-9 has fallen" in as_(ines).get(f"/clients/{alice.id}/chart").text


def test_an_estimated_score_says_so_and_too_little_gives_none(as_: As, ines: Person, alice: Person) -> None:
    estimated = something_given(ines, alice, CALM | {1: None})
    page = as_(ines).get(f"/measures/{estimated.id}").text
    assert "counted as the mean of the others" in page
    assert "Would rather not say" in page
    something_given(ines, alice, {1: 3}, "gad7")
    assert "too much is missing" in as_(ines).get(f"/clients/{alice.id}/measures").text


def test_a_client_without_answers_has_a_quiet_page(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    page = as_(ines).get(f"/clients/{alice.id}/measures").text
    assert "No answers yet" in page
    assert "Nothing answered yet" in as_(ines).get(f"/clients/{alice.id}/chart").text
    assert "Nothing to answer" in as_(alice).get("/questions").text


def test_the_demo_shows_a_course_that_eases_and_questions_that_wait(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    demo.seed(None, {"ines": ines, "alice": alice}, clock.now())
    db.session.commit()
    chart = db.session.scalars(db.select(Chart)).one()
    low, worry = queries.courses(queries.results(queries.askings_on(chart)))
    for course in (low, worry):
        assert course.overall
        assert course.overall.direction == "better"
        assert course.overall.reliable
    assert len(queries.open_askings(alice)) == 1
