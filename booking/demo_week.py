"""What the demo's counselors offer and whom they see each week. Everybody is invented. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service on a counselor's list; buffers in minutes."""

    name: str
    minutes: int
    price_cents: int
    cpt_code: str
    description: str
    after: int = 10


@dataclass(frozen=True, slots=True)
class Regular:
    """Somebody who comes every so many weeks, at one hour on the counselor's wall."""

    client: str
    weekday: int
    at: time
    service: int = 1
    every: int = 1


@dataclass(frozen=True, slots=True)
class DemoPracticeWeek:
    """One counselor's offer, week and regulars."""

    services: tuple[DemoService, ...]
    hours: dict[int, tuple[tuple[int, int], ...]]
    regulars: tuple[Regular, ...]
    notice_hours: int = 12
    step_minutes: int = 30
    restarts: bool = False


def _talk(price: int) -> DemoService:
    words = "Twenty minutes by video, free of charge, to see whether we fit."
    return DemoService("First talk", 20, price, "", words, after=10)


def _single(price: int, minutes: int = 50) -> DemoService:
    return DemoService("Individual session", minutes, price, "90834", "The usual hour, by video.")


def _long(price: int) -> DemoService:
    return DemoService("Long session", 80, price, "90837", "For when an hour is too short.", after=15)


def _days(days: range, *hours: tuple[int, int]) -> dict[int, tuple[tuple[int, int], ...]]:
    return {day: tuple((opens * 60, closes * 60) for opens, closes in hours) for day in days}


WEEKS = {
    "ines": DemoPracticeWeek(
        services=(_talk(0), _single(12000), _long(18000)),
        hours=_days(range(4), (9, 13), (14, 19)) | _days(range(4, 5), (9, 14)),
        regulars=(
            Regular("elif", 0, time(9, 0)),
            Regular("petra", 0, time(10, 0)),
            Regular("vera", 0, time(11, 30)),
            Regular("chloe", 0, time(15, 0)),
            Regular("sana", 0, time(16, 0)),
            Regular("maya", 0, time(17, 0)),
            Regular("tomas", 1, time(9, 0)),
            Regular("yusuf", 1, time(11, 0)),
            Regular("alice", 1, time(16, 0)),
            Regular("farid", 1, time(17, 30)),
            Regular("rafael", 2, time(9, 0)),
            Regular("greta", 2, time(10, 0)),
            Regular("jamal", 2, time(15, 30), every=2),
            Regular("ben", 2, time(17, 0)),
            Regular("hugo", 2, time(18, 0)),
            Regular("leo", 3, time(9, 30), service=2),
            Regular("iris", 3, time(11, 30)),
            Regular("daniel", 3, time(16, 30)),
            Regular("kaia", 3, time(18, 0)),
            Regular("yusuf", 4, time(9, 30), service=0, every=3),
            Regular("noor", 4, time(11, 0)),
        ),
    ),
    "jonah": DemoPracticeWeek(
        services=(
            _talk(0),
            DemoService("Couples session", 75, 19000, "90847", "Both of you, from one room or two.", after=15),
            DemoService("Family session", 90, 22000, "90847", "Everybody who lives with it.", after=15),
        ),
        hours=_days(range(5), (12, 20)),
        regulars=(
            Regular("hugo", 1, time(15, 0)),
            Regular("kaia", 3, time(16, 0)),
            Regular("jamal", 4, time(13, 0), service=2, every=2),
        ),
        notice_hours=24,
    ),
    "amara": DemoPracticeWeek(
        services=(_talk(0), _single(13500, 55)),
        hours=_days(range(1, 5), (8, 12), (13, 16)),
        regulars=(
            Regular("iris", 1, time(9, 0)),
            Regular("noor", 2, time(14, 0), every=2),
            Regular("elif", 4, time(10, 0), every=2),
        ),
        restarts=True,
    ),
    "mateo": DemoPracticeWeek(
        services=(
            _talk(0),
            _single(9500),
            DemoService("Short check-in", 25, 5500, "90832", "Half an hour between.", 5),
        ),
        hours=_days(range(0, 5, 2), (9, 12), (13, 18)),
        regulars=(Regular("kaia", 0, time(11, 0)), Regular("hugo", 2, time(10, 0), service=2)),
        step_minutes=15,
        notice_hours=4,
    ),
}
