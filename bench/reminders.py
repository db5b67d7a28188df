"""Measure reminders: many due at once, two schedulers of which one after the other is killed, and what arrived.

Every message is a real reminder of a real appointment, checked and written when it leaves, by the real SMTP client and
Twilio's own library, to servers that only count. Half are texts, whose provider can be asked about a broken attempt,
half are letters. SMTP cannot be asked; a killed scheduler's postman ends the letter in its hands and notes the reply.
With `--postmen-too` the postman is killed together with its scheduler, as when the machine dies: the letter it had then
may go out again under the same Message-ID. Such copies are counted as duplicates.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import func, select

from app import FEATURES
from bench import _carriers, _due, _sending
from bench._practice import (
    POSTGRESQL_HINT,
    postgresql_database,
    practice,
    sqlite_database,
)
from bench._sending import Post
from practice.core.db import db, reading
from practice.core.outbox import PLANNED, SENDING, OutboxMessage

MESSAGES, CLIENTS, SCHEDULERS = 100_000, 2_000, 2
QUICK_MESSAGES = 2_000
KILLS, QUICK_KILLS = 40, 5
DATABASES = {"sqlite": sqlite_database, "postgresql": postgresql_database}

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["bench._sending", *(f"{feature}.wiring" for feature in FEATURES)])


def main() -> None:
    """Measure and print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few messages on SQLite, within 100 seconds")
    parser.add_argument("--messages", type=int, help=f"how many are due ({MESSAGES:,}; {QUICK_MESSAGES:,} when quick)")
    parser.add_argument(
        "--database", choices=tuple(DATABASES), action="append", help="on which (both; SQLite if quick)"
    )
    parser.add_argument("--postmen-too", action="store_true", help="kill schedulers together with their postmen")
    asked = parser.parse_args()
    count = asked.messages or (QUICK_MESSAGES if asked.quick else MESSAGES)
    print(
        f"{count:,} reminders are due, half by letter and half by text. {SCHEDULERS} schedulers; "
        f"now and then one is killed with kill -9{', its postman too,' if asked.postmen_too else ''} and started again."
    )
    print(
        f"{'':<12}{'messages':>10}{'seconds':>10}{'per second':>12}{'kills':>8}{'duplicates':>12}{'lost':>6}{'load':>7}"
    )
    figures: dict[str, object] = {"messages": count, "postmen_killed_too": asked.postmen_too}
    for name in asked.database or (["sqlite"] if asked.quick else list(DATABASES)):
        with DATABASES[name]() as database:
            if database is None:
                print(f"{name}: {POSTGRESQL_HINT}")
            else:
                figures[name] = measure(name, database, count, postmen_too=asked.postmen_too)
    print(json.dumps(figures))


def measure(name: str, database: str, count: int, *, postmen_too: bool) -> dict[str, object]:
    """Fill a database, race, and say what arrived."""
    with TemporaryDirectory() as var, carriers() as (ports, pipe):
        with practice(database):
            outbox_per_s = _due.claim_rate(count)
            _due.fill(count, min(CLIENTS, max(1, count // 5)))
        kills = KILLS if count >= MESSAGES else QUICK_KILLS
        seconds, killed = race(Post(database, var, *ports), count, kills, postmen_too=postmen_too)
        load = os.getloadavg()[1]
        pipe.send("tally")
        taken: dict[str, int] = pipe.recv()
        with practice(database):
            states = tally_of_states()
    different = taken["different_letters"] + taken["different_texts"]
    duplicates, lost = taken["letters"] + taken["texts"] - different, count - different
    print(f"{name:<12}{count:>10,}{seconds:>10.1f}{count / seconds:>12,.1f}", end="")
    print(f"{killed:>8}{duplicates:>12}{lost:>6}{load:>7.1f}")
    print(f"{'':<12}the outbox alone, nothing sent: {outbox_per_s:,} claimed and settled a second in batches of 50")
    return {
        "seconds": round(seconds, 1),
        "per_s": round(count / seconds, 1),
        "duplicates": duplicates,
        "lost": lost,
        "kills": killed,
        "duplicate_texts": taken["texts"] - taken["different_texts"],
        "duplicate_letters_same_message_id": taken["letters"] - taken["different_letters"],
        "claim_and_settle_per_s": outbox_per_s,
        "load_average_5_min": round(load, 1),
        "states": states,
    }


@contextmanager
def carriers() -> Iterator[tuple[list[int], Connection]]:
    """Run the counting servers; give their ports and the pipe that asks for their tally."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_carriers.serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv(), ours
    finally:
        ours.close()
        process.join(5)
        process.kill()


def race(post: Post, count: int, wanted_kills: int, *, postmen_too: bool) -> tuple[float, int]:
    """Let the schedulers work until nothing is left, and kill one after the other; return seconds and kills.

    The time counts from when all are at work; a scheduler is killed at work, not while it starts.
    """
    dice, kills = random.Random(7), 0
    workers = [Worker.begin(post) for _ in range(SCHEDULERS)]
    for worker in workers:
        worker.at_work.wait(60)
    begun = time.perf_counter()
    with practice(post.database):
        while left := waiting():
            time.sleep(dice.uniform(0.1, 0.3))
            victim = dice.randrange(SCHEDULERS)
            is_due = kills < wanted_kills and count - left > (kills + 0.5) * count / wanted_kills
            if is_due and workers[victim].at_work.is_set():
                workers[victim].kill(postmen_too=postmen_too)
                workers[victim] = Worker.begin(post)
                kills += 1
    seconds = time.perf_counter() - begun
    for worker in workers:
        worker.kill(postmen_too=True)
    return seconds, kills


@dataclass(frozen=True, slots=True)
class Worker:
    """A scheduler process, and whether it has begun to work."""

    process: ForkServerProcess
    at_work: Event

    @classmethod
    def begin(cls, post: Post) -> Worker:
        """Start one."""
        at_work = forks.Event()
        process = forks.Process(target=_sending.run, args=(post, secrets.token_hex(8), at_work), daemon=True)
        process.start()
        return cls(process, at_work)

    def kill(self, *, postmen_too: bool) -> None:
        """End it with kill -9, in the middle of whatever it does."""
        postmen = psutil.Process(self.process.pid).children() if postmen_too else []
        for each in postmen:
            each.kill()
        self.process.kill()
        self.process.join()


def waiting() -> int:
    """Count what is not settled yet."""
    with reading():
        left = db.session.scalar(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_((PLANNED, SENDING)))
        )
        db.session.rollback()
    return left or 0


def tally_of_states() -> dict[str, int]:
    """Count the messages by the state they ended in."""
    rows = db.session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return {str(state): int(number) for state, number in rows}


if __name__ == "__main__":
    main()
