"""Finding words in open notes, and other people's names in a chart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.finding import Passage, passages
from notes.folding import folded, plain
from notes.naming import Mention, mentions

PARTS = {"Subjective": "Slept badly. Dreamt of the Café on the quay.", "Plan": "Walk to the café."}


def said(passage: Passage) -> str:
    return "".join(piece.text for piece in passage.pieces)


def found(passage: Passage) -> list[str]:
    return [piece.text for piece in passage.pieces if piece.is_found]


def test_words_are_found_without_case_and_accents_and_shown_as_written() -> None:
    first, second = passages(PARTS, "CAFE")
    assert (first.part, found(first), said(first)) == ("Subjective", ["Café"], PARTS["Subjective"])
    assert (second.part, found(second)) == ("Plan", ["café"])


def test_every_word_must_stand_somewhere_in_the_note() -> None:
    assert [passage.part for passage in passages(PARTS, "dreamt walk")] == ["Subjective", "Plan"]
    assert passages(PARTS, "dreamt tango") == []
    assert passages(PARTS, "  ") == []


def test_a_long_text_shows_only_the_place() -> None:
    (passage,) = passages({"Note": "before " * 100 + "needle" + " after" * 100}, "needle")
    assert found(passage) == ["needle"]
    assert said(passage).startswith("…")
    assert said(passage).endswith("…")
    assert len(said(passage)) < 200


@given(text=st.text(max_size=60), start=st.integers(0, 59), length=st.integers(1, 10))
def test_whatever_stands_in_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    wanted = text[start : start + length]
    if plain(wanted).split() and all(word in plain(text) for word in plain(wanted).split()):
        assert passages({"Note": text}, wanted)


@given(text=st.text(max_size=60))
def test_folded_letters_know_where_they_stood(text: str) -> None:
    letters, places = folded(text)
    assert len(letters) == len(places)
    assert all(plain(text[place]) for place in places)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ben spoke first.", True),
        ("What BEN’s letter said.", True),
        ("Okafor was quiet.", True),
        ("The bench was cold; benign.", False),
        ("Somebody spoke first.", False),
    ],
)
def test_another_members_name_is_pointed_out(text: str, named: bool) -> None:
    assert mentions({"Own part": text}, ["Ben Okafor"]) == ([Mention("Own part", "Ben Okafor")] if named else [])


def test_a_name_is_found_without_its_accents() -> None:
    assert mentions({"Plan": "Zoe will write."}, ["Zoë Ade"])
