"""How long it takes to open a note, to save a draft, and to wrap the keys of 10,000 notes anew.

Everything is real: the database on disk with durable writes, Argon2id at full cost, the app's own
services, one transaction for each reading and each save. The 10,000 notes lie in 10,000 charts of 100
counselors, so that each has keys of its own: two rings, wrapped for the counselor, the client and the
recovery key, five envelopes a chart. Unlocking is what the password costs at sign-in, before the page.
The recovery drill has a copy of the database file and the recovery key, as a practice has after a fire: it opens
every key and, with them, every note.
"""

import json
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from app import create_app
from booking.models.appointments import Appointment
from booking.models.services import Service
from notes import opening, services
from notes.custody import drill, people, rings, rotation, vouching
from notes.custody.envelopes import Pair
from notes.custody.holders import Holder, hold
from notes.custody.models import PersonKey, RecoveryKey
from notes.custody.passwords import PasswordKey
from notes.custody.passwords import seal as seal_private
from notes.layouts import SOAP
from notes.models import Chart, Note, NoteVersion
from notes.vault import DataKey, Place, Ring, seal
from notes.words import Words, write
from practice.core.audit import AuditEntry
from practice.core.db import db, reading
from practice.core.sealing import new_key
from practice.core.settings import Settings
from practice.models import Person

NOTES = 10_000
COUNSELORS = 100
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = START + timedelta(days=60)
PASSWORD = "four words in a row"
WORDS = Words(
    SOAP, "A title", {section.key: "A sentence of a usual length, said quietly. " * 20 for section in SOAP.sections}
)


def app_on(folder: Path) -> Flask:
    """Build the app on a database in a folder."""
    settings = Settings(
        environment="test",
        secret_key="for the measurement",
        database_url=f"sqlite:///{folder / 'bench.db'}",
        var_dir=folder,
        field_keys=new_key(),
        media_key="for the measurement",
    )
    return create_app(settings)


def fill(recovery: ec.EllipticCurvePrivateKey) -> dict[str, bytes]:
    """Put 10,000 notes into as many charts: 100 counselors, 100 clients, each pair once; return private halves."""
    clients = NOTES // COUNSELORS
    ids = range(1, COUNSELORS + clients + 1)
    pairs = {number: Pair.fresh() for number in ids}
    db.session.execute(insert(Person), [_person(number) for number in ids])
    key = people.password_key(PASSWORD)
    db.session.execute(insert(PersonKey), [_person_key(number, pairs[number], key) for number in ids])
    db.session.execute(insert(RecoveryKey), [_recovery_key(recovery)])
    db.session.execute(insert(AuditEntry), _made(recovery, pairs))
    db.session.execute(insert(Service), [_service(number) for number in range(1, COUNSELORS + 1)])
    both = [(c, COUNSELORS + k, (c + k) % clients) for c in range(1, COUNSELORS + 1) for k in range(1, clients + 1)]
    db.session.execute(insert(Chart), [_chart(number, *pair) for number, pair in enumerate(both, start=1)])
    made = _keys_of_charts()
    rows = [_rows(made[number], number, *pair) for number, pair in enumerate(both, start=1)]
    for place, model in enumerate((Appointment, Note, NoteVersion)):
        db.session.execute(insert(model), [row[place] for row in rows])
    db.session.commit()
    return {f"person/{number}/1": pair.private for number, pair in pairs.items()}


def timed(deed: Callable[[int], None], times: int) -> list[float]:
    """Do something many times; return milliseconds each."""
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        deed(number)
        taken.append((time.perf_counter() - begun) * 1000)
        db.session.remove()
    return taken


def unlock(_number: int) -> None:
    """Derive the password's key and open a person's private half with it."""
    assert people.prove(1, PASSWORD)


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
    """Give every chart new keys; return seconds."""
    begun = time.perf_counter()
    count = 0
    for batch in rotation.rotate(before=LATER, now=LATER):
        count += batch
        db.session.commit()
    assert count == NOTES
    return time.perf_counter() - begun


def recover(folder: Path, recovery: ec.EllipticCurvePrivateKey) -> float:
    """Open every key and note of a backup with the recovery key; return seconds."""
    with sqlite3.connect(folder / "bench.db") as source, sqlite3.connect(folder / "copy.db") as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    outcome = drill.run(str(folder / "copy.db"), recovery.private_numbers().private_value.to_bytes(32, "big"))
    assert outcome.whole
    assert outcome.notes == NOTES
    return outcome.seconds


