"""The room's laws, whatever people do in whatever order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.video.room_scenes import an_empty_room, arrived
from tests.video.scenes import ALICE, BEN, INES, NOON
from video.rooms import entering, leaving, talking
from video.rooms.state import Step
from video.signalling.outgoing import Passed


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
