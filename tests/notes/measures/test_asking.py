"""Plans ask by the calendar or before sessions, never twice; what is not free or not offered cannot be asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from notes.measures import asking, jobs, notices, offering
from notes.measures.models import ASKED, MeasureAsking, MeasureOffer, MeasurePlan
from notes.measures.rhythm import ONCE, SESSIONS, WEEKS, Rhythm
from practice.core import outbox
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FrozenClock
from tests.notes.measures.scenes import something_asked
from tests.notes.scenes import a_session
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def askings() -> list[MeasureAsking]:
    """Read everything asked so far."""
    return list(db.session.scalars(db.select(MeasureAsking).order_by(MeasureAsking.id)))


def put_away(asked: MeasureAsking) -> None:
    """Let something no longer wait."""
    asking.take_back(asked, by=asked.chart.counselor, now=asked.asked_at)


def test_asking_once_tells_the_client_neutrally_and_reminds_them_once(
    as_: As, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    a_session(ines, alice)
    page = as_(ines).post(f"/clients/{alice.id}/measures/plans", data={"instrument": "gad7", "rhythm": "once"})
    assert page.status_code == 303
    (asked,) = askings()
    planned = outbox.about((notices.ASKING_SUBJECT, asked.id))
    assert [each.kind for each in planned] == [notices.ASKED, notices.REMINDER]
    assert planned[1].due_at - planned[0].due_at == timedelta(days=2)
    letter = outbox.renderer_of(notices.ASKED)(planned[0], clock.now())  # type: ignore[misc]
    for said in ("gad", "anxi", "worry", "therap", "questionnaire", "counsel", ines.name.lower()):
        assert said not in f"{letter.subject} {letter.text} {letter.html}".lower()  # type: ignore[union-attr]
    jobs.ask(clock.advance(weeks=9))
    assert len(askings()) == 1


def test_every_two_weeks_asks_now_then_again_when_the_last_is_not_waiting(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    a_session(ines, alice)
    asking.plan(counselor=ines, client=alice, instrument="phq9", rhythm=Rhythm(WEEKS, 2), now=clock.now())
    jobs.ask(clock.advance(weeks=2))
    assert len(askings()) == 1  # the first still waits, and questions do not pile up
    put_away(askings()[0])
    jobs.ask(clock.now())
    jobs.ask(clock.now())
    assert [each.state for each in askings()].count(ASKED) == 1
    put_away(askings()[1])
    jobs.ask(clock.advance(days=13))
    assert len(askings()) == 2


def test_before_sessions_asks_two_days_ahead_of_each_second_one(
    ines: Person, alice: Person, clock: FrozenClock
) -> None:
    a_session(ines, alice)
    first, second, third = (
        a_session(ines, alice, starts_at=clock.now() + timedelta(days=days), status="confirmed") for days in (7, 14, 21)
    )
    asking.plan(counselor=ines, client=alice, instrument="phq9", rhythm=Rhythm(SESSIONS, 2), now=clock.now())
    asked_for = []
    for _ in range(22):
        jobs.ask(clock.advance(days=1))
        asked_for += [each.appointment_id for each in askings() if each.is_open]
        for each in askings():
            put_away(each)
    assert asked_for == [first.id, third.id]
    assert second.id not in asked_for


def test_an_ended_plan_asks_no_more_and_takes_back_what_was_not_begun(as_: As, ines: Person, alice: Person) -> None:
    a_session(ines, alice)
    as_(ines).post(f"/clients/{alice.id}/measures/plans", data={"instrument": "phq9", "rhythm": "weeks", "every": "1"})
    plan = db.session.scalars(db.select(MeasurePlan)).one()
    assert "Every week" in as_(ines).get(f"/clients/{alice.id}/measures").text
    assert as_(ines).post(f"/measure-plans/{plan.id}/end").status_code == 303
    db.session.refresh(plan)
    assert plan.ended_at is not None
    assert not askings()[0].is_open
    assert as_(alice).post(f"/measure-plans/{plan.id}/end").status_code == 404


def test_the_same_is_not_asked_twice_at_a_time(as_: As, ines: Person, alice: Person) -> None:
    something_asked(ines, alice)
    page = as_(ines).post(f"/clients/{alice.id}/measures/plans", data={"instrument": "phq9", "rhythm": "once"})
    assert page.status_code == 409
    assert "asked already" in page.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"instrument": "bdi2", "rhythm": "once"},
        {"instrument": "phq9", "rhythm": "hourly"},
        {"instrument": "phq9", "rhythm": "weeks", "every": "0"},
        {"instrument": "phq9", "rhythm": "weeks", "every": "27"},
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(as_: As, ines: Person, alice: Person, data: dict[str, str]) -> None:
    a_session(ines, alice)
    page = as_(ines).post(f"/clients/{alice.id}/measures/plans", data=data)
    assert page.status_code == 422
    assert "Please check the following" in page.text
    assert askings() == []


def test_the_practice_chooses_what_is_offered(
    as_: As, ines: Person, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    page = as_(omar).get("/questionnaires").text
    assert "PCL-5" in page
    assert "Cannot be used" in page
    assert "BDI-II" in page
    chosen = as_(omar).post("/questionnaires", data={"offered": ["phq9", "bdi2"], "alert_minutes": "30"})
    assert chosen.status_code == 303
    assert as_(omar).post("/questionnaires", data={"offered": "phq9", "alert_minutes": "1"}).status_code == 422
    a_session(ines, alice)
    refused = as_(ines).post(f"/clients/{alice.id}/measures/plans", data={"instrument": "gad7", "rhythm": "once"})
    assert refused.status_code == 422
    with pytest.raises(asking.NotOfferedError):
        asking.plan(counselor=ines, client=alice, instrument="gad7", rhythm=Rhythm(ONCE), now=clock.now())
    offering.decide(offered=["phq9", "gad7"], alert_minutes=30, by=omar, now=clock.now())
    asking.plan(counselor=ines, client=alice, instrument="gad7", rhythm=Rhythm(ONCE), now=clock.now())


def test_the_database_offers_nothing_that_is_not_free(omar: Person, clock: FrozenClock) -> None:
    db.session.add(MeasureOffer(instrument="bdi2", offered=True, changed_at=clock.now(), changed_by_id=omar.id))
    with pytest.raises(DatabaseError, match="instrument_free"):
        db.session.flush()
    db.session.rollback()


def test_what_is_asked_in_a_session_is_shown_in_the_room(
    as_: As, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    session = a_session(ines, alice, starts_at=MONDAY_MORNING, status="confirmed")
    room = f"/appointments/{session.id}/room"
    assert "asks you a few questions" not in as_(alice).get(room).text
    asked = something_asked(ines, alice)
    assert "Ines asks you a few questions" in as_(alice).get(room).text
    assert f"/questions/{asked.id}" in as_(alice).get("/questions/waiting").text
    assert "asks you a few questions" not in as_(ines).get(room).text
    clock.advance(hours=2)
    assert "asks you a few questions" not in as_(alice).get("/questions/waiting").text