def main(*, quick: bool) -> None:
    """Measure, show a table and close with the figures."""
    times = 300 if quick else 2000
    with tempfile.TemporaryDirectory() as name:
        app = app_on(Path(name))
        with app.app_context():
            upgrade()
            recovery = ec.generate_private_key(ec.SECP256R1())
            seeds = fill(recovery)
            unlocked = timed(unlock, 5 if quick else 20)

            def held(deed: Callable[[int], None]) -> Callable[[int], None]:
                def by_its_counselor(number: int) -> None:
                    hold(Holder(0, seeds))
                    deed(number)

                return by_its_counselor

            opened, saved = timed(held(open_note), times), timed(held(save_draft), times)
            recovered = recover(Path(name), recovery)
            seconds = rotate()
            db.session.remove()
            db.engine.dispose()
    _show(unlocked, opened, saved, (seconds, recovered))


def _show(unlocked: list[float], opened: list[float], saved: list[float], whole: tuple[float, float]) -> None:
    seconds, recovered = whole
    print(f"{NOTES:,} notes of {len(write(WORDS, salt='0' * 32)):,} bytes, SQLite, durable")
    print(f"{'':32}{'median':>10}{'p99':>10}")
    rows = (("unlock (ms)", unlocked), ("open a note (ms)", opened), ("save a draft, committed (ms)", saved))
    for name, taken in rows:
        print(f"{name:32}{statistics.median(taken):10.2f}{statistics.quantiles(taken, n=100)[98]:10.2f}")
    print(f"{'new keys for 10,000 charts (s)':32}{seconds:10.2f}")
    print(f"{'recovery drill from a copy (s)':32}{recovered:10.2f}")
    figures = {
        "unlock_ms": round(statistics.median(unlocked), 1),
        "open_note_ms": round(statistics.median(opened), 2),
        "save_draft_ms": round(statistics.median(saved), 2),
        "rotate_10000_s": round(seconds, 2),
        "recovery_drill_s": round(recovered, 2),
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


def _person_key(number: int, pair: Pair, key: PasswordKey) -> dict[str, object]:
    sealed = seal_private(key, pair, person_id=number, number=1)
    row: dict[str, object] = {"person_id": number, "number": 1, "public": pair.public, "sealed": sealed}
    return row | {"made_at": START, "sealed_at": START}


def _made(recovery: ec.EllipticCurvePrivateKey, pairs: Mapping[int, Pair]) -> list[dict[str, object]]:
    """Write the keys down in the audit log, as their making does."""
    known = [(vouching.PERSON, number, {"number": 1}, pair.public) for number, pair in pairs.items()]
    known += [(vouching.RECOVERY, 1, {}, _public(recovery))]
    return [
        {
            "at": START,
            "action": "recovery.key_made" if kind == vouching.RECOVERY else "vault.key_made",
            "subject_kind": kind,
            "subject_id": number,
            "detail": detail | {"key": vouching.fingerprint(public)},
        }
        for kind, number, detail, public in known
    ]


def _public(recovery: ec.EllipticCurvePrivateKey) -> bytes:
    return recovery.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _recovery_key(recovery: ec.EllipticCurvePrivateKey) -> dict[str, object]:
    return {"public": _public(recovery), "sheets": 3, "made_by_id": 1, "made_at": START, "proved_at": START}


def _chart(number: int, counselor: int, client: int, _hour: int) -> dict[str, object]:
    return {"id": number, "client_id": client, "counselor_id": counselor, "epoch": 1, "created_at": START}


def _keys_of_charts() -> dict[int, DataKey]:
    charts = list(db.session.scalars(select(Chart)))
    readership = rings.Readership.of(charts, now=START)
    made = {}
    for chart in charts:
        made[chart.id] = rings.begin(chart, 1, Ring.WORKING, now=START, readership=readership)
        rings.begin(chart, 1, Ring.RECORD, now=START, readership=readership)
    return made


def _rows(key: DataKey, number: int, counselor: int, client: int, hour: int) -> tuple[dict[str, object], ...]:
    at = START + timedelta(hours=hour)
    until = at + timedelta(minutes=50)
    sealed = seal(key, write(WORDS, salt=os.urandom(16).hex()), Place(number, number, 1, opening.BODY))
    appointment: dict[str, object] = {
        "id": number,
        "counselor_id": counselor,
        "client_id": client,
        "service_id": counselor,
    }
    appointment |= {"starts_at": at, "ends_at": until, "blocked_from": at, "blocked_until": until}
    appointment |= {"status": "completed", "price_cents": 0, "currency": "USD", "cancellation_notice_hours": 24}
    appointment |= {"created_at": START, "changed_at": START, "confirmed_at": START}
    note: dict[str, object] = {
        "id": number,
        "chart_id": number,
        "appointment_id": number,
        "author_id": counselor,
        "layout": SOAP.key,
    }
    note |= {"status": "draft", "version": 1, "created_at": START, "updated_at": START}
    version: dict[str, object] = {"note_id": number, "version": 1, "base_version": 0, "tab": "bench", "epoch": 1}
    version |= {"sealed": sealed, "saved_at": START}
    return appointment, note, version


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
