"""What the test payment page remembers: Stripe-like objects, answered keys and news to deliver, in one SQLite file."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, parent TEXT, made REAL NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_documents_kind ON documents (kind, made);
CREATE INDEX IF NOT EXISTS ix_documents_parent ON documents (parent, kind);
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, asked TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, event_id TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, done REAL
);
CREATE INDEX IF NOT EXISTS ix_deliveries_due ON deliveries (done, due);
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to bring one event to the practice."""

    id: int
    attempts: int
    event: Document


class Store:
    """Documents by id; every change is on disk before the answer leaves."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @property
    def lock(self) -> threading.RLock:
        """Held while one request reads and changes documents."""
        return self._lock

    def add(self, kind: str, prefix: str, body: Document, *, parent: str = "") -> Document:
        """Keep a new document under an id of its own, or the one it brings."""
        body = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), **body}
        self._run(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?)", body["id"], kind, parent, time.time(), json.dumps(body)
        )
        return body

    def find(self, kind: str, document_id: str) -> Document | None:
        """Return a document, or None."""
        rows = self._run("SELECT body FROM documents WHERE id = ? AND kind = ?", document_id, kind)
        return json.loads(rows[0][0]) if rows else None

    def change(self, document: Document, **values: Any) -> Document:
        """Keep new values of a document."""
        document.update(values)
        self._run("UPDATE documents SET body = ? WHERE id = ?", json.dumps(document), document["id"])
        return document

    def children(self, kind: str, parent: str) -> list[Document]:
        """Return the documents that belong to another, the newest first."""
        found = self._run("SELECT body FROM documents WHERE parent = ? AND kind = ? ORDER BY made DESC", parent, kind)
        return [json.loads(body) for (body,) in found]

    def latest(self, kind: str, most: int = 50) -> list[Document]:
        """Return the newest documents of a kind."""
        found = self._run("SELECT body FROM documents WHERE kind = ? ORDER BY made DESC LIMIT ?", kind, most)
        return [json.loads(body) for (body,) in found]

    def answer_to(self, key: str) -> tuple[str, Document] | None:
        """Return what was asked and answered under an idempotency key."""
        rows = self._run("SELECT asked, body FROM answers WHERE key = ?", key)
        return (rows[0][0], json.loads(rows[0][1])) if rows else None

    def keep_answer(self, key: str, asked: str, body: Document) -> None:
        """Remember the answer to an idempotency key."""
        self._run("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", key, asked, json.dumps(body))

    def deliver(self, event: Document, *, due: float) -> None:
        """Plan to bring an event to the practice."""
        self._run("INSERT INTO deliveries (event_id, due) VALUES (?, ?)", event["id"], due)

    def due(self, now: float) -> list[Delivery]:
        """Return the deliveries whose time has come."""
        found = self._run(
            "SELECT d.id, d.attempts, o.body FROM deliveries d JOIN documents o ON o.id = d.event_id"
            " WHERE d.done IS NULL AND d.due <= ? ORDER BY d.due, d.id LIMIT 20",
            now,
        )
        return [Delivery(number, attempts, json.loads(body)) for number, attempts, body in found]

    def settle(self, delivery: Delivery, *, now: float) -> None:
        """Note that a delivery is over."""
        self._run("UPDATE deliveries SET done = ? WHERE id = ?", now, delivery.id)

    def postpone(self, delivery: Delivery, *, due: float) -> None:
        """Plan another attempt."""
        self._run("UPDATE deliveries SET due = ?, attempts = attempts + 1 WHERE id = ?", due, delivery.id)

    def _run(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()
