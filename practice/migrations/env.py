"""Alembic's way in: migrate the running app's database, `flask db upgrade`."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

from practice.core.db import Model


def migrate() -> None:
    """Run the migrations that Alembic chose, all of them in one transaction."""
    if context.is_offline_mode():
        context.configure(dialect_name=_engine().dialect.name, literal_binds=True, **_options())
        with context.begin_transaction():
            context.run_migrations()
        return
    with _engine().connect() as connection:
        _enforce(connection, foreign_keys=False)
        context.configure(connection=connection, **_options())
        with context.begin_transaction():
            context.run_migrations()
        _enforce(connection, foreign_keys=True)


def _engine() -> Engine:
    engine: Engine = current_app.extensions["migrate"].db.engine
    return engine


def _options() -> dict[str, Any]:
    batches = _engine().dialect.name == "sqlite"
    return {"target_metadata": Model.metadata, "render_as_batch": batches, "compare_server_default": False}


def _enforce(connection: Connection, *, foreign_keys: bool) -> None:
    # A batch copies a table and drops the old one, which would take the rows that point at it along.
    # SQLite heeds this only outside a transaction, hence the bare connection.
    if connection.dialect.name == "sqlite" and (raw := connection.connection.driver_connection) is not None:
        raw.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")


migrate()
