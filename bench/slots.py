"""How long it takes to know a counselor's free times, and when each of 200 counselors is next free.

Monday to Friday 09–13 and 14–18, 60 % booked, days that differ and time off in between; sessions of 50 minutes and
ten after them, on a 15-minute grid. Every figure includes the query; nothing is cached.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench._practice import CLIENT, COUNSELOR, NOW, fill, offer, people, practice, sqlite_database
from booking import availability
from booking.availability import need_of
from booking.slots import free_starts
from practice.core.db import db, reading
from practice.core.spans import Span

COUNSELORS, BOOKED_DAYS = 200, 92
GOALS = {"counselor_month_ms_p50": 0.5, "counselor_month_ms_p99": 2.0, "counselors_200_ms": 100.0}
RECORDED = {
    "cal.com's pure functions, Node 20": ("89–104", "22 s"),
    "Easy!Appointments library with MariaDB": ("134–143", "about 28 s"),
    "interval library portion": ("142", "—"),
}
"""Peers on data of the same description, recorded earlier: milliseconds a month; 200 counselors."""
HOURS = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))


def timed(times: int, deed: Callable[[int], Any]) -> list[float]:
    """Do something over and over; return the milliseconds of each, sorted."""
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        deed(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def quantile(taken: list[float], share: float) -> float:
    """Return the value below which this share of a sorted list lies."""
    return round(taken[min(len(taken) - 1, int(len(taken) * share))], 3)


def main(*, quick: bool) -> None:
    """Measure, show a table and close with the figures."""
    dice, times = random.Random(2026), 600 if quick else 4000
    with sqlite_database() as database, practice(database):
        counselors, clients = people(COUNSELORS, COUNSELOR), people(COUNSELORS, CLIENT)
        services = [offer(each, HOURS, 5, horizon_days=90, notice_minutes=120) for each in counselors]
        booked = sum(fill(*pair, BOOKED_DAYS, dice) for pair in zip(services, clients, strict=True))
        offers = [(service.counselor_id, need_of(service)) for service in services]
        db.session.commit()
        with reading():
            figures = measure(offers, times)
    print(f"{COUNSELORS} counselors, {booked} appointments in {BOOKED_DAYS} days, SQLite")
    for name, value in figures.items():
        print(f"  {name:28}{value:10.3f}")
    print("  recorded earlier on data of the same description, not run here (month in ms; 200 counselors):")
    for peer, (month, everyone) in RECORDED.items():
        print(f"    {peer:40}{month:>10}{everyone:>12}")
    ratios = {f"{name}_to_goal": round(figures[name] / goal, 2) for name, goal in GOALS.items()}
    print(json.dumps(figures | ratios | {"peer_month_ms": None, "ratio": None}))


def measure(offers: list[tuple[int, Any]], times: int) -> dict[str, float]:
    """Return the figures, in milliseconds."""

    def month(days: int) -> Callable[[int], Any]:
        window = Span(NOW, NOW + timedelta(days=days))
        return lambda number: availability.free_times(*offers[number % len(offers)], window, NOW)

    timed(100, month(30))
    by_days = {days: timed(times if days == 30 else times // 4, month(days)) for days in (30, 60, 90)}
    by_count = {
        count: timed(10, lambda _, count=count: availability.next_free(dict(offers[:count]), NOW))  # type: ignore[misc]
        for count in (25, 50, 100)
    }
    everyone = timed(max(10, times // 40), lambda _: availability.next_free(dict(offers), NOW))
    counselor_id, need = offers[0]
    window = Span(NOW, NOW + timedelta(days=30))
    diary = availability.diary_of(counselor_id, window, NOW)
    stretch = (availability.round_up(window.starts_at), availability.round_up(window.ends_at))
    engine = timed(times, lambda _: free_starts(diary, need, stretch, stretch[0]))
    return {
        "counselor_month_ms_p50": quantile(by_days[30], 0.5),
        "counselor_month_ms_p99": quantile(by_days[30], 0.99),
        "counselors_200_ms": quantile(everyone, 0.5),
        "counselors_200_ms_p99": quantile(everyone, 0.99),
        **{f"counselors_{count}_ms": quantile(taken, 0.5) for count, taken in by_count.items()},
        "counselor_60_days_ms_p50": quantile(by_days[60], 0.5),
        "counselor_90_days_ms_p50": quantile(by_days[90], 0.5),
        "engine_month_ms_p50": quantile(engine, 0.5),
    }


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
