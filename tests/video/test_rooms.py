"""Who may come in, who waits, who speaks to whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.video.room_scenes import a_room_with, a_session, an_empty_room, arrived, events, words
from tests.video.scenes import ALICE, BEN, CLOSES, INES, NOON, OPENS, a_token
from video.rooms import entering, leaving, state, talking, views
from video.rooms.state import Changed, Close, Report, Send, Step
from video.signalling.outgoing import Moved, Passed
from video.tokens import Companion, Role


def test_a_counselor_walks_in() -> None:
    step = arrived(an_empty_room(), INES)
    assert [seat.person for seat in step.room.present] == [INES]
    assert events(step) == ["joined"]


def test_a_client_waits() -> None:
    step = arrived(a_room_with(INES), ALICE)
    assert events(step) == ["waiting"]
    assert [seat.person for seat in step.room.present] == [INES]


def test_a_counselor_sees_who_waits_and_since_when() -> None:
    room = a_room_with(INES, ALICE)
    seen = views.view(room, room.seats[0], now=NOON + timedelta(minutes=3))
    assert [(each.name, each.since) for each in seen.waiting] == [("Alice Moreau", int(NOON.timestamp() * 1000))]


def test_somebody_waiting_sees_nobody() -> None:
    room = a_room_with(INES, ALICE, BEN)
    seen = views.view(room, room.seats[1], now=NOON)
    assert (seen.stage, seen.people, seen.waiting) == ("waiting", [], [])


def test_an_admitted_client_comes_in() -> None:
    step = entering.admit(a_room_with(INES, ALICE), f"c{INES}", ALICE, now=NOON + timedelta(minutes=2))
    assert [seat.person for seat in step.room.present] == [INES, ALICE]
    assert events(step) == ["admitted", "joined"]
    assert step.effects[0] == Report(
        "admitted", ALICE, NOON + timedelta(minutes=2), {"by": INES, "waited_seconds": 120}
    )


@pytest.mark.parametrize("connection", [f"c{ALICE}", f"c{BEN}", "nobody"])
def test_only_the_counselor_admits(connection: str) -> None:
    room = a_room_with(INES, ALICE, BEN)
    step = entering.admit(room, connection, ALICE, now=NOON)
    assert step.room == room
    assert words(step) == "Only the counselor admits people."


def test_admitting_twice_changes_nothing() -> None:
    room = a_session()
    assert entering.admit(room, f"c{INES}", ALICE, now=NOON) == Step(room)


def test_admitting_somebody_who_left_is_answered_in_words() -> None:
    assert "no longer waiting" in words(entering.admit(a_room_with(INES), f"c{INES}", ALICE, now=NOON))


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (OPENS - timedelta(seconds=1), "early"),
        (OPENS, ""),
        (CLOSES - timedelta(seconds=1), ""),
        (CLOSES, "late"),
    ],
)
def test_a_room_opens_and_closes_to_the_second(now: datetime, code: str) -> None:
    step = arrived(an_empty_room(), ALICE, now=now)
    refused = [effect.message.code for effect in step.effects if isinstance(effect, Close)]
    assert refused == ([code] if code else [])


def test_a_token_for_another_room_is_refused_in_words() -> None:
    assert "another room" in words(entering.arrive(an_empty_room(), a_token(room="room-2"), "c", now=NOON))


def test_a_full_room_is_full() -> None:
    room = a_room_with(INES, *(str(number) for number in range(10, 10 + entering.MOST_SEATS - 1)))
    assert words(arrived(room, ALICE)) == "This room is full."


def test_a_token_that_says_admitted_needs_no_new_admission() -> None:
    assert events(arrived(an_empty_room(), ALICE, admitted=True)) == ["joined"]


def test_a_second_page_of_the_same_person_takes_over() -> None:
    step = arrived(a_session(), ALICE, "second")
    assert Close(f"c{ALICE}", Moved()) in step.effects
    assert step.room.seat_at("second") in step.room.present
    assert len(step.room.seats) == 2


def test_what_pages_pass_to_each_other_reaches_whom_it_is_for_and_nobody_waiting() -> None:
    room = arrived(a_session(), BEN).room
    passed = Passed(ALICE, "sealed", "AAEC")
    to_all = talking.pass_on(room, f"c{ALICE}", "", kind="sealed", data="AAEC")
    to_ines = talking.pass_on(room, f"c{ALICE}", INES, kind="sealed", data="AAEC")
    assert to_all.effects == to_ines.effects == (Send(f"c{INES}", passed),)
    for nobody in (BEN, ALICE, "99"):
        assert talking.pass_on(room, f"c{ALICE}", nobody, kind="sealed", data="AAEC") == Step(room)
    assert "once you are in" in words(talking.pass_on(room, f"c{BEN}", INES, kind="keys", data="AAEC"))


def test_a_moved_appointment_moves_its_room() -> None:
    later = CLOSES + timedelta(days=1)
    assert arrived(a_session(), ALICE, closes_at=later).room.closes_at == later


def test_muting_is_shown_to_the_others() -> None:
    step = talking.show(a_session(), f"c{ALICE}", microphone=False, camera=True)
    assert step.effects == (Changed(),)
    assert [each.microphone for each in views.view(step.room, step.room.seats[0], now=NOON).people] == [True, False]
    assert talking.show(step.room, f"c{ALICE}", microphone=False, camera=True) == Step(step.room)


def test_a_fresh_server_keeps_the_seats_of_those_who_are_not_back_yet() -> None:
    token = a_token(INES, company=(Companion(ALICE, "Alice Moreau", Role.CLIENT),))
    step = entering.arrive(state.room_for(token, now=NOON), token, "ines", now=NOON)
    (seen,) = [each for each in views.views(step.room, now=NOON) if each.connection == "ines"]
    assert [(person.name, person.here) for person in seen.message.people] == [
        ("Alice Moreau", False),
        ("Ines Calder", True),
    ]
    back = entering.arrive(step.room, a_token(ALICE), "alice", now=NOON)
    assert [seat.connection for seat in back.room.present] == ["alice", "ines"]
    late = leaving.tick(step.room, now=NOON + leaving.GRACE)
    assert [seat.person for seat in late.room.seats] == [INES]
