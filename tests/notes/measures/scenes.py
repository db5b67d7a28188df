"""Questionnaires that were asked and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from notes.measures import answering, asking
from notes.measures.models import MeasureAsking
from notes.measures.rhythm import ONCE, Rhythm
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING
from tests.notes.scenes import a_session
from tests.support.pages import PageClient

NINTH_ABOVE_ZERO = dict.fromkeys(range(1, 10), 1)
CALM = dict.fromkeys(range(1, 10), 0)


def something_asked(
    counselor: Person, client: Person, instrument: str = "phq9", *, now: datetime = MONDAY_MORNING
) -> MeasureAsking:
    """Let a counselor who has met a client ask something once."""
    a_session(counselor, client)
    asking.plan(counselor=counselor, client=client, instrument=instrument, rhythm=Rhythm(ONCE), now=now)
    db.session.commit()
    return db.session.scalars(db.select(MeasureAsking).order_by(MeasureAsking.id.desc())).first()  # type: ignore[return-value]


def something_given(
    counselor: Person,
    client: Person,
    answers: Mapping[int, int | None],
    instrument: str = "phq9",
    *,
    now: datetime = MONDAY_MORNING,
) -> MeasureAsking:
    """Let a client have answered what was asked a day before."""
    asked = something_asked(counselor, client, instrument, now=now - timedelta(days=1))
    answering.watch(asked, answers, by=client, now=now)
    answering.keep(asked, answers, by=client)
    answering.give(asked, by=client, now=now)
    db.session.commit()
    return asked


def answer_in_turn(browser: PageClient, asked: MeasureAsking, values: Mapping[int, str]) -> None:
    """Answer question after question, as a client does on a phone."""
    for number, value in values.items():
        answer = browser.post(f"/questions/{asked.id}/{number}", data={"answer": value})
        assert answer.status_code == 303
