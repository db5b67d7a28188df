"""Processes that do things to appointments at the very same instant, and what came of it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Empty
from typing import Any

from booking import services
from booking.groups import moving
from booking.groups import services as groups
from booking.groups.terms import GroupTerms
from booking.holds import expire_overdue
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.services import Service
from booking.refusals import BookingRefusedError
from booking.requests import services as requests
from booking.series import services as series
from booking.series.rules import Ending, Recurrence, minute_on_wall, pattern_from
from booking.waitlist import group_lines
from booking.waitlist.offering import offer_next
from practice.core.db import db
from practice.models import Person
from tests.support.apps import make_app, settings_for

OK = "ok"


stable = multiprocessing.get_context("forkserver")
# One server imports everything once; each racer is a copy of it and of nothing in the test's own process.
stable.set_forkserver_preload(["pytest", "tests.booking.racers", "tests.booking.warm"])


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do: which, about which row, by whom, for when, and what time it is taken to be."""

    what: str
    now: datetime
    row_id: int = 0
    person_id: int = 0
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """What the racers share: where they all wait for each other, and where they say how it went."""

    database: str
    var: Path
    start: Barrier
    results: Any


def race(database: str, var: Path, rounds: Sequence[Sequence[Deed]]) -> list[list[str]]:
    """Let one process for each place in a round do its deed, all at once, round by round; return the outcomes."""
    width = len(rounds[0])
    track = Track(database, var, stable.Barrier(width), stable.Queue())
    racers = [
        stable.Process(target=_run, args=(track, place, [each[place] for each in rounds])) for place in range(width)
    ]
    for racer in racers:
        racer.start()
    by_place: dict[int, list[str]] = {}
    while len(by_place) < width:
        try:
            place, outcomes = track.results.get(timeout=1)
            by_place[place] = outcomes
        except Empty:
            assert not any(racer.exitcode for racer in racers), "a racer fell"
    for racer in racers:
        racer.join()
    return [list(outcomes) for outcomes in zip(*(by_place[place] for place in range(width)), strict=True)]


def _run(track: Track, place: int, deeds: Sequence[Deed]) -> None:
    app = make_app(settings_for(track.database, track.var))
    outcomes = []
    with app.app_context():
        for deed in deeds:
            track.start.wait(120)
            outcomes.append(_outcome(deed))
            db.session.remove()
        db.engine.dispose()
    track.results.put((place, outcomes))


def _outcome(deed: Deed) -> str:
    try:
        _do(deed)
        db.session.commit()
    except BookingRefusedError as refusal:
        db.session.rollback()
        return type(refusal).__name__
    except Exception as error:  # noqa: BLE001 -- whatever it is, the test shall show it
        db.session.rollback()
        return f"{type(error).__name__}: {error}"
    return OK


def _do(deed: Deed) -> None:
    if deed.what == "hold":
        service = db.session.get_one(Service, deed.row_id)
        client = db.session.get_one(Person, deed.person_id)
        assert deed.starts_at
        services.hold(
            counselor=service.counselor, client=client, service=service, starts_at=deed.starts_at, now=deed.now
        )
        return
    if deed.what == "series":
        _do_weekly(deed)
        return
    if deed.what == "offer":
        offer_next(deed.person_id, deed.now)
        return
    if deed.what == "sweep":
        expire_overdue(deed.now)
        return
    if deed.what in {"join", "schedule", "shift"}:
        _do_together(deed)
        return
    appointment = db.session.get_one(Appointment, deed.row_id)
    if deed.what == "approve":
        requests.approve(appointment, by=appointment.counselor, now=deed.now)
    elif deed.what == "confirm":
        services.confirm(appointment, now=deed.now)
    elif deed.what == "release":
        services.release(appointment, now=deed.now)
    else:
        by = db.session.get_one(Person, deed.person_id)
        if deed.what == "cancel":
            services.cancel(appointment, by=by, now=deed.now)
        else:
            assert deed.starts_at
            services.move(appointment, starts_at=deed.starts_at, by=by, now=deed.now)


def _do_weekly(deed: Deed) -> None:
    """Book four weeks at one hour, as if all had been seen free."""
    assert deed.starts_at
    service = db.session.get_one(Service, deed.row_id)
    client = db.session.get_one(Person, deed.person_id)
    zone = service.counselor.zone
    day, minute = minute_on_wall(deed.starts_at, zone)
    rule = Recurrence(pattern_from("weekly", day, 1), day, minute, zone, Ending(sessions=4))
    choices = {moment.day: moment.starts_at for moment in rule.moments()}
    series.book(series.Wanted(service.counselor, client, service, rule, client), choices, deed.now)


def _do_together(deed: Deed) -> None:
    """Do something to a session that people share."""
    if deed.what == "join":
        client = db.session.get_one(Person, deed.person_id)
        group_lines.join(db.session.get_one(GroupSession, deed.row_id), client, now=deed.now)
        return
    assert deed.starts_at
    if deed.what == "schedule":
        terms = GroupTerms("Evening group", deed.starts_at, capacity=2, listed=True, mode="video")
        groups.schedule(db.session.get_one(Service, deed.row_id), terms, now=deed.now)
        return
    session = db.session.get_one(GroupSession, deed.row_id)
    moving.move(session, starts_at=deed.starts_at, by=session.counselor, now=deed.now)
