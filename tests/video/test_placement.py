"""Where a room lives: at home while that server serves, else where the fewest live."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.video.scenes import NOON
from video.placement import Server, choose


def a_server(id_: int, *, load: int = 0, seen: float = 0, lease: float = 8, draining: bool = False) -> Server:
    """A server that was seen so many seconds ago."""
    at = NOON - timedelta(seconds=seen)
    return Server(id_, f"ws://media-{id_}/room", at, at + timedelta(seconds=lease), draining=draining, load=load)


@pytest.mark.parametrize(
    ("servers", "home", "chosen"),
    [
        ([], None, None),
        ([a_server(1)], None, 1),
        ([a_server(1, load=2), a_server(2, load=1)], None, 2),
        ([a_server(1), a_server(2)], None, 1),
        ([a_server(1, load=9), a_server(2)], 1, 1),
        ([a_server(1, seen=7.9), a_server(2)], 1, 1),
        ([a_server(1, seen=8), a_server(2)], 1, 2),
        ([a_server(1, draining=True), a_server(2)], 1, 2),
        ([a_server(1, draining=True)], 1, 1),
        ([a_server(1, seen=60)], 1, 1),
        ([a_server(1, seen=60), a_server(2, seen=50)], None, None),
    ],
)
def test_a_room_stays_at_home_until_its_server_dies_or_is_told_to_stop(
    servers: list[Server], home: int | None, chosen: int | None
) -> None:
    found = choose(servers, home=home, unreachable="", now=NOON)
    assert (found.id if found else None) == chosen


@pytest.mark.parametrize(("seen", "chosen"), [(0.5, 1), (1.6, 1), (1.7, 2)])
def test_a_page_that_cannot_reach_a_server_moves_the_room_only_when_a_beat_is_overdue(seen: float, chosen: int) -> None:
    servers = [a_server(1, seen=seen), a_server(2)]
    found = choose(servers, home=1, unreachable="ws://media-1/room", now=NOON)
    assert found is not None
    assert found.id == chosen
    assert choose(servers, home=1, unreachable="ws://media-7/room", now=NOON) == servers[0]
