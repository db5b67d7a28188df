"""Psychotherapy notes are in no packet; a paper of their own is signed for them, and what was given is written down."""

from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from notes import services as notes
from notes.models import PSYCHOTHERAPY
from notes.release.forms import Allowing
from practice.core.forms import Errors
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FakePrinter
from tests.notes.release.scenes import FORM, have_met
from tests.notes.scenes import HARVEST, a_note_apart
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
PAGE = "/account/releases/psychotherapy-notes"


def test_a_client_learns_why_they_are_in_nothing_and_takes_the_paper(
    as_: As, ines: Person, clara: Person, alice: Person, printer: FakePrinter
) -> None:
    assert "Once you have met a counselor" in as_(alice).get(PAGE).text
    have_met(ines, alice)
    apart = a_note_apart(ines, alice, kind=PSYCHOTHERAPY)
    notes.save_draft(apart, HARVEST, base_version=0, tab="one", now=MONDAY_MORNING)
    assert f'href="{PAGE}"' in as_(alice).get("/account/releases/new").text
    page = as_(alice).get(PAGE).text
    assert "The paper, for Ines Calder" in page
    assert as_(alice).get(f"{PAGE}/{ines.id}.pdf").mimetype == "application/pdf"
    assert as_(alice).get(f"{PAGE}/{clara.id}.pdf").status_code == 404
    (paper,) = printer.printed
    for said in (
        "Alice Moreau",
        "Ines Calder, LMHC",
        "164.508(b)(3)(ii)",
        "To whom",
        "It holds until",
        "may depend on",
    ):
        assert said in paper
    assert HARVEST.text("text") not in paper


def test_a_counselor_has_the_paper_and_writes_down_what_was_given_by_hand(
    as_: As, ines: Person, clara: Person, alice: Person, printer: FakePrinter
) -> None:
    have_met(ines, alice)
    paper = f"/clients/{alice.id}/psychotherapy-notes/authorisation.pdf"
    assert paper in as_(ines).get(f"/clients/{alice.id}/psychotherapy-notes").text
    assert as_(ines).get(paper).mimetype == "application/pdf"
    assert as_(clara).get(paper).status_code == 404
    given = {"what": "One page of March", "told_on": "2026-11-23", "told_clock": "03:00", "way": "hand"}
    words = {**FORM, **given, "basis": "apart"}
    assert as_(ines).post(f"/clients/{alice.id}/disclosures/new", data=words).status_code == 303
    assert "You signed for it on a paper of its own" in as_(alice).get("/account/disclosures").text


@pytest.mark.parametrize("part", ["apart", "psychotherapy"])
def test_no_authorisation_can_name_them(alice: Person, part: str) -> None:
    data = MultiDict([*((name, each) for name, each in FORM.items() if name != "parts"), ("parts", part)])
    form = Allowing.parse(data, client=alice, today=MONDAY_MORNING.date())
    assert isinstance(form, Errors)
    assert "parts" in form.messages
