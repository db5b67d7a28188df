"""How long it takes to open a note, to save a draft, and to wrap the keys of 10,000 notes anew.

Everything is real: the database on disk with durable writes, the app's own services, one
transaction for each reading and each save. The 10,000 notes lie in 10,000 charts, so that
each has a key of its own to wrap. Nothing is unlocked at sign-in yet, so `unlock_ms` is null.
"""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from app import create_app
from booking.models.appointments import Appointment
from booking.models.services import Service
from notes import keys, opening, services
from notes.layouts import SOAP
from notes.models import Chart, ChartKey, Note, NoteVersion
from notes.vault import DataKey, Place, Vault, seal
from notes.words import Words, write
from practice.core.db import db, reading
from practice.core.sealing import new_key
from practice.core.settings import Settings
from practice.models import Person

NOTES = 10_000
COUNSELORS = 100
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WORDS = Words(
    SOAP, "A title", {section.key: "A sentence of a usual length, said quietly. " * 20 for section in SOAP.sections}
)


def app_on(folder: Path, vault_key: str) -> Flask:
    """Build the app on a database in a folder."""
    made = new_key()
    settings = Settings(
        environment="test",
        secret_key="for the measurement",
        database_url=f"sqlite:///{folder / 'bench.db'}",
        var_dir=folder,
        field_keys=made,
        vault_key=vault_key,
        media_key="for the measurement",
    )
    return create_app(settings)


def fill() -> None:
    """Put 10,000 notes into as many charts: 100 counselors, 100 clients, each pair once."""
    clients = NOTES // COUNSELORS
    people = [_person(number) for number in range(1, COUNSELORS + clients + 1)]
    db.session.execute(insert(Person), people)
    db.session.execute(insert(Service), [_service(number) for number in range(1, COUNSELORS + 1)])
    vault = keys.vault()
    pairs = [(c, COUNSELORS + k, (c + k) % clients) for c in range(1, COUNSELORS + 1) for k in range(1, clients + 1)]
    rows = [_rows(vault, number, *pair) for number, pair in enumerate(pairs, start=1)]
    for place, model in enumerate((Appointment, Chart, ChartKey, Note, NoteVersion)):
        db.session.execute(insert(model), [row[place] for row in rows])
    db.session.commit()


def timed(deed: Callable[[int], None], times: int) -> list[float]:
    """Do something many times; return milliseconds each."""
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        deed(number)
        taken.append((time.perf_counter() - begun) * 1000)
        db.session.remove()
    return taken


def open_note(number: int) -> None:
    """Load a note and open its words, as a page does."""
    with reading():
        opening.words_of(db.session.get_one(Note, number * 37 % NOTES + 1))
        db.session.rollback()


def save_draft(number: int) -> None:
    """Save a draft durably, as a pause in typing does."""
    note = db.session.get_one(Note, number * 37 % NOTES + 1)
    now = START + timedelta(days=30, seconds=number)
    services.save_draft(note, WORDS, base_version=note.version, tab="bench", now=now)
    db.session.commit()


def rotate() -> float:
    """Wrap every key under the newest master key; return seconds."""
    begun = time.perf_counter()
    count = 0
    for batch in keys.stale():
        count += keys.rewrap(batch, now=START)
        db.session.commit()
    assert count == NOTES
    return time.perf_counter() - begun


def main(*, quick: bool) -> None:
    """Measure, show a table and close with the figures."""
    times = 300 if quick else 2000
    old = new_key(1)
    with tempfile.TemporaryDirectory() as name:
        app = app_on(Path(name), f"{new_key(2)},{old}")
        with app.app_context():
            upgrade()
            newest, app.extensions["stillpoint.settings"] = (
                app.extensions["stillpoint.settings"],
                app.extensions["stillpoint.settings"].model_copy(update={"vault_key": old}),
            )
            fill()
            app.extensions["stillpoint.settings"] = newest
            opened, saved = timed(open_note, times), timed(save_draft, times)
            seconds = rotate()
            db.session.remove()
            db.engine.dispose()
    _show(opened, saved, seconds)


def _show(opened: list[float], saved: list[float], seconds: float) -> None:
    print(f"{NOTES:,} notes of {len(write(WORDS, salt='0' * 32)):,} bytes, SQLite, durable")
    print(f"{'':32}{'median':>10}{'p99':>10}")
    for name, taken in (("open a note (ms)", opened), ("save a draft, committed (ms)", saved)):
        print(f"{name:32}{statistics.median(taken):10.2f}{statistics.quantiles(taken, n=100)[98]:10.2f}")
    print(f"{'wrap 10,000 keys anew (s)':32}{seconds:10.2f}")
    figures = {
        "unlock_ms": None,
        "open_note_ms": round(statistics.median(opened), 2),
        "save_draft_ms": round(statistics.median(saved), 2),
        "rotate_10000_s": round(seconds, 2),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


def _person(number: int) -> dict[str, object]:
    return {
        "id": number,
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "zone": "UTC",
        "created_at": START,
    }


def _service(number: int) -> dict[str, object]:
    return {"id": number, "counselor_id": number, "name": "Session", "minutes": 50, "price_cents": 0, "currency": "USD"}


def _rows(vault: Vault, number: int, counselor: int, client: int, hour: int) -> tuple[dict[str, object], ...]:
    key = DataKey(number, 1, os.urandom(32))
    at = START + timedelta(hours=hour)
    until = at + timedelta(minutes=50)
    sealed = seal(key, write(WORDS, salt=os.urandom(16).hex()), Place(number, number, 1, opening.BODY))
    appointment = {
        "id": number,
        "counselor_id": counselor,
        "client_id": client,
        "service_id": counselor,
        "starts_at": at,
    }
    appointment |= {
        "ends_at": until,
        "blocked_from": at,
        "blocked_until": until,
        "status": "completed",
        "price_cents": 0,
    }
    appointment |= {
        "currency": "USD",
        "cancellation_notice_hours": 24,
        "created_at": START,
        "changed_at": START,
        "confirmed_at": START,
    }
    chart = {"id": number, "client_id": client, "counselor_id": counselor, "epoch": 1, "created_at": START}
    wrapped = {
        "chart_id": number,
        "epoch": 1,
        "recipient": vault.recipient,
        "wrapped": vault.wrap(key),
        "wrapped_at": START,
    }
    note = {"id": number, "chart_id": number, "appointment_id": number, "author_id": counselor, "layout": SOAP.key}
    note |= {"status": "draft", "version": 1, "created_at": START, "updated_at": START}
    version = {
        "note_id": number,
        "version": 1,
        "base_version": 0,
        "tab": "bench",
        "epoch": 1,
        "sealed": sealed,
        "saved_at": START,
    }
    return appointment, chart, wrapped, note, version


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
