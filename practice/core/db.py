"""The database: one object, the same promises on SQLite and PostgreSQL.

SQLite runs in WAL mode. Python's sqlite3 sends no BEGIN before a SELECT, so a check
followed by an insert would race; every writing transaction therefore begins
IMMEDIATE, and only requests that merely read begin deferred.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from practice.core import turns

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


class Model(DeclarativeBase):
    """Every table's base; each names its own table."""

    metadata = MetaData(naming_convention=CONVENTION)


db = SQLAlchemy(metadata=Model.metadata)


@contextmanager
def reading() -> Iterator[None]:
    """Begin the transactions inside without taking SQLite's write lock."""
    token = only_reads.set(True)
    try:
        yield
    finally:
        only_reads.reset(token)


@contextmanager
def aside() -> Iterator[Session]:
    """Write in a transaction of its own, committed at the end, as a request that only reads must."""
    token = only_reads.set(False)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        only_reads.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Let a request that only reads write after all; what it read so far is let go of first."""
    db.session.rollback()
    token = only_reads.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        only_reads.reset(token)


CACHE = "cache_size=-32768"
"""Up to 32 MB of pages for each connection to SQLite: the usual 2 MB are less than the diaries of 200 counselors."""


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: ConnectionPoolEntry) -> None:
    if type(connection).__module__.partition(".")[0] != "sqlite3":
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON", CACHE):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if only_reads.get():
        connection.exec_driver_sql("BEGIN")
    else:
        turns.begin(cast(sqlite3.Connection, connection.connection.dbapi_connection))
