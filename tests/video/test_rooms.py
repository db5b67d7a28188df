"""Who may come in, who waits, who speaks to whom: the room's rules as tables and laws."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.video.scenes import ALICE, BEN, CLOSES, INES, NOON, OPENS, a_token
from video.rooms import entering, leaving, state, talking, views
from video.rooms.state import Changed, Close, Report, Room, Send, Step
from video.signalling.outgoing import Ended, Moved, Passed, Problem, Refused
from video.tokens import Companion, Role


def an_empty_room() -> Room:
    return state.room_for(a_token(), now=NOON)


def arrived(room: Room, person: str, connection: str | None = None, now: datetime = NOON, **changes: object) -> Step:
    return entering.arrive(room, a_token(person, **changes), connection or f"c{person}", now=now)


def a_room_with(*people: str) -> Room:
    room = an_empty_room()
    for person in people:
        room = arrived(room, person).room
    return room


def a_session() -> Room:
    return entering.admit(a_room_with(INES, ALICE), f"c{INES}", ALICE, now=NOON).room


def events(step: Step) -> list[str]:
    return [effect.event for effect in step.effects if isinstance(effect, Report)]


def words(step: Step) -> str:
    for effect in step.effects:
        message = getattr(effect, "message", None)
        if isinstance(message, Problem | Refused):
            return message.words
    return ""


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


def test_a_token_that_says_admitted_needs_no_new_admission() -> None:
    assert events(arrived(an_empty_room(), ALICE, admitted=True)) == ["joined"]


def test_a_second_page_of_the_same_person_takes_over() -> None:
    step = arrived(a_session(), ALICE, "second")
    assert Close(f"c{ALICE}", Moved()) in step.effects
    assert step.room.seat_at("second") in step.room.present
    assert len(step.room.seats) == 2


def test_a_page_that_stepped_aside_frees_no_seat_when_it_goes() -> None:
    room = arrived(a_session(), ALICE, "second").room
    assert leaving.drop(room, f"c{ALICE}", now=NOON) == Step(room)


def test_what_pages_pass_to_each_other_reaches_whom_it_is_for_and_nobody_waiting() -> None:
    room = arrived(a_session(), BEN).room
    passed = Passed(ALICE, "sealed", "AAEC")
    to_all = talking.pass_on(room, f"c{ALICE}", "", kind="sealed", data="AAEC")
    to_ines = talking.pass_on(room, f"c{ALICE}", INES, kind="sealed", data="AAEC")
    assert to_all.effects == to_ines.effects == (Send(f"c{INES}", passed),)
    for nobody in (BEN, ALICE, "99"):
        assert talking.pass_on(room, f"c{ALICE}", nobody, kind="sealed", data="AAEC") == Step(room)
    assert "once you are in" in words(talking.pass_on(room, f"c{BEN}", INES, kind="keys", data="AAEC"))


def test_the_counselor_ends_the_session_for_everyone() -> None:
    step = leaving.end(a_session(), f"c{INES}", now=NOON)
    assert step.room.seats == ()
    assert Close(f"c{ALICE}", Ended("Ines Calder")) in step.effects
    assert events(step) == ["left", "left", "ended"]


def test_a_session_that_is_called_off_ends_for_everyone() -> None:
    step = leaving.call_off(a_session(), now=NOON)
    assert step.room.seats == ()
    assert {effect.connection for effect in step.effects if isinstance(effect, Close)} == {f"c{ALICE}", f"c{INES}"}


def test_whoever_lost_their_place_is_shown_out_and_the_others_stay() -> None:
    step = leaving.show_out(a_session(), [ALICE, "somebody else"], now=NOON)
    assert [seat.person for seat in step.room.seats] == [INES]
    assert Close(f"c{ALICE}", Ended()) in step.effects
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
    assert Close(f"c{INES}", Ended()) in step.effects


def test_the_minutes_in_the_room_are_reported() -> None:
    step = leaving.leave(a_session(), f"c{ALICE}", now=NOON + timedelta(minutes=50))
    assert step.effects[0] == Report("left", ALICE, NOON + timedelta(minutes=50), {"reason": "left", "seconds": 3000})


def test_a_moved_appointment_moves_its_room() -> None:
    later = CLOSES + timedelta(days=1)
    assert arrived(a_session(), ALICE, closes_at=later).room.closes_at == later


def test_muting_is_shown_to_the_others() -> None:
    step = talking.show(a_session(), f"c{ALICE}", microphone=False, camera=True)
    assert step.effects == (Changed(),)
    assert [each.microphone for each in views.view(step.room, step.room.seats[0], now=NOON).people] == [True, False]
    assert talking.show(step.room, f"c{ALICE}", microphone=False, camera=True) == Step(step.room)


class AnyVisit(RuleBasedStateMachine):
    """Whatever people do in whatever order, nobody is let in but by the counselor."""

    people = st.sampled_from([INES, ALICE, BEN])

    def __init__(self) -> None:
        super().__init__()
        self.room = an_empty_room()
        self.now = NOON
        self.connections = 0
        self.let_in: set[str] = {INES}

    def _take(self, step: Step) -> None:
        self.room = step.room

    def _connection(self, person: str) -> str:
        seat = self.room.seat_of(person)
        return (seat.connection if seat else None) or "none"

    @rule(person=people)
    def arrive(self, person: str) -> None:
        self.connections += 1
        self._take(arrived(self.room, person, f"n{self.connections}", now=self.now))

    @rule(by=people, person=people)
    def admit(self, by: str, person: str) -> None:
        if by == INES and self._connection(by) != "none" and self.room.seat_of(person):
            self.let_in.add(person)
        self._take(entering.admit(self.room, self._connection(by), person, now=self.now))

    @rule(person=people)
    def drop(self, person: str) -> None:
        self._take(leaving.drop(self.room, self._connection(person), now=self.now))

    @rule(person=people)
    def leave(self, person: str) -> None:
        self._take(leaving.leave(self.room, self._connection(person), now=self.now))

    @rule(person=people)
    def end(self, person: str) -> None:
        if person == INES and self._connection(person) != "none":
            self.let_in = {INES}
        self._take(leaving.end(self.room, self._connection(person), now=self.now))

    @rule(person=people, to=people)
    def pass_on(self, person: str, to: str) -> None:
        step = talking.pass_on(self.room, self._connection(person), to, kind="sealed", data="AAEC")
        heard = {effect.connection for effect in step.effects if isinstance(effect.message, Passed)}
        assert heard <= {seat.connection for seat in self.room.present}

    @rule(seconds=st.integers(min_value=1, max_value=120))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self._take(leaving.tick(self.room, now=self.now))

    @invariant()
    def nobody_is_in_but_by_the_counselor(self) -> None:
        assert {seat.person for seat in self.room.present} <= self.let_in

    @invariant()
    def everybody_has_one_seat(self) -> None:
        people = [seat.person for seat in self.room.seats]
        assert len(people) == len(set(people))

    @invariant()
    def a_seat_without_a_line_knows_since_when(self) -> None:
        assert all((seat.connection is None) == (seat.lost_at is not None) for seat in self.room.seats)


TestAnyVisit = AnyVisit.TestCase
TestAnyVisit.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


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
