"""Hours of supervision: one writes down, the other confirms, both take them along."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from notes.supervision.models import Supervision, SupervisionHour
from practice.core.db import db
from practice.models import Person
from tests.fakes import FakePrinter
from tests.notes.supervision.scenes import a_supervision
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
ENTRY = {"met_on": "2026-11-20", "minutes": "90", "format": "individual"}


@pytest.fixture
def supervision(omar: Person, ines: Person, clara: Person) -> Supervision:
    return a_supervision(clara, ines, omar)


def test_hours_count_once_both_have_said_so(
    as_: As, supervision: Supervision, ines: Person, clara: Person, printer: FakePrinter
) -> None:
    home = f"/supervision/{supervision.id}/hours"
    mine, hers = as_(ines), as_(clara)
    assert "No hours yet" in mine.get(home).text
    assert mine.post(home, data=ENTRY).status_code == 303
    row = db.session.scalars(select(SupervisionHour)).one()
    assert "Not confirmed yet" in hers.get(home).text
    assert "the other one confirms it" in mine.post(f"{home}/{row.id}/confirmation", follow_redirects=True).text
    assert hers.post(f"{home}/{row.id}/confirmation").status_code == 303
    page = mine.get(home).text
    assert "By both" in page
    assert page.count("1 h 30 min") >= 2
    assert "confirmed or taken back already" in hers.post(f"{home}/{row.id}/withdrawal", follow_redirects=True).text
    assert "2026-11-20,90,One to one,Ines Calder,2026-11-23" in mine.get(f"{home}.csv").text
    assert hers.get(f"{home}.pdf").mimetype == "application/pdf"
    for words in ("1 h 30 min", "Clara Voss", "20 Nov 2026"):
        assert words in printer.printed[0]


def test_an_entry_nobody_confirmed_can_be_taken_out(as_: As, supervision: Supervision, ines: Person) -> None:
    home = f"/supervision/{supervision.id}/hours"
    browser = as_(ines)
    browser.post(home, data=ENTRY)
    row = db.session.scalars(select(SupervisionHour)).one()
    assert browser.post(f"{home}/{row.id}/withdrawal").status_code == 303
    assert "No hours yet" in browser.get(home).text
    assert browser.post(f"{home}/999/withdrawal").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"met_on": "2026-11-24"}, "That day is still to come."),
        ({"minutes": "0"}, "from 5 to 600 minutes"),
        ({"format": ""}, "Choose one."),
    ],
)
def test_hours_that_cannot_be_are_explained(
    as_: As, supervision: Supervision, ines: Person, changes: dict[str, str], words: str
) -> None:
    page = as_(ines).post(f"/supervision/{supervision.id}/hours", data=ENTRY | changes)
    assert page.status_code == 422
    assert words in page.text
