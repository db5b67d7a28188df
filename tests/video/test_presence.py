"""Whose packets flow, and how much their connection carries: what the others are told."""

from __future__ import annotations

import pytest

from tests.video.scenes import ALICE, INES, NOON
from tests.video.test_rooms import a_session
from video.rooms import leaving, presence, views
from video.rooms.state import Changed, Room
from video.signalling.outgoing import Occupant


def seen(room: Room, viewer: str, other: str) -> Occupant:
    """Give one person as another sees them."""
    seat = room.seat_of(viewer)
    assert seat is not None
    return next(each for each in views.view(room, seat, now=NOON).people if each.person == other)


@pytest.mark.parametrize(
    ("flows", "line_drops", "here"),
    [(None, False, True), (None, True, False), (True, True, True), (False, False, False), (False, True, False)],
)
def test_packets_say_who_is_here_and_the_line_only_without_them(
    *, flows: bool | None, line_drops: bool, here: bool
) -> None:
    room = presence.note(a_session(), {ALICE: flows}).room
    if line_drops:
        room = leaving.drop(room, f"c{ALICE}", now=NOON).room
    assert seen(room, INES, ALICE).here is here


def test_only_a_change_is_told() -> None:
    step = presence.note(a_session(), {ALICE: False})
    assert step.effects == (Changed(),)
    assert presence.note(step.room, {ALICE: False}).effects == ()
    assert presence.note(step.room, {ALICE: True}).effects == (Changed(),)


def test_sound_only_hides_both_pictures_and_says_whose_connection_is_weak() -> None:
    room = presence.climb(a_session(), f"c{ALICE}", 3).room
    assert (seen(room, INES, ALICE).camera, seen(room, INES, ALICE).rung) == (False, 3)
    assert (seen(room, ALICE, INES).camera, seen(room, ALICE, INES).rung) == (False, 0)
    assert seen(room, INES, INES).camera is True
    assert presence.climb(room, f"c{ALICE}", 3).effects == ()
    back = presence.climb(room, f"c{ALICE}", 2).room
    assert seen(back, INES, ALICE).camera is True
