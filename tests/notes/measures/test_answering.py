"""A client answers at their own pace; an answer that calls for somebody is heard at once."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import DatabaseError

from notes.custody.models import OpenVault
from notes.measures import answering, sealing
from notes.measures.models import GIVEN, WITHDRAWN, MeasureAlert
from notes.vault import VaultLockedError, VaultRefusedError
from practice.core import outbox
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.measures.scenes import CALM, NINTH_ABOVE_ZERO, answer_in_turn, something_asked, something_given
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def alerts() -> list[MeasureAlert]:
    """Read every alert as it is now."""
    return list(db.session.scalars(db.select(MeasureAlert)))


def test_questions_come_one_by_one_and_arrive_with_the_counselor(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    browser = as_(alice)
    assert "A few questions wait for you" in browser.get("/my").text
    assert "One question at a time" in browser.get(f"/questions/{asked.id}").text
    first = browser.get(f"/questions/{asked.id}/1").text
    assert "Little interest or pleasure in doing things" in first
    assert "Question 1 of 10" in first
    answer_in_turn(browser, asked, dict.fromkeys(range(1, 9), "1") | {9: "0", 10: "2"})
    assert "Several days" in browser.get(f"/questions/{asked.id}/check").text
    sent = browser.post(f"/questions/{asked.id}/check")
    assert sent.headers["Location"].endswith("/thanks")
    db.session.refresh(asked)
    assert (asked.state, asked.given_by_id, asked.progress) == (GIVEN, alice.id, None)
    assert sealing.given(asked) == dict.fromkeys(range(1, 9), 1) | {9: 0, 10: 2}
    assert alerts() == []


def test_what_was_begun_goes_on_where_it_stopped(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice, "gad7")
    answer_in_turn(as_(alice), asked, {1: "2", 2: "skip"})
    page = as_(alice).get(f"/questions/{asked.id}").text
    assert "Go on with question 3" in page
    assert 'value="2" checked' in as_(alice).get(f"/questions/{asked.id}/1").text
    assert 'value="skip" checked' in as_(alice).get(f"/questions/{asked.id}/2").text


def test_an_answer_has_to_be_chosen_and_nothing_else_is_taken(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    for nonsense in ({}, {"answer": "4"}, {"answer": "-1"}, {"answer": "yes"}):
        page = as_(alice).post(f"/questions/{asked.id}/1", data=nonsense)
        assert page.status_code == 422
        assert "Choose an answer" in page.text
    assert as_(alice).get(f"/questions/{asked.id}/11").status_code == 404


def test_nothing_answered_is_not_sent(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    answer_in_turn(as_(alice), asked, {1: "skip"})
    page = as_(alice).post(f"/questions/{asked.id}/check")
    assert page.status_code == 409
    assert "Nothing is answered yet" in page.text


def test_the_ninth_question_shows_help_at_once_and_alerts_before_anything_is_sent(
    as_: As, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    asked = something_asked(ines, alice)
    assert "We have asked" not in as_(alice).get(f"/questions/{asked.id}/help").text
    answer = as_(alice).post(f"/questions/{asked.id}/9", data={"answer": "1"})
    assert answer.headers["Location"].endswith(f"/questions/{asked.id}/help?at=9")
    help_page = as_(alice).get(answer.headers["Location"]).text
    assert "We have asked Ines" in help_page
    assert "988" in help_page
    assert "911" in help_page
    assert f"/questions/{asked.id}/10" in help_page
    (raised,) = alerts()
    assert sealing.called_by(raised) == (9, 1)
    assert raised.raised_at == clock.now()
    assert [each.recipient_id for each in outbox.about(("measure_alert", raised.id))] == [ines.id]
    as_(alice).post(f"/questions/{asked.id}/9", data={"answer": "0"})
    assert len(alerts()) == 1  # taking it back does not unsay it, and a second answer raises no second alert


def test_a_page_of_all_questions_keeps_each_answer_and_helps_once(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    script = {"Accept": "application/json"}
    address = f"/questions/{asked.id}/all"
    kept = as_(alice).post(address, data={"q1": "2", "q2": "99", "q3": "x"}, headers=script)
    assert kept.json == {"saved": True, "help": ""}
    called = as_(alice).post(address, data={"q1": "2", "q9": "3"}, headers=script)
    assert called.json
    assert called.json["help"].endswith("/help?at=0")
    again = as_(alice).post(address, data={"q1": "1", "q9": "3"}, headers=script)
    assert again.json
    assert again.json["help"] == ""
    assert as_(alice).post(address, data={"q1": "1"}).headers["Location"].endswith("/check")
    assert sealing.kept(asked, alice) == {1: 1, 9: 3}


def test_a_client_reads_what_they_answered(as_: As, ines: Person, alice: Person) -> None:
    given = something_given(ines, alice, CALM | {1: 2})
    assert "More than half the days" in as_(alice).get(f"/questions/{given.id}/answers").text
    assert f"/questions/{given.id}/answers" in as_(alice).get("/questions").text


def test_what_is_no_longer_open_leads_back_kindly(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    taken_back = as_(ines).post(f"/measures/{asked.id}/withdrawal")
    assert taken_back.status_code == 303
    db.session.refresh(asked)
    assert asked.state == WITHDRAWN
    assert all(each.state == outbox.WITHDRAWN for each in outbox.about(("measure", asked.id)))
    for path in ("", "/1", "/all", "/check"):
        assert as_(alice).get(f"/questions/{asked.id}{path}").headers["Location"].endswith("/questions")
    assert as_(alice).post(f"/questions/{asked.id}/1", data={"answer": "1"}).status_code == 303
    assert as_(alice).post(f"/questions/{asked.id}/check").status_code == 303


def test_nobody_else_sees_or_answers_them(as_: As, ines: Person, alice: Person, ben: Person, clara: Person) -> None:
    asked = something_asked(ines, alice)
    given = something_given(ines, ben, CALM)
    for path in ("", "/1", "/all", "/check", "/help", "/thanks"):
        assert as_(ben).get(f"/questions/{asked.id}{path}").status_code == 404
    assert as_(alice).get(f"/questions/{given.id}/answers").status_code == 404
    assert as_(ben).post(f"/questions/{asked.id}/1", data={"answer": "1"}).status_code == 404
    assert as_(clara).get(f"/measures/{given.id}").status_code == 404
    assert as_(clara).get(f"/measures/{asked.id}/together").status_code == 404
    assert as_(clara).get(f"/clients/{alice.id}/measures").status_code == 404


def test_given_answers_stay_whatever_asks_the_database(ines: Person, alice: Person) -> None:
    given = something_given(ines, alice, CALM)
    for statement in ("UPDATE measure_askings SET sealed = sealed", "DELETE FROM measure_askings"):
        with pytest.raises(DatabaseError, match="stays as it was"):
            db.session.execute(db.text(statement))
        db.session.rollback()
    db.session.refresh(given)
    assert given.state == GIVEN


def test_no_answer_and_no_name_of_a_questionnaire_stands_in_the_clear(ines: Person, alice: Person) -> None:
    something_given(ines, alice, CALM | {1: 3})
    rows = db.session.execute(db.text("SELECT * FROM measure_askings")).mappings().all()
    rows += db.session.execute(db.text("SELECT * FROM measure_plans")).mappings().all()
    values = [value for row in rows for value in row.values()]
    written = b"|".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in values)
    assert b"phq" not in written.lower()
    assert b'"answers"' not in written


def test_help_does_not_wait_for_a_password(as_: As, ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    browser = as_(alice)
    db.session.execute(db.delete(OpenVault))
    db.session.commit()
    assert browser.post(f"/questions/{asked.id}/1", data={"answer": "1"}).status_code == 423
    answer = browser.post(f"/questions/{asked.id}/9", data={"answer": "2"})
    assert answer.headers["Location"].endswith("/help?at=9")
    assert "988" in browser.get(answer.headers["Location"]).text
    assert len(alerts()) == 1


def test_answers_open_for_the_two_of_the_chart_and_by_cryptography_for_nobody_else(
    ines: Person, alice: Person, clara: Person, omar: Person
) -> None:
    given = something_given(ines, alice, NINTH_ABOVE_ZERO)
    (raised,) = alerts()
    for reader in (ines, alice):
        with vaults.held_by(reader):
            assert sealing.given(given) == NINTH_ABOVE_ZERO
    for other in (clara, omar):
        with vaults.held_by(other):
            for look in (lambda: sealing.given(given), lambda: sealing.called_by(raised)):
                with pytest.raises(VaultRefusedError):
                    look()
    with vaults.held_by(), pytest.raises(VaultLockedError):
        sealing.given(given)


def test_answers_so_far_are_their_writers_own(ines: Person, alice: Person) -> None:
    asked = something_asked(ines, alice)
    answering.keep(asked, {1: 3}, by=alice)
    db.session.commit()
    with vaults.held_by(ines), pytest.raises(VaultRefusedError):
        sealing.kept(asked, alice)
