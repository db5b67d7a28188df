"""What the log of a room comes to: minutes, interruptions, and a session that took place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.video.test_faults import ALICE, INES, Line
from video.attendance import present
from video.visits import seconds_together, stays, took_place, visit_of

BEN = 3


def minutes(log: list[Line], person: int) -> list[tuple[float, float]]:
    start = Line(0, "").at
    return [((each.since - start).seconds / 60, (each.until - start).seconds / 60) for each in stays(log, person)]


def quality(person: int, minute: int, *, server: str = "s", **detail: Any) -> Line:
    return Line(person, "quality", minute, server, {"lost_percent": 0.0, "round_trip_ms": 40, "height": 720} | detail)


def test_time_apart_does_not_count() -> None:
    log = [
        Line(INES, "joined", 0),
        Line(ALICE, "waiting", 1),
        Line(ALICE, "joined", 2),
        Line(ALICE, "dropped", 12),
        Line(ALICE, "returned", 13, detail={"stage": "in"}),
        Line(INES, "left", 50),
        Line(ALICE, "left", 51),
    ]
    assert minutes(log, ALICE) == [(2, 12), (13, 51)]
    assert seconds_together(log, (INES, ALICE)) == seconds_together(log, (ALICE, INES)) == 47 * 60
    assert seconds_together([], (INES, ALICE, BEN)) == 0


def test_a_room_that_moves_to_another_server_is_one_stay() -> None:
    log = [
        Line(ALICE, "joined", 0, "a"),
        quality(ALICE, 10, server="a"),
        Line(ALICE, "joined", 11, "b"),
        Line(ALICE, "left", 12, "a"),
        Line(ALICE, "left", 20, "b"),
    ]
    assert minutes(log, ALICE) == [(0, 20)]


def test_what_a_dead_server_did_not_say_ends_with_its_last_word() -> None:
    log = [
        Line(INES, "joined", 0, "a"),
        Line(ALICE, "joined", 1, "a"),
        quality(ALICE, 10, server="a"),
        Line(INES, "joined", 30, "b"),
        Line(INES, "left", 40, "b"),
    ]
    assert minutes(log, ALICE) == [(1, 10)]
    assert minutes(log, INES) == [(0, 10), (30, 40)]
    assert seconds_together(log, (INES, ALICE)) == 9 * 60


def test_whoever_is_in_still_counts_up_to_the_last_word() -> None:
    log = [Line(INES, "joined", 0), Line(ALICE, "joined", 5), quality(ALICE, 25)]
    assert seconds_together(log, (INES, ALICE)) == 20 * 60


def test_two_clients_at_once_count_once() -> None:
    log = [Line(INES, "joined", 0), Line(ALICE, "joined", 0), Line(BEN, "joined", 5)]
    log += [Line(ALICE, "left", 10), Line(BEN, "left", 20), Line(INES, "left", 30)]
    assert seconds_together(log, (INES, ALICE, BEN)) == 20 * 60


def test_a_visit_is_summed_up() -> None:
    log = [
        Line(INES, "joined", 0),
        Line(ALICE, "waiting", 1),
        Line(ALICE, "joined", 3),
        quality(ALICE, 4, lost_percent=2.0),
        Line(ALICE, "dropped", 10),
        Line(ALICE, "returned", 12, detail={"stage": "in"}),
        quality(ALICE, 13, round_trip_ms=None),
        quality(ALICE, 14, lost_percent=9.5, round_trip_ms=300),
        Line(ALICE, "left", 50),
        Line(INES, "left", 50),
    ]
    visit = visit_of(log, ALICE, others=[INES])
    assert visit is not None
    assert (visit.came_at, visit.joined_at, visit.left_at) == (log[1].at, log[2].at, log[8].at)
    assert (visit.inside_seconds, visit.together_seconds) == (45 * 60, 45 * 60)
    assert (visit.drops, visit.away_seconds) == (1, 120)
    assert visit.quality is not None
    assert (visit.quality.lost_percent, visit.quality.worst_lost_percent) == (2.0, 9.5)
    assert (visit.quality.worst_round_trip_ms, visit.quality.height) == (300, 720)
    assert visit_of(log, BEN, others=[INES]) is None


def test_who_is_present_are_those_who_did_not_leave() -> None:
    log = [Line(INES, "joined"), Line(ALICE, "waiting"), Line(BEN, "joined", 1), Line(BEN, "left", 2)]
    assert present(log) == [str(INES)]
    assert present([*log, Line(ALICE, "joined", 3), Line(INES, "dropped", 4)]) == [str(INES), str(ALICE)]
    assert present([*log, Line(INES, "ended", 5)]) == []


@pytest.mark.parametrize(
    ("together", "length", "took"),
    [(599, 50, False), (600, 50, True), (449, 15, False), (450, 15, True), (0, 50, False)],
)
def test_ten_minutes_together_or_half_of_it_are_a_session(together: int, length: int, *, took: bool) -> None:
    assert took_place(together, length) is took
