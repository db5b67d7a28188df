"""A PostgreSQL database for every test: one is used again and again, wiped in between, which beats a new one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql
from sqlalchemy import make_url

Migrate = Callable[[str], None]

USES = 60
"""After which a database is dropped: what was wiped leaves its pages behind."""

WATCH = """
CREATE SCHEMA harness;
CREATE TABLE harness.changes (tag text);
CREATE FUNCTION harness.note_change() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO harness.changes VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER harness_notes_changes ON ddl_command_end EXECUTE FUNCTION harness.note_change();
"""
"""Whoever alters the schema of a copy leaves a mark, and the copy is not used again."""

LENT = "lent"
"""What a standing app's connections call themselves: idle ones are kept from test to test, for they know the schema."""

OTHERS = f"""
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> '{LENT}'
"""
UNFIT = """
SELECT 1 FROM harness.changes
UNION ALL
SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"

_numbers = itertools.count(1)


class PostgresTemplate:
    """One migrated database on a server; a test gets a copy of it to itself."""

    def __init__(self, server: str, migrate: Migrate) -> None:
        self._server = server
        self._name = f"template_{os.getpid()}"
        self._free: list[_Copy] = []
        self._execute(f"CREATE DATABASE {self._name}")
        migrate(self._url(self._name))
        with self._connect(self._name) as connection:
            connection.execute(WATCH)
            self._wipe = _wiping(connection)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the address of a copy; whoever connected to it lets go before the end, or is cut off."""
        copy = self._free.pop() if self._free else self._new()
        yield self._url(copy.name)
        if copy.wipe():
            self._free.append(copy)
        else:
            copy.close()
            self._drop(copy.name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Give the address of a database that no migration has touched."""
        name = f"empty_{os.getpid()}_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        yield self._url(name)
        self._drop(name)

    def close(self) -> None:
        """Let go of the copies; they end with the server."""
        for copy in self._free:
            copy.close()

    def _new(self) -> _Copy:
        name = f"copy_{os.getpid()}_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._name} STRATEGY file_copy")
        return _Copy(name, self._connect(name), self._wipe)

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def _connect(self, name: str | None = None) -> psycopg.Connection:
        url = make_url(self._server).set(drivername="postgresql")
        url = url.set(database=name) if name else url
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())


class _Copy:
    """A database in use, with the connection that wipes it."""

    def __init__(self, name: str, connection: psycopg.Connection, wiping: sql.Composed) -> None:
        self.name = name
        self._connection = connection
        self._wiping = wiping
        self._uses = 0

    def wipe(self) -> bool:
        """Make it as it was; false when it is worn out, altered or gone."""
        self._uses += 1
        with suppress(psycopg.Error):
            self._connection.execute(OTHERS)
            if self._uses < USES and self._connection.execute(UNFIT).fetchone() is None:
                self._connection.execute(self._wiping)
                return True
        return False

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


def _wiping(connection: psycopg.Connection) -> sql.Composed:
    """Write the statements that bring a copy back to what the migrations left; one round trip runs them all."""
    statements: list[sql.Composable] = [sql.SQL("BEGIN; SET LOCAL session_replication_role = replica")]
    for (name,) in connection.execute(TABLES).fetchall():
        table, kept = sql.Identifier("public", name), sql.Identifier("harness", name)
        statements.append(sql.SQL("DELETE FROM {}").format(table))
        if connection.execute(sql.SQL("SELECT 1 FROM {}").format(table)).fetchone():
            connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table))
            statements.append(sql.SQL("INSERT INTO {} TABLE {}").format(table, kept))
    for name, last in connection.execute(SEQUENCES).fetchall():
        setting = (sql.Literal(f'public."{name}"'), sql.Literal(last or 1), sql.Literal(last is not None))
        statements.append(sql.SQL("SELECT setval({}::regclass, {}, {})").format(*setting))
    connection.execute("DELETE FROM harness.changes")
    return sql.SQL("; ").join([*statements, sql.SQL("COMMIT")])
