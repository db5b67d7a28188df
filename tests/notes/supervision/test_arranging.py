"""The office arranges, the supervisee lets in, either ends; nobody reads before or after."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from notes.supervision import services
from notes.supervision.models import Supervision
from notes.supervision.services import SupervisionError
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_session, a_signed_note
from tests.notes.supervision.scenes import a_supervision
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def form(who: Person, whom: Person, **changes: str) -> dict[str, str]:
    usual = {
        "supervisor": str(who.id),
        "supervisee": str(whom.id),
        "duty": "cosign",
        "begins_on": "2026-11-01",
    }
    return usual | changes


def test_the_office_arranges_and_the_supervisee_lets_in(
    as_: As, omar: Person, ines: Person, clara: Person, alice: Person
) -> None:
    office = as_(omar)
    assert "Nobody is supervised" in office.get("/supervisions").text
    assert office.post("/supervisions", data=form(clara, ines)).status_code == 303
    assert "Waits for Ines" in office.get("/supervisions").text
    row = db.session.scalars(select(Supervision)).one()
    note = a_signed_note(a_session(ines, alice))
    assert "Clara Voss is to supervise you" in as_(ines).get("/today").text
    assert as_(clara).post(f"/supervision/{row.id}/acceptance").status_code == 404, "only whose charts they are"
    assert as_(clara).get(f"/supervision/notes/{note.id}").status_code == 404
    assert "Let Clara in" in as_(ines).get("/supervision").text
    assert as_(ines).post(f"/supervision/{row.id}/acceptance").status_code == 303
    assert SLEEP.text("plan") in as_(clara).get(f"/supervision/notes/{note.id}").text
    assert "Running" in office.get("/supervisions").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"supervisor": ""}, "Choose who supervises."),
        ({"supervisor": "999999"}, "Choose who supervises."),
        ({"begins_on": ""}, "Choose a day."),
        ({"ends_on": "2026-10-01"}, "The last day comes before the first."),
        ({"duty": "spy"}, "Choose one."),
    ],
)
def test_an_arrangement_that_cannot_be_is_explained(
    as_: As, omar: Person, ines: Person, clara: Person, changes: dict[str, str], words: str
) -> None:
    page = as_(omar).post("/supervisions", data=form(clara, ines, **changes))
    assert page.status_code == 422
    assert words in page.text


def test_nobody_supervises_themselves_or_twice(as_: As, omar: Person, ines: Person, clara: Person) -> None:
    office = as_(omar)
    assert "Nobody supervises themselves" in office.post("/supervisions", data=form(ines, ines)).text
    assert office.post("/supervisions", data=form(clara, ines)).status_code == 303
    twice = office.post("/supervisions", data=form(clara, ines))
    assert twice.status_code == 409
    assert "End that first." in twice.text


def test_access_ends_with_the_supervision_and_on_its_last_day(
    as_: As, omar: Person, ines: Person, clara: Person, alice: Person, clock: FrozenClock
) -> None:
    note = a_signed_note(a_session(ines, alice))
    last_day = clock.now().date()
    row = a_supervision(clara, ines, omar, ends_on=last_day)
    reader = as_(clara)
    addresses = (
        f"/supervision/notes/{note.id}",
        f"/supervision/charts/{note.chart_id}",
        f"/supervision/{row.id}/charts",
    )
    assert [reader.get(address).status_code for address in addresses] == [200, 200, 200]
    clock.jump(days=1)
    reader = as_(clara)
    assert [reader.get(address).status_code for address in addresses] == [404, 404, 404]
    clock.jump(days=-1)
    reader = as_(clara)
    assert as_(omar).post(f"/supervisions/{row.id}/end").status_code == 303
    assert [reader.get(address).status_code for address in addresses] == [404, 404, 404]
    services.end(row, by=ines, now=clock.now())
    assert row.ended_by_id == omar.id, "ended once"
    with pytest.raises(SupervisionError):
        services.accept(row, today=last_day, now=clock.now())


def test_a_stranger_to_a_supervision_finds_nothing_of_it(
    as_: As, omar: Person, ines: Person, clara: Person, alice: Person
) -> None:
    from tests.builders import a_counselor

    row = a_supervision(clara, ines, omar)
    note = a_signed_note(a_session(ines, alice))
    stranger = as_(a_counselor("Dora Lind"))
    for address in (
        f"/supervision/notes/{note.id}",
        f"/supervision/charts/{note.chart_id}",
        f"/supervision/{row.id}/hours",
    ):
        assert stranger.get(address).status_code == 404
    for address in (
        f"/supervision/{row.id}/end",
        f"/supervision/notes/{note.id}/reviews",
        f"/supervision/{row.id}/hours",
    ):
        assert stranger.post(address, data={"words": "Hello."}).status_code == 404
    assert as_(ines).get(f"/supervision/{row.id}/charts").status_code == 404, "the supervisee reads her own elsewhere"
