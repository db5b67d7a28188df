"""Whoever decides hears when a record's time is over, and an end before its day needs a ground the law knows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes.models import Chart
from notes.release import services as releases
from notes.release.words import Told
from notes.retention import jobs, notices, services
from notes.retention.models import ChartKeeping, Erasure
from practice.core.db import db
from practice.core.outbox import OutboxMessage, renderer_of
from practice.models import Person
from tests import builders
from tests.fakes import MONDAY_MORNING, FrozenClock
from tests.notes.release.scenes import MARSH
from tests.notes.scenes import a_session, a_signed_note
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
LATER = MONDAY_MORNING + timedelta(days=8 * 366)
ORDERED = {"exception": "order", "why": "District court, 12 May, 26-118"}


@pytest.fixture
def chart(ines: Person, alice: Person) -> Chart:
    """Let there be a record with a signed note."""
    return a_signed_note(a_session(ines, alice)).chart


def letters(kind: str) -> list[int | None]:
    """Name whom letters of a kind were planned for."""
    asked = select(OutboxMessage.recipient_id).where(OutboxMessage.kind == kind)
    return list(db.session.scalars(asked.order_by(OutboxMessage.id)))


def erased(as_: As, chart: Chart, by: Person) -> str:
    """Try to destroy a record; return what the page says."""
    url = f"/retention/charts/{chart.id}/erasure"
    return as_(by).post(url, data={"sure": "1"}, follow_redirects=True).text


def test_who_decides_hears_of_it_once_and_no_letter_names_anybody(
    ines: Person, alice: Person, omar: Person, chart: Chart
) -> None:
    jobs.tell(MONDAY_MORNING)
    assert letters(notices.DUE) == []
    for days in (0, 1):
        jobs.tell(LATER + timedelta(days=days))
    assert (letters(notices.DUE), letters(notices.OWN_DUE)) == ([omar.id], [ines.id])
    for message in db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind.startswith("retention."))):
        render = renderer_of(message.kind)
        mail = render(message, LATER) if render else None
        assert mail
        assert "A record to look at" in mail.subject
        assert alice.name not in mail.text
    services.describe(chart, rule=None, born_on=MONDAY_MORNING.date() - timedelta(days=365 * 10), by=omar)
    jobs.tell(LATER + timedelta(days=4 * 366))
    assert len(letters(notices.DUE)) == 2


def test_the_counselor_sees_the_day_the_hold_and_the_end_on_the_chart(
    as_: As, ines: Person, alice: Person, omar: Person, chart: Chart, clock: FrozenClock
) -> None:
    page = f"/clients/{alice.id}/chart"
    assert "Kept until 23 Nov 2033" in as_(ines).get(page).text
    assert "Time is over" not in as_(ines).get("/today").text
    hold = services.place_hold(chart, "Case 17-204", by=omar, now=MONDAY_MORNING)
    db.session.commit()
    seen = as_(ines).get(page).text
    assert "A legal hold stands on this record" in seen
    assert "17-204" not in seen
    services.release_hold(hold, by=omar, now=MONDAY_MORNING)
    db.session.commit()
    clock.instant = LATER
    assert "Time is over" in as_(ines).get("/today").text
    assert "1 is to be looked at" in as_(omar).get("/day").text
    assert as_(ines).post(f"{page}/end").status_code == 303
    assert "Time is over" not in as_(ines).get("/today").text
    assert "1 was agreed on and waits" in as_(omar).get("/day").text
    assert as_(ines).post(f"{page}/end/refusal").status_code == 303
    assert "Nobody agrees" in as_(ines).post(f"{page}/end/refusal", follow_redirects=True).text
    clara = builders.a_counselor("Clara Voss")
    assert as_(clara).post(f"{page}/end").status_code == 404


def test_where_one_person_runs_the_practice_the_counselor_is_the_second_pair_of_eyes(
    as_: As, ines: Person, alice: Person, omar: Person, chart: Chart, clock: FrozenClock
) -> None:
    clock.instant = LATER
    as_(omar).post(f"/retention/charts/{chart.id}/review")
    assert letters(notices.OWN_AGREED) == [ines.id]
    assert "Somebody else has to destroy it" in erased(as_, chart, omar)
    assert "Omar Haddad agreed" in as_(ines).get(f"/clients/{alice.id}/chart").text
    as_(ines).post(f"/clients/{alice.id}/chart/end")
    assert letters(notices.AGREED) == [omar.id]
    assert "The record is erased" in erased(as_, chart, omar)
    assert "All of it was lawfully erased" in as_(ines).get(f"/clients/{alice.id}/chart").text


def test_an_end_before_its_day_needs_a_ground_and_two_people(
    as_: As, omar: Person, chart: Chart, clock: FrozenClock
) -> None:
    nora = builders.an_administrator("Nora Lind")
    url = f"/retention/charts/{chart.id}"
    assert "still kept" in as_(omar).post(f"{url}/review", follow_redirects=True).text
    assert as_(omar).post(f"{url}/exception", data={"why": "x"}).status_code == 422
    assert as_(omar).post(f"{url}/exception", data=ORDERED | {"exception": "wish"}).status_code == 422
    assert as_(omar).post(f"{url}/exception", data=ORDERED).status_code == 303
    assert "A court or an authority orders it" in as_(nora).get(url).text
    assert "Agreed, to be destroyed" in as_(nora).get("/retention").text
    as_(nora).post(f"{url}/review/end")
    assert "still kept" in erased(as_, chart, nora)
    as_(omar).post(f"{url}/exception", data=ORDERED)
    assert "Somebody else has to destroy it" in erased(as_, chart, omar)
    assert "The record is erased" in erased(as_, chart, nora)
    db.session.expire_all()
    row = db.session.scalars(select(Erasure)).one()
    assert (row.exception, row.reason) == ("order", ORDERED["why"])
    kept = db.session.scalars(select(ChartKeeping)).one()
    assert (kept.reviewed_at, kept.exception, kept.reason) == (None, None, None)


def test_a_hold_or_an_account_still_owed_stops_an_early_end(as_: As, omar: Person, chart: Chart) -> None:
    url = f"/retention/charts/{chart.id}/exception"
    told = Told(MARSH, "Notes", "To speak of my medication", "authorised", "post")
    releases.note(chart, told, told_at=MONDAY_MORNING, by=omar, now=MONDAY_MORNING)
    db.session.commit()
    wrong = ORDERED | {"exception": "stranger"}
    assert "has that accounted for" in as_(omar).post(url, data=wrong, follow_redirects=True).text
    services.place_hold(chart, "Case 17-204", by=omar, now=MONDAY_MORNING)
    db.session.commit()
    assert "A legal hold stands" in as_(omar).post(url, data=ORDERED, follow_redirects=True).text
    assert not db.session.scalars(select(ChartKeeping).where(ChartKeeping.exception.is_not(None))).all()
