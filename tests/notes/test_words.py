"""Words keep through layouts, comparison and writing down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.layouts import DAP, FREE, LAYOUTS, SOAP, Layout
from notes.words import Words, differences, fingerprint, read, write

TEXTS = st.text(alphabet="abc äß\n", max_size=40)


@st.composite
def any_words(draw: st.DrawFn) -> Words:
    layout = draw(st.sampled_from(list(LAYOUTS.values())))
    return Words(layout, draw(TEXTS), {section.key: draw(TEXTS) for section in layout.sections})


@given(words=any_words(), layout=st.sampled_from(list(LAYOUTS.values())))
def test_no_word_is_lost_in_another_layout(words: Words, layout: Layout) -> None:
    after = "\n".join(words.laid_out(layout).sections.values())
    for text in words.sections.values():
        if text.strip():
            assert text in after


def test_what_was_said_stays_together_and_the_plan_stays_the_plan() -> None:
    soap = Words(SOAP, "", {"subjective": "Tired.", "objective": "Calm.", "assessment": "Better.", "plan": "Walks."})
    dap = soap.laid_out(DAP)
    assert dap.sections == {"data": "Tired.\n\nObjective:\nCalm.", "assessment": "Better.", "plan": "Walks."}
    free = dap.laid_out(FREE)
    assert free.text("text").startswith("Data:\nTired.")
    assert free.laid_out(SOAP).text("subjective") == free.text("text")


def test_the_same_layout_changes_nothing() -> None:
    words = Words(DAP, "", {"data": "One.", "assessment": "", "plan": ""})
    assert words.laid_out(DAP) == words


@given(words=any_words())
def test_words_come_back_as_they_were_written(words: Words) -> None:
    assert read(write(words, salt="s")) == words


def test_a_fingerprint_is_certain_but_cannot_be_guessed() -> None:
    words = Words(FREE, "", {"text": "Yes."})
    assert fingerprint(write(words, salt="a")) == fingerprint(write(words, salt="a"))
    assert fingerprint(write(words, salt="a")) != fingerprint(write(words, salt="b"))


def test_words_do_not_show_in_print() -> None:
    assert "grief" not in repr(Words(FREE, "", {"text": "grief"}))


def test_blank_is_blank_even_with_spaces() -> None:
    assert Words(FREE, " ", {"text": "\n"}).blank
    assert not Words(FREE, "", {"text": "x"}).blank


def test_words_are_counted() -> None:
    assert Words(SOAP, "", {"subjective": "one two", "plan": "three"}).count == 3


def test_differences_name_the_parts() -> None:
    mine = Words(SOAP, "A", {"subjective": "Same.", "plan": "Mine."})
    theirs = Words(SOAP, "A", {"subjective": "Same.", "plan": "Theirs."})
    assert [(d.label, d.mine, d.theirs, d.both) for d in differences(mine, theirs)] == [
        ("Plan", "Mine.", "Theirs.", "Theirs.\n\nMine.")
    ]


def test_a_difference_marks_what_only_one_version_has() -> None:
    mine, theirs = (Words(FREE, "", {"text": text}) for text in ("Walks at dawn.", "Walks daily."))
    (difference,) = differences(mine, theirs)
    assert [[(each.kind, each.text) for each in side] for side in difference.sides] == [
        [("same", "Walks "), ("new", "at dawn"), ("same", ".")],
        [("same", "Walks "), ("gone", "daily"), ("same", ".")],
    ]
    (difference,) = differences(Words(FREE, "", {"text": "Mine."}), theirs)
    assert [[each.kind for each in side] for side in difference.sides] == [["same"], ["same"]]


def test_differences_are_read_in_my_layout() -> None:
    mine = Words(FREE, "", {"text": "Mine."})
    theirs = Words(SOAP, "", {"subjective": "Theirs."})
    (difference,) = differences(mine, theirs)
    assert difference.theirs == "Subjective:\nTheirs."


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [("One. Two.", "One.", "One. Two."), ("One.", "One. Two.", "One. Two."), ("B", "A\n", "A\n\nB"), ("", "A", "A")],
)
def test_both_repeats_nothing(mine: str, theirs: str, both: str) -> None:
    (difference,) = differences(Words(FREE, "", {"text": mine}), Words(FREE, "", {"text": theirs}))
    assert difference.both == both
