"""Which size suits a viewer: as large as it is shown, no larger than their way carries; and how that is said."""

from __future__ import annotations

import pytest

from video.media import beats, offers
from video.media.choosing import Choice, Reading, enough, nearest

FINE = Reading(sent=400_000, remb=None, loss=0.0, late_s=0.0)
LOSSY = Reading(sent=400_000, remb=None, loss=0.2, late_s=0.0)


def test_a_way_that_was_weak_is_tried_ever_more_seldom() -> None:
    choice, changes = Choice(most=2), 0
    for _ in range(600):
        before = choice.most
        choice.note(LOSSY if choice.most == 2 else FINE, highest=2, now=choice.most)
        changes += choice.most != before
    assert changes < 30
    held = Choice(most=1)
    assert {held.note(FINE, highest=2, now=0) for _ in range(9)} == {1}


def test_a_way_that_is_weak_with_what_it_gets_is_not_first_spared_what_it_does_not_get() -> None:
    choice = Choice(most=2)
    for _ in range(2):
        choice.note(LOSSY, highest=2, now=1)
    assert choice.most == 0


@pytest.mark.parametrize(
    ("heights", "shown", "size"),
    [
        ([135, 270, 540], None, 2),
        ([135, 270, 540], 0, 0),
        ([135, 270, 540], 180, 0),
        ([135, 270, 540], 181, 1),
        ([135, 270, 540], 2000, 2),
        ([135, 0, 0], 300, 1),
        ([0, 0, 0], 300, 2),
        ([540], 100, 0),
    ],
)
def test_a_picture_is_as_large_as_it_is_shown(heights: list[int], shown: int | None, size: int) -> None:
    assert enough(heights, shown) == size


@pytest.mark.parametrize(
    ("wanted", "living", "size"),
    [(2, (True, True, True), 2), (2, (True, True, False), 1), (0, (False, True, True), 1), (1, (False,) * 3, None)],
)
def test_what_lives_is_taken(wanted: int, living: tuple[bool, ...], size: int | None) -> None:
    assert nearest(wanted, living) == size


def test_an_offers_sizes_are_read_and_answered() -> None:
    head, sound = "v=0\r\n", "m=audio 9 X 111\r\na=mid:0\r\n"
    camera, screen = "m=video 9 X 96\r\na=mid:1\r\n", "m=video 9 X 96\r\na=mid:2\r\n"
    said = "a=rid:s send\r\na=rid:m send\r\na=simulcast:send s;m\r\n"
    assert offers.sizes(head + sound + camera + said + screen) == ("s", "m")
    for other in (
        head + sound + camera + screen + said,
        head + sound,
        head + sound + camera + "a=simulcast:send s\r\n",
    ):
        assert offers.sizes(other) == ()
    answer = head + sound + camera + screen
    taken = "a=rid:s recv\r\na=rid:m recv\r\na=simulcast:recv s;m\r\n"
    assert offers.with_sizes(answer, ("s", "m")) == head + sound + camera + taken + screen
    assert offers.with_sizes(answer, ()) == answer


@pytest.mark.parametrize(
    ("beat", "heights"),
    [
        ("12.5", None),
        ("12.5 ", None),
        ("12.5 540 90 0", [540, 90, 0]),
        ("1 -4", None),
        ("1 9999999999", [10_000]),
        ("", None),
    ],
)
def test_a_heartbeat_says_how_large_pictures_are_shown(beat: str, heights: list[int] | None) -> None:
    assert beats.heights(beat) == heights
    assert beats.answer(beat, lost=0.25, top=2) == f"{beat.split(' ', maxsplit=1)[0]} 0.250 2"
