"""Schedulers in real processes, forked from one that has the practice imported: a cold start costs ten times that."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from multiprocessing.process import BaseProcess

from app import FEATURES, create_app
from practice.core import delivery, outbox, scheduler
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.core.settings import Settings, settings

Work = Callable[[str], None]
HANGS, HANGS_AT = "a-scheduler-hangs", 11

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__, *(f"{feature}.wiring" for feature in FEATURES)])


@contextmanager
def running(work: Work, settings: Settings, *, count: int, **told: str) -> Iterator[list[BaseProcess]]:
    """Run so many processes of their own until the end, under these settings and what else they are told."""
    known = {name: str(value) for name, value in settings.model_dump().items() if value not in {"", None}}
    environ = {f"STILLPOINT_{name.upper()}": value for name, value in (known | told).items()}
    started: list[BaseProcess] = [
        _processes.Process(target=_begin, args=(work, f"worker-{number}", environ)) for number in range(count)
    ]
    for process in started:
        process.start()
    try:
        yield started
    finally:
        for process in started:
            kill(process)


def kill(process: BaseProcess) -> None:
    """End it in the middle of whatever it does (SIGKILL)."""
    process.kill()
    process.join()


def only_deliver(name: str) -> None:
    """Deliver what is due, and letters of a kind of the tests' own, and do nothing else."""
    _deliver(name, lambda message: None)


def deliver_and_hang(name: str) -> None:
    """Deliver some letters and hang over the next one, which is claimed by then; `HANGS` appears among our files."""
    turn = count(1)

    def hang(_message: OutboxMessage) -> None:
        if next(turn) == HANGS_AT:
            (settings().var_dir / HANGS).touch()
            threading.Event().wait()  # for good: only a kill ends it

    _deliver(name, hang)


def _deliver(name: str, before: Callable[[OutboxMessage], None]) -> None:
    app = create_app()

    @outbox.renders("test.kettle")
    def kettle(message: OutboxMessage, now: datetime) -> Mail:
        before(message)
        return Mail("alice@example.org", message.key, "Words.")

    with app.app_context():
        courier = delivery.Courier(name, lease_seconds=3.0)
        with delivery.Roads() as roads:
            while True:
                if not courier.deliver(roads, most=3):
                    time.sleep(0.05)


def do_everything(_name: str) -> None:
    """Do all that a scheduler does, in short turns."""
    scheduler.run(create_app(), tick_seconds=0.2, lease_seconds=4)


def _begin(work: Work, name: str, environ: dict[str, str]) -> None:
    os.environ.update(environ)
    work(name)
