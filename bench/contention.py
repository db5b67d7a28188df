"""Processes race for the same and for neighbouring times: bookings a second, and whether anything overlaps.

A booking is the whole deed: rules checked, appointment kept and confirmed, letters and reminders planned, audit entry
written, committed to disk. First everybody goes for one time at the same instant, round by round, and one may win;
then each for a time that clashes with both neighbours', where whoever loses must clash with somebody who won; and
last for times five minutes apart of twenty counselors, as fast as they can. Overlaps are looked for afterwards by a
query that knows of no guard and works the blocked time out anew.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections import Counter
from typing import Any

from sqlalchemy import text

from app import FEATURES
from bench._practice import (
    CLIENT,
    COUNSELOR,
    POSTGRESQL_HINT,
    offer,
    people,
    postgresql_database,
    practice,
    sqlite_database,
)
from bench._racing import BOOKED, Course, Score, run
from practice.core.db import db

WORKERS, COUNSELORS, CLIENTS = 8, 22, 400
OVERLAPS = """
SELECT count(*) FROM appointments AS one JOIN appointments AS other ON one.id < other.id
 AND one.status IN ('held', 'confirmed', 'completed', 'no_show')
 AND other.status IN ('held', 'confirmed', 'completed', 'no_show')
 AND ((one.counselor_id = other.counselor_id
       AND one.starts_at < {other_until} AND other.starts_at < {one_until})
   OR (one.client_id = other.client_id AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at))
"""
"""The buffer is added here and not read from the column that the guard looks at."""
BUFFERED = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', {0}.ends_at, '+10 minutes')",
    "postgresql": "{0}.ends_at + interval '10 minutes'",
}

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["bench._racing", *(f"{feature}.wiring" for feature in FEATURES)])


def race(database: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Let every worker book; return the figures."""
    course = Course(database, rounds, seconds, forks.Barrier(WORKERS), forks.Queue())
    workers = [forks.Process(target=run, args=(course, number)) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    scores: list[Score] = sorted(
        (course.results.get(timeout=seconds + 2 * rounds + 120) for _ in workers), key=lambda score: score.number
    )
    for worker in workers:
        worker.join()
    with practice(database):
        until = BUFFERED[db.engine.dialect.name].format
        query = OVERLAPS.format(one_until=until("one"), other_until=until("other"))
        overlaps = db.session.execute(text(query)).scalar_one()
    return figures_of(scores, seconds) | {"overlaps": overlaps}


def figures_of(scores: list[Score], seconds: float) -> dict[str, Any]:
    """Put what the racers came back with together."""
    taken = sorted(each for score in scores for each in score.taken)
    outcomes = sum((score.outcomes for score in scores), Counter[str]())
    winners = [names.count(BOOKED) for names in zip(*(score.rounds for score in scores), strict=True)]
    return {
        "bookings_per_s": round(outcomes[BOOKED] / seconds, 1),
        "attempts_per_s": round(len(taken) / seconds, 1),
        "p50_ms": round(taken[len(taken) // 2], 1),
        "p99_ms": round(taken[int(len(taken) * 0.99)], 1),
        "same_time_rounds": len(winners),
        "same_time_one_winner": winners.count(1),
        "neighbour_rounds_as_they_must_be": sum(
            _every_loser_has_a_winning_neighbour([name == BOOKED for name in names])
            for names in zip(*(score.neighbours for score in scores), strict=True)
        ),
        "outcomes": dict(outcomes),
    }


def _every_loser_has_a_winning_neighbour(won: list[bool]) -> bool:
    """Tell whether no two neighbours won, and nobody lost for nothing."""
    padded = [False, *won, False]
    sides = [padded[place - 1] or padded[place + 1] for place in range(1, len(padded) - 1)]
    return all(beside is not mine for mine, beside in zip(won, sides, strict=True))


def prepare(database: str) -> None:
    """Bring in counselors who work day and night, and clients."""
    with practice(database):
        for counselor in people(COUNSELORS, COUNSELOR):
            offer(counselor, ((0, 1440),), 7, notice_minutes=0, horizon_days=365, step_minutes=5)
        people(CLIENTS, CLIENT)
        db.session.commit()


def main(*, quick: bool) -> None:
    """Race on each database, show a table and close with the figures."""
    rounds, seconds = (40, 8.0) if quick else (300, 20.0)
    print(
        f"{WORKERS} processes on each database: {rounds} rounds for one time and for neighbours, then {seconds:.0f} s"
    )
    figures: dict[str, Any] = {"sqlite": None, "postgresql": None}
    for name, opened in (("sqlite", sqlite_database), ("postgresql", postgresql_database)):
        with opened() as database:
            if database is None:
                print(POSTGRESQL_HINT)
                continue
            prepare(database)
            found = figures[name] = race(database, rounds, seconds)
        print(f"  {name:12}", ", ".join(f"{key} {value}" for key, value in found.items()))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
