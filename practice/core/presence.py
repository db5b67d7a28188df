"""A sign of life of each scheduler: a locked file, unlocked by the kernel when the last process that holds it is gone.

The lock goes with the open file (flock(2)), so the postman, which inherits it, keeps it up until it is done too. What a
dead scheduler held can then be taken over at once instead of after a lease. Signs from another boot or machine prove
nothing and are not believed.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ODD = re.compile(r"[^\w.-]+", re.ASCII)
FORGOTTEN_SECONDS = 7 * 86_400


@contextmanager
def shown(folder: Path, worker: str) -> Iterator[None]:
    """Show that a worker lives, for as long as this process or one that inherits the sign runs."""
    folder.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    descriptor = os.open(_sign(folder, worker), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, _boot())
        os.set_inheritable(descriptor, True)
        yield
    finally:
        os.close(descriptor)


def is_dead(folder: Path, worker: str) -> bool:
    """Tell whether a worker of this machine is proven to be gone, with everything it had started."""
    try:
        descriptor = os.open(_sign(folder, worker), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return bool(_boot()) and os.read(descriptor, 100) == _boot()
    finally:
        os.close(descriptor)


def _sign(folder: Path, worker: str) -> Path:
    return folder / f"{_ODD.sub('_', worker)}.lives"


def _boot() -> bytes:
    """Name the running kernel: another machine's, or this one's before it was started anew, is called otherwise."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    except OSError:
        return b""


def _tidy(folder: Path) -> None:
    """Drop the signs of workers long gone."""
    for path in folder.glob("*.lives"):
        if path.stat().st_mtime < time.time() - FORGOTTEN_SECONDS and is_dead(folder, path.stem):
            path.unlink(missing_ok=True)
