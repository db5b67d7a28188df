"""The clock that ticks: recurring jobs and the outbox, in a process of its own.

APScheduler only ticks; the truth is in the tables, so two schedulers are as good as
one and one that was asleep loses nothing.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from practice.core import presence
from practice.core.claims import Watch
from practice.core.db import db
from practice.core.delivery import LEASE_SECONDS, Courier
from practice.core.ports import ports

log = logging.getLogger(__name__)

Job = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Recurring:
    """Something done every so often."""

    name: str
    seconds: int
    job: Job


_jobs: dict[str, Recurring] = {}


def every(seconds: int, name: str) -> Callable[[Job], Job]:
    """Register a job; it runs in an app context and is committed after."""

    def register(job: Job) -> Job:
        _jobs[name] = Recurring(name, seconds, job)
        return job

    return register


def run_once(app: Flask, name: str) -> None:
    """Run one job now; a failure is logged and undone, and the next tick tries again."""
    with app.app_context():
        try:
            _jobs[name].job(ports().clock.now())
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("job %s failed", name)


def deliver(app: Flask, courier: Courier) -> None:
    """Empty the outbox of what is due."""
    with app.app_context():
        try:
            courier.empty()
        except Exception:
            db.session.rollback()
            log.exception("delivery failed")


def run(app: Flask, *, tick_seconds: float = 2.0, lease_seconds: float = LEASE_SECONDS) -> None:
    """Tick until told to stop."""
    worker = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    signs = app.extensions["stillpoint.settings"].var_dir / "schedulers"
    courier = Courier(worker, lease_seconds, Watch(partial(presence.is_dead, signs)))
    ticker = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    ticker.add_job(deliver, "interval", seconds=tick_seconds, args=(app, courier), id="outbox")
    for recurring in _jobs.values():
        ticker.add_job(run_once, "interval", seconds=recurring.seconds, args=(app, recurring.name), id=recurring.name)
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with presence.shown(signs, worker):
        ticker.start()
        log.info("scheduler %s ticks every %s s with %d jobs", worker, tick_seconds, len(_jobs))
        stopped.wait()
        ticker.shutdown(wait=True)
