"""The layouts of the house, and what a note of a session begins in."""

import pytest

from booking.models.appointments import Appointment
from notes.layouts import GROUP, LAYOUTS, MISSED, SOAP, usual
from notes.models import MISSED as MISSED_WORDS
from notes.models import OTHER, PROGRESS, words_for
from notes.shapes import Layout


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.key)
def test_every_layout_fits_its_column_and_names_each_part_once(layout: Layout) -> None:
    keys = [section.key for section in layout.sections]
    assert len(layout.key) <= 20
    assert len(set(keys)) == len(keys)
    assert layout.gathering in keys
    assert not set(keys) & {"layout", "title", "tab", "changes", "links", "carried", "becomes", "then", "base_version"}
    assert all(section.hint and section.label for section in layout.sections)


@pytest.mark.parametrize(
    ("status", "shared", "layout"),
    [("completed", False, SOAP), ("no_show", False, MISSED), ("no_show", True, MISSED), ("completed", True, GROUP)],
)
def test_a_note_begins_in_the_layout_its_session_calls_for(status: str, shared: bool, layout: Layout) -> None:
    assert usual(status, shared=shared) is layout


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [(PROGRESS, "completed", "Progress note"), (PROGRESS, "no_show", MISSED_WORDS), (OTHER, "no_show", "Chart note")],
)
def test_a_note_on_a_missed_session_is_not_called_progress(kind: str, status: str, words: str) -> None:
    assert words_for(kind, Appointment(status=status)) == words
    assert words_for(PROGRESS, None) == "Progress note"
