"""One racer of the contention measurement, in a module of its own so that a fork server can load it once."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from bench._practice import CLIENT, NOW, practice
from booking import services
from booking.models.services import Service
from booking.refusals import BookingRefusedError
from practice.core.db import db
from practice.models import Person

BOOKED = "booked"
NEIGHBOURS_APART = 30
"""Minutes between neighbours in a round: a booking blocks 60, so each clashes with the one before and behind."""
MIDNIGHT = NOW.replace(hour=0)


@dataclass(frozen=True, slots=True)
class Course:
    """What every racer is told."""

    database: str
    rounds: int
    seconds: float
    start: Barrier
    results: Any


@dataclass(slots=True)
class Score:
    """What one racer came back with: who won each round, other outcomes by name, the milliseconds of every attempt."""

    number: int
    rounds: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    taken: list[float] = field(default_factory=list)


def run(course: Course, number: int) -> None:
    """Race in step for one time, then for times that touch, and last for any times as fast as possible."""
    dice, score = random.Random(number), Score(number)
    with practice(course.database):
        offers = list(db.session.scalars(db.select(Service.id).order_by(Service.id)))
        clients = list(
            db.session.scalars(db.select(Person.id).where(Person.email.startswith(CLIENT)).order_by(Person.id))
        )
        db.session.remove()
        for each in range(course.rounds):
            course.start.wait(60)
            score.rounds.append(attempt(offers[0], clients[number], MIDNIGHT + timedelta(hours=2 * each + 24)))
        for each in range(course.rounds):
            starts_at = MIDNIGHT + timedelta(hours=6 * each + 24, minutes=NEIGHBOURS_APART * number)
            course.start.wait(60)
            score.neighbours.append(attempt(offers[1], clients[-1 - number], starts_at))
        course.start.wait(60)
        ends = time.perf_counter() + course.seconds
        while time.perf_counter() < ends:
            starts_at = MIDNIGHT + timedelta(days=1 + dice.randrange(300), minutes=5 * dice.randrange(270))
            begun = time.perf_counter()
            score.outcomes[attempt(dice.choice(offers[2:]), dice.choice(clients), starts_at)] += 1
            score.taken.append((time.perf_counter() - begun) * 1000)
    course.results.put(score)


def attempt(service_id: int, client_id: int, starts_at: datetime) -> str:
    """Book, and name what came of it."""
    try:
        service, client = db.session.get_one(Service, service_id), db.session.get_one(Person, client_id)
        services.hold(counselor=service.counselor, client=client, service=service, starts_at=starts_at, now=NOW)
        db.session.commit()
    except BookingRefusedError as refusal:
        return type(refusal).__name__
    except Exception as error:  # noqa: BLE001 -- counted and shown
        return f"error {type(error).__name__}"
    finally:
        db.session.remove()
    return BOOKED
