"""Muting others and showing somebody out: who may, and what it comes to."""

from __future__ import annotations

import pytest

from tests.video.scenes import ALICE, BEN, CLARA, INES, NOON, a_token
from video import attendance
from video.media.decisions import decision
from video.rooms import entering, state, talking, views
from video.rooms.state import Close, Report, Room, Send, Step
from video.signalling.incoming import parse
from video.signalling.outgoing import Hushed, Problem, Removed


def a_group() -> Room:
    room = state.room_for(a_token(), now=NOON)
    for person in (INES, ALICE, BEN):
        room = entering.arrive(room, a_token(person, admitted=True), f"c{person}", now=NOON).room
    return room


def said(room: Room, person: str, frame: str) -> Step:
    decide = decision(f"c{person}", parse(frame))
    assert decide is not None
    return decide(room, NOON)


def sent(step: Step, kind: type) -> list[str]:
    return [
        each.connection for each in step.effects if isinstance(each, Send | Close) and isinstance(each.message, kind)
    ]


@pytest.mark.parametrize(
    ("whom", "muted"), [("", [f"c{ALICE}", f"c{BEN}"]), (BEN, [f"c{BEN}"]), (CLARA, []), (INES, [])]
)
def test_the_counselor_mutes_one_or_all(whom: str, muted: list[str]) -> None:
    assert sent(said(a_group(), INES, f'{{"type":"hush","person":"{whom}"}}'), Hushed) == muted


def test_a_client_mutes_and_removes_nobody() -> None:
    for frame in ('{"type":"hush"}', f'{{"type":"remove","person":"{BEN}"}}'):
        step = said(a_group(), ALICE, frame)
        assert sent(step, Problem) == [f"c{ALICE}"]
        assert len(step.room.seats) == 3


def test_whoever_is_shown_out_waits_again_whatever_their_token_says() -> None:
    step = said(a_group(), INES, f'{{"type":"remove","person":"{BEN}"}}')
    assert sent(step, Removed) == [f"c{BEN}"]
    assert [seat.person for seat in step.room.seats] == [INES, ALICE]
    back = entering.arrive(step.room, a_token(BEN, admitted=True), "c-new", now=NOON)
    assert [each.event for each in back.effects if isinstance(each, Report)] == ["waiting"]
    admitted = entering.admit(back.room, f"c{INES}", BEN, now=NOON).room
    assert BEN in [seat.person for seat in admitted.present]
    assert not admitted.removed


def test_nobody_shows_themselves_out_nor_somebody_who_is_gone() -> None:
    for person in (INES, CLARA):
        step = said(a_group(), INES, f'{{"type":"remove","person":"{person}"}}')
        assert sent(step, Problem) == [f"c{INES}"]
        assert len(step.room.seats) == 3


def test_the_web_remembers_who_was_shown_out() -> None:
    class Line:
        def __init__(self, event: str, **detail: str) -> None:
            self.server, self.person_id, self.event, self.at, self.detail = "s", 3, event, NOON, detail

    log = [Line("admitted"), Line("joined"), Line("left", reason="lost")]
    assert attendance.admitted(log, "3")
    assert not attendance.admitted([*log, Line("left", reason="removed")], "3")


def test_a_shared_screen_is_told_until_it_ends() -> None:
    room = talking.show(a_group(), f"c{ALICE}", microphone=True, camera=True, screen=True).room
    shares = {each.person: each.screen for each in views.view(room, room.seats[0], now=NOON).people}
    assert shares == {INES: False, ALICE: True, BEN: False}
    frame = '{"type":"show","microphone":true,"camera":true}'
    assert not any(seat.screen for seat in said(room, ALICE, frame).room.seats)
