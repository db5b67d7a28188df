"""How long it takes to know a counselor's free times, and when each of 200 counselors is next free, and how it grows.

Monday to Friday 09–13 and 14–18, exactly 200 bookings in the month asked about, days that differ and time off in
between; asked for 50 minutes and ten after them, on a 15-minute grid. Every figure includes the query; nothing is
cached. Processor time is shown beside the clock's, for a machine that has other work, and that of a fixed loop, for
one that is slower today.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bench._diaries import FINER, MONTH_DAYS, fill_hours, spread, vary
from bench._practice import CLIENT, COUNSELOR, NOW, offer, people, practice, sqlite_database
from booking import availability
from booking.availability import need_of
from booking.slots import Need, free_starts
from practice.core.db import db, reading
from practice.core.spans import Span

Offer = tuple[int, Need]
BOOKINGS = (0, 200, 1000, 5000)
COUNSELORS = (10, 50, 200, 1000)
FULL_MONTHS, SOON_DAYS = 200, 14
"""So many have a whole month of bookings; those after them two weeks of it, which is all that "next free" looks at."""
GOALS = {"counselor_month_ms_p50": 0.5, "counselor_month_ms_p99": 2.0, "counselors_200_ms": 100.0}
RECORDED = {
    "cal.com's pure functions, Node 20": ("89–104", "22 s"),
    "Easy!Appointments library with MariaDB": ("134–143", "about 28 s"),
    "interval library portion": ("142", "—"),
}
"""Peers on data of the same description, recorded earlier: milliseconds a month; 200 counselors."""
PEER_MONTH_MS, PEER_200_MS = 89.0, 22_000.0
"""The quickest of them."""
HOURS = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))


def timed(times: int, deed: Callable[[int], Any]) -> tuple[list[float], list[float]]:
    """Do something over and over; return the milliseconds of each by the clock and by the processor, sorted."""
    taken, worked = [], []
    for number in range(times):
        begun, busy = time.perf_counter(), time.thread_time()
        deed(number)
        worked.append((time.thread_time() - busy) * 1000)
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken), sorted(worked)


def reference(_number: int) -> int:
    """Add up numbers: what the same machine takes for the same work, so that two runs can be compared."""
    total = 0
    for number in range(10_000):
        total += number
    return total


def quantile(taken: list[float], share: float) -> float:
    """Return the value below which this share of a sorted list lies."""
    return round(taken[min(len(taken) - 1, int(len(taken) * share))], 3)


def main(*, quick: bool) -> None:
    """Measure, show a table and close with the figures."""
    times = 600 if quick else 4000
    with sqlite_database() as database, practice(database):
        everyone, others = prepare(random.Random(2026))
        db.session.commit()
        with reading():
            figures = measure(everyone[:FULL_MONTHS], times) | growth(everyone, others, times)
    print(f"{len(everyone)} counselors, 200 bookings in a month of each, SQLite")
    for name, value in figures.items():
        print(f"  {name:36}{value:10.3f}")
    print("  recorded earlier on data of the same description, not run here (month in ms; 200 counselors):")
    for peer, (month, all_) in RECORDED.items():
        print(f"    {peer:40}{month:>10}{all_:>12}")
    ratios = {f"{name}_to_goal": round(figures[name] / goal, 2) for name, goal in GOALS.items()}
    ratios |= {"peer_month_ms": PEER_MONTH_MS, "ratio": round(figures["counselor_month_ms_p50"] / PEER_MONTH_MS, 5)}
    ratios |= {"peer_200_ms": PEER_200_MS, "ratio_200": round(figures["counselors_200_ms"] / PEER_200_MS, 5)}
    for name, value in ratios.items():
        print(f"  {name:36}{value:12.5f}")
    print(json.dumps(figures | ratios))


def prepare(dice: random.Random) -> tuple[list[Offer], dict[str, Offer]]:
    """Bring in the counselors; return what each offers, and what those offer who are there to compare, by name."""
    names = [*(f"bookings_{each}" for each in BOOKINGS), *FINER]
    count = max(COUNSELORS) + len(names)
    pairs = zip(people(count, COUNSELOR), people(count, CLIENT), strict=True)
    offers = [(offer(counselor, HOURS, 5, horizon_days=90, notice_minutes=120), client) for counselor, client in pairs]
    everyone, compared = offers[: max(COUNSELORS)], dict(zip(names, offers[max(COUNSELORS) :], strict=True))
    for number, (service, client) in enumerate(everyone):
        vary(service.counselor_id)
        many, days = (200, MONTH_DAYS) if number < FULL_MONTHS else (91, SOON_DAYS)
        fill_hours(service, client, many, dice, days)
    for bookings in BOOKINGS:
        spread(*compared[f"bookings_{bookings}"], bookings)
    for name, finer in FINER.items():
        fill_hours(*compared[name], 200, dice)
        finer(*compared[name])
    found = {name: (service.counselor_id, need_of(service)) for name, (service, _) in compared.items()}
    return [(service.counselor_id, need_of(service)) for service, _ in everyone], found


def month(offers: Sequence[Offer], days: int = MONTH_DAYS) -> Callable[[int], Any]:
    """Return the deed of asking one after the other for their free times."""
    window = Span(NOW, NOW + timedelta(days=days))
    return lambda number: availability.free_times(*offers[number % len(offers)], window, NOW)


def measure(offers: Sequence[Offer], times: int) -> dict[str, float]:
    """Return the figures that have a goal, and the engine's alone, in milliseconds."""
    timed(100, month(offers))
    taken, worked = timed(times, month(offers))
    everyone, everyone_worked = timed(max(20, times // 40), lambda _: availability.next_free(dict(offers), NOW))
    counselor_id, need = offers[0]
    window = Span(NOW, NOW + timedelta(days=MONTH_DAYS))
    diary = availability.diary_of(counselor_id, window, NOW)
    stretch = (availability.round_up(window.starts_at), availability.round_up(window.ends_at))
    _, engine = timed(times, lambda _: free_starts(diary, need, stretch, stretch[0]))
    _, loop = timed(200, reference)
    return {
        "counselor_month_ms_p50": quantile(taken, 0.5),
        "counselor_month_ms_p99": quantile(taken, 0.99),
        "counselor_month_cpu_ms_p50": quantile(worked, 0.5),
        "counselors_200_ms": quantile(everyone, 0.5),
        "counselors_200_ms_p99": quantile(everyone, 0.99),
        "counselors_200_cpu_ms": quantile(everyone_worked, 0.5),
        "engine_month_cpu_ms_p50": quantile(engine, 0.5),
        "reference_loop_cpu_ms_p50": quantile(loop, 0.5),
    }


def growth(offers: Sequence[Offer], compared: Mapping[str, Offer], times: int) -> dict[str, float]:
    """Return how it grows with days, bookings, counselors and finer rules: milliseconds of the processor."""
    few = times // 8
    found = {f"days_{days}": month(offers[:FULL_MONTHS], days) for days in (30, 60, 90)}
    found |= {name: month([each]) for name, each in compared.items()}
    figures = {f"{name}_cpu_ms": quantile(timed(few, deed)[1], 0.5) for name, deed in found.items()}
    for count in COUNSELORS:
        asked = dict(offers[:count])
        figures[f"counselors_{count}_cpu_ms"] = quantile(
            timed(10, lambda _, asked=asked: availability.next_free(asked, NOW))[1],  # type: ignore[misc]
            0.5,
        )
    return figures


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
