"""How a seat is kept, lost and taken again, and how a session ends."""

from __future__ import annotations

from datetime import timedelta

from tests.video.room_scenes import a_session, arrived, events, words
from tests.video.scenes import ALICE, CLOSES, INES, NOON
from video.rooms import leaving, views
from video.rooms.state import Close, Report, Step
from video.signalling.outgoing import Ended


def test_a_dropped_client_comes_back_without_asking() -> None:
    room = leaving.drop(a_session(), f"c{ALICE}", now=NOON).room
    step = arrived(room, ALICE, "again", now=NOON + timedelta(seconds=20))
    assert step.room.seat_at("again") in step.room.present
    assert events(step) == ["returned"]


def test_the_others_see_that_a_line_is_down() -> None:
    room = leaving.drop(a_session(), f"c{ALICE}", now=NOON).room
    assert [each.here for each in views.view(room, room.seats[0], now=NOON).people] == [True, False]


def test_a_seat_is_kept_for_a_while_and_no_longer() -> None:
    room = leaving.drop(a_session(), f"c{ALICE}", now=NOON).room
    assert leaving.tick(room, now=NOON + leaving.GRACE - timedelta(seconds=1)).room.seat_of(ALICE)
    step = leaving.tick(room, now=NOON + leaving.GRACE)
    assert step.room.seat_of(ALICE) is None
    assert events(step) == ["left"]


def test_a_client_who_left_comes_back_without_asking() -> None:
    room = leaving.leave(a_session(), f"c{ALICE}", now=NOON).room
    assert room.seat_of(ALICE) is None
    assert arrived(room, ALICE).room.seat_of(ALICE) in arrived(room, ALICE).room.present


def test_a_page_that_stepped_aside_frees_no_seat_when_it_goes() -> None:
    room = arrived(a_session(), ALICE, "second").room
    assert leaving.drop(room, f"c{ALICE}", now=NOON) == Step(room)


def test_the_counselor_ends_the_session_for_everyone() -> None:
    step = leaving.end(a_session(), f"c{INES}", now=NOON)
    assert step.room.seats == ()
    assert Close(f"c{ALICE}", Ended("Ines Calder")) in step.effects
    assert events(step) == ["left", "left", "ended"]


def test_a_session_that_is_called_off_ends_for_everyone() -> None:
    step = leaving.call_off(a_session(), now=NOON)
    assert step.room.seats == ()
    closes = {(effect.connection, effect.message) for effect in step.effects if isinstance(effect, Close)}
    assert closes == {(f"c{each}", Ended(why="cancelled")) for each in (ALICE, INES)}


def test_whoever_lost_their_place_is_shown_out_and_the_others_stay() -> None:
    step = leaving.show_out(a_session(), [ALICE, "somebody else"], now=NOON)
    assert [seat.person for seat in step.room.seats] == [INES]
    assert Close(f"c{ALICE}", Ended(why="place")) in step.effects
    assert (events(step), ALICE in step.room.admitted) == (["left"], False)
    assert leaving.show_out(step.room, [ALICE], now=NOON).effects == ()


def test_a_client_cannot_end_it_for_everyone() -> None:
    assert "Only the counselor ends" in words(leaving.end(a_session(), f"c{ALICE}", now=NOON))


def test_after_the_end_a_client_waits_again() -> None:
    room = leaving.end(a_session(), f"c{INES}", now=NOON).room
    assert events(arrived(room, ALICE, admitted=True)) == ["waiting"]


def test_everybody_goes_when_the_room_closes() -> None:
    step = leaving.tick(a_session(), now=CLOSES)
    assert step.room.seats == ()
    assert Close(f"c{INES}", Ended(why="closed")) in step.effects


def test_the_minutes_in_the_room_are_reported() -> None:
    step = leaving.leave(a_session(), f"c{ALICE}", now=NOON + timedelta(minutes=50))
    assert step.effects[0] == Report("left", ALICE, NOON + timedelta(minutes=50), {"reason": "left", "seconds": 3000})
