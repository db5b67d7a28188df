"""What changed between two texts is told whole."""

from hypothesis import given
from hypothesis import strategies as st

from notes.comparing import Piece, compared

TEXTS = st.text(alphabet="ab \n", max_size=60)


@given(before=TEXTS, after=TEXTS)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


def test_a_word_that_was_exchanged_stands_between_those_that_stayed() -> None:
    assert compared("Keep the evening walk.", "Keep the morning walk.") == [
        Piece("same", "Keep the "),
        Piece("gone", "evening "),
        Piece("new", "morning "),
        Piece("same", "walk."),
    ]


def test_words_that_follow_leave_the_last_word_of_before_as_it_is() -> None:
    assert compared("Keep the walk.", "Keep the walk. Ring on Monday.") == [
        Piece("same", "Keep the walk."),
        Piece("new", " Ring on Monday."),
    ]


def test_a_sentence_that_goes_on_changes_its_stop_and_no_word() -> None:
    assert compared("The list.", "The list, and spring.") == [
        Piece("same", "The list"),
        Piece("new", ", and spring"),
        Piece("same", "."),
    ]


def test_a_very_long_text_is_compared_line_by_line() -> None:
    lines = [f"Line {number} of a long afternoon.\n" for number in range(2000)]
    pieces = compared("".join(lines), "".join([*lines[:1000], "One more.\n", *lines[1000:]]))
    assert [piece for piece in pieces if piece.kind != "same"] == [Piece("new", "One more.\n")]
