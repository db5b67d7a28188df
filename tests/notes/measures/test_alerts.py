"""An alert is heard by its counselor, settled with what was done, and goes further when nobody looks."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import DatabaseError

from notes.measures import jobs, notices, sealing
from notes.measures.models import MeasureAlert
from practice.core import outbox
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FrozenClock
from tests.notes.measures.scenes import NINTH_ABOVE_ZERO, something_asked, something_given
from tests.notes.openings.scenes import a_lent_chart
from tests.notes.scenes import a_session
from tests.notes.supervision.scenes import a_supervision
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
DONE = {"deeds": ["spoke", "safety_plan"], "words": "Spoke at ten. Not alone tonight; Jo is with her."}


def an_alert(counselor: Person, client: Person) -> MeasureAlert:
    """Let a client have given an answer that calls."""
    something_given(counselor, client, NINTH_ABOVE_ZERO)
    return db.session.scalars(db.select(MeasureAlert)).one()


def kinds_about(raised: MeasureAlert) -> list[tuple[str, int | None]]:
    """List what was planned to be said about an alert, and to whom."""
    return [(each.kind, each.recipient_id) for each in outbox.about((notices.ALERT_SUBJECT, raised.id))]


def test_the_counselor_sees_it_on_today_and_on_every_other_page_until_it_is_seen(
    as_: As, ines: Person, alice: Person, clara: Person
) -> None:
    raised = an_alert(ines, alice)
    for path in ("/today", "/notes", f"/clients/{alice.id}/chart", "/alerts"):
        assert "Look at this now" in as_(ines).get(path).text
        assert clara.id
        assert "Look at this now" not in as_(clara).get(path).text
    seen = as_(ines).post(f"/alerts/{raised.id}/seen")
    assert seen.headers["Location"].endswith(f"/alerts/{raised.id}")
    assert "Not settled yet" in as_(ines).get("/today").text
    assert "Look at this now" not in as_(ines).get("/notes").text


def test_the_page_says_what_was_answered_and_how_to_reach_the_client(as_: As, ines: Person, alice: Person) -> None:
    raised = an_alert(ines, alice)
    page = as_(ines).get(f"/alerts/{raised.id}").text
    assert "better off dead" in page
    assert "Several days" in page
    assert alice.email in page
    assert "911" in page


def test_what_was_done_is_written_down_once_and_sealed(as_: As, ines: Person, alice: Person) -> None:
    raised = an_alert(ines, alice)
    for lacking in ({}, {"deeds": "spoke"}, {"words": "Spoke."}, {"deeds": "shouted", "words": "No."}):
        assert as_(ines).post(f"/alerts/{raised.id}/settlement", data=lacking).status_code == 422
    assert as_(ines).post(f"/alerts/{raised.id}/settlement", data=DONE).status_code == 303
    db.session.refresh(raised)
    assert sealing.settled(raised) == DONE
    assert raised.settled
    assert b"Jo" not in bytes(raised.settled)
    assert "Jo is with her" in as_(ines).get(f"/alerts/{raised.id}").text
    again = as_(ines).post(f"/alerts/{raised.id}/settlement", data=DONE | {"words": "Another story."})
    assert again.status_code == 303
    db.session.refresh(raised)
    assert sealing.settled(raised) == DONE
    with pytest.raises(DatabaseError, match="stays as it was"):
        db.session.execute(db.text("UPDATE measure_alerts SET told_times = 0"))
    db.session.rollback()


def test_an_unseen_alert_goes_to_the_practice_without_a_word_of_it(
    as_: As, ines: Person, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    raised = an_alert(ines, alice)
    jobs.escalate(clock.advance(minutes=59))
    assert kinds_about(raised) == [(notices.ALERT, ines.id)]
    assert "Nobody has looked" not in as_(omar).get("/day").text
    jobs.escalate(clock.advance(minutes=1))
    jobs.escalate(clock.now())
    assert kinds_about(raised) == [(notices.ALERT, ines.id), (notices.UNSEEN, ines.id), (notices.UNSEEN, omar.id)]
    for message in outbox.about((notices.ALERT_SUBJECT, raised.id)):
        letter = outbox.renderer_of(message.kind)(message, clock.now())  # type: ignore[misc]
        assert letter
        said = f"{letter.subject} {letter.text} {letter.html}".lower()  # type: ignore[union-attr]
        assert not any(word in said for word in ("alice", "phq", "dead", "hurt", "suicid"))
    day = as_(omar).get("/day").text
    assert "Nobody has looked at this yet" in day
    assert "Ines" in day
    assert "better off dead" not in day


def test_it_is_told_again_until_somebody_takes_it_on(
    as_: As, ines: Person, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    raised = an_alert(ines, alice)
    assert as_(omar).post(f"/alerts/{raised.id}/taken-on").status_code == 404  # the practice has not been told
    jobs.escalate(clock.advance(minutes=60))
    jobs.escalate(clock.advance(minutes=240))
    db.session.refresh(raised)
    assert raised.told_times == 2
    assert as_(omar).post(f"/alerts/{raised.id}/taken-on").status_code == 303
    jobs.escalate(clock.advance(days=2))
    db.session.refresh(raised)
    assert raised.told_times == 2
    assert "Taken on" in as_(omar).get("/day").text


def test_a_seen_alert_goes_no_further(as_: As, ines: Person, alice: Person, omar: Person, clock: FrozenClock) -> None:
    raised = an_alert(ines, alice)
    as_(ines).post(f"/alerts/{raised.id}/seen")
    jobs.escalate(clock.advance(days=1))
    assert omar.id not in [recipient for _, recipient in kinds_about(raised)]
    assert all(each.state == outbox.WITHDRAWN for each in outbox.about((notices.ALERT_SUBJECT, raised.id)))


def test_nobody_else_opens_sees_or_settles_it(
    as_: As, ines: Person, alice: Person, clara: Person, omar: Person
) -> None:
    raised = an_alert(ines, alice)
    for other in (clara, omar, alice):
        assert as_(other).get(f"/alerts/{raised.id}").status_code == 404
        assert as_(other).post(f"/alerts/{raised.id}/seen").status_code == 404
        assert as_(other).post(f"/alerts/{raised.id}/settlement", data=DONE).status_code == 404


def test_filled_in_together_it_is_seen_at_once_and_asks_what_was_done(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    assert "Read each question aloud" in as_(ines).get(f"/measures/{asked.id}/together").text
    empty = as_(ines).post(f"/measures/{asked.id}/together", data={})
    assert empty.headers["Location"].endswith("/together")
    answers = {f"q{number}": "1" for number in range(1, 11)}
    given = as_(ines).post(f"/measures/{asked.id}/together", data=answers)
    raised = db.session.scalars(db.select(MeasureAlert)).one()
    assert given.headers["Location"].endswith(f"/alerts/{raised.id}")
    assert raised.seen_by_id == ines.id
    page = as_(ines).get(f"/measures/{asked.id}").text
    assert "PHQ-9" in page
    assert ">9<" in page.replace(" ", "").replace("\n", "")
    assert "Together" in as_(ines).get(f"/clients/{alice.id}/measures").text


def test_it_reaches_who_covers_and_either_of_the_two_settles_it(
    as_: As, ines: Person, alice: Person, clara: Person, omar: Person, clock: FrozenClock
) -> None:
    asked = something_asked(ines, alice, "gad7")
    a_lent_chart(asked.chart, clara, now=clock.now())
    raised = an_alert(ines, alice)
    assert {(notices.ALERT, ines.id), (notices.ALERT, clara.id)} <= set(kinds_about(raised))
    assert f"with {ines.name}" in as_(clara).get("/today").text
    page = as_(clara).get(f"/alerts/{raised.id}").text
    assert "better off dead" in page
    assert f"/charts/lent/{raised.chart_id}" in page
    answer = as_(clara).post(f"/alerts/{raised.id}/settlement", data=DONE, follow_redirects=True)
    assert "Measures" in answer.text
    assert "Not alone tonight" in as_(ines).get(f"/alerts/{raised.id}").text
    clock.advance(days=31)
    assert as_(clara).get(f"/alerts/{raised.id}").status_code == 404


def test_a_supervisor_reads_the_measures_and_is_not_called(
    as_: As, ines: Person, alice: Person, clara: Person, omar: Person
) -> None:
    raised = an_alert(ines, alice)
    a_supervision(clara, ines, omar)
    assert "PHQ-9" in as_(clara).get(f"/supervision/charts/{raised.chart_id}").text
    assert as_(clara).get(f"/alerts/{raised.id}").status_code == 404


def test_it_is_shown_in_the_room_without_a_name_and_opens_beside_the_session(
    as_: As, ines: Person, alice: Person, ben: Person
) -> None:
    now = a_session(ines, alice, starts_at=MONDAY_MORNING, status="confirmed")
    an_alert(ines, ben)
    page = as_(ines).get(f"/appointments/{now.id}/room").text
    assert "Look at this now" in page
    assert ben.name not in page, "a shared screen may show it"
    assert 'target="_blank"' in page.partition("Open it beside the session")[0].rpartition("<form")[2]
    assert "Look at this now" not in as_(alice).get(f"/appointments/{now.id}/room").text
    assert "Look at this now" in as_(ines).get("/alerts?floats=1&room=1").text
