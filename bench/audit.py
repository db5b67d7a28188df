"""Measure the audit log's seal: entries written one by one, given their place in the tree, and the whole log checked.

An entry is written as a page that only reads writes it, in a transaction of its own; places are given in batches, as
the scheduler does. The check reads every entry again, hashes it, and compares the roots with all signed heads.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from practice.core import audit
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.trail import growing
from tests.support.apps import make_app, migrate, settings_for

ONE_BY_ONE = 1_000
ROWS_AT_ONCE = 10_000
MILLION = 1_000_000
QUICK = 200_000
HEADS = 10


def main() -> None:
    """Measure and print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within 100 seconds: a fifth of a million")
    entries = QUICK if parser.parse_args().quick else MILLION
    print(f"{ONE_BY_ONE:,} entries one by one, then {entries:,} in all under {HEADS} heads, on SQLite.")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), entries)
    for name, value in figures.items():
        print(f"{name:>20} {'' if value is None else f'{value:,}'}")
    print(json.dumps(figures))


def measure(folder: Path, entries: int) -> dict[str, float | None]:
    """Write, seal and check on a fresh SQLite database."""
    url = f"sqlite:///{folder / 'audit.db'}"
    migrate(url)
    with make_app(settings_for(url, folder)).app_context():
        appending = _seconds(_one_by_one)
        sealing = _fill(entries)
        checking = _seconds(lambda: _whole(growing.check()))
        db.session.rollback()
    return {
        "entries": entries,
        "appends_per_s": round(ONE_BY_ONE / appending),
        "sealed_per_s": round(entries / sealing),
        "verify_s": round(checking, 2),
        "verify_million_s": round(checking, 2) if entries == MILLION else None,
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _one_by_one() -> None:
    for number in range(ONE_BY_ONE):
        audit.record_aside("note.viewed", person_id=7, subject=("note", number), about=number % 50, acting="counselor")
    growing.grow()
    db.session.commit()


def _fill(entries: int) -> float:
    """Add the rest in bulk and seal it with a few heads; return the seconds the sealing took."""
    begun, sealing = datetime(2026, 1, 1, tzinfo=UTC), 0.0
    for first in range(ONE_BY_ONE, entries, ROWS_AT_ONCE):
        rows = [_row(number, begun) for number in range(first, min(first + ROWS_AT_ONCE, entries))]
        db.session.execute(insert(AuditEntry), rows)
        db.session.commit()
        sealing += _seconds(_grown)
        if first // (entries // HEADS) != (first + ROWS_AT_ONCE) // (entries // HEADS):
            growing.sign(begun + timedelta(seconds=first))
            db.session.commit()
    return sealing


def _grown() -> None:
    while growing.grow():
        db.session.commit()


def _row(number: int, begun: datetime) -> dict[str, object]:
    return {
        "at": begun + timedelta(seconds=number),
        "person_id": number % 40,
        "action": "note.viewed",
        "subject_kind": "note",
        "subject_id": number % 977,
        "about_id": number % 400,
        "acting": "counselor",
        "address": "192.0.2.7",
        "detail": {},
    }


def _whole(found: list[str]) -> None:
    assert not found, found[:3]


def _seconds(deed: Callable[[], None]) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
