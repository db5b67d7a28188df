"""One child process: how it is started, watched, and ended with everything it started itself."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

from practice.first_start import HOST

PR_SET_PDEATHSIG = 1
LONGEST_WAIT_SECONDS = 30.0
SETTLED_SECONDS = 60.0

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def flask(*arguments: str) -> tuple[str, ...]:
    """Return the command line of one of the app's own commands."""
    return (sys.executable, "-m", "flask", "--app", "app", *arguments)


def gunicorn(port: int, *, workers: int = 2, threads: int = 4, host: str = HOST) -> tuple[str, ...]:
    """Return the command line of the web tier: processes as there are cores, a few threads each."""
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker-class": "gthread",
        "graceful-timeout": 5,
        "log-level": "warning",
    }
    return (
        sys.executable,
        "-m",
        "gunicorn",
        "--preload",
        *(part for name, value in options.items() for part in (f"--{name}", str(value))),
        "app:create_app()",
    )


@dataclass(slots=True)
class Child:
    """A process that is started again when it dies: at once, then later each time until it settles."""

    name: str
    command: tuple[str, ...]
    told: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = field(default_factory=time.monotonic)
    failures: int = 0

    @property
    def output(self) -> IO[bytes]:
        """The running process's output and errors, in one stream."""
        if self.process is None or self.process.stdout is None:
            raise RuntimeError(f"{self.name} does not run")
        return self.process.stdout

    def start(self, environ: Mapping[str, str], now: float) -> None:
        """Start it in a group of its own, tied to our life."""
        self.started_at = now
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environ, **self.told},
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def ended(self, now: float) -> str | None:
        """Say how it ended, and when to start it again; None while it runs."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        self.kill()
        self.process = None
        self.failures = 0 if now - self.started_at > SETTLED_SECONDS else self.failures + 1
        wait = min(0.5 * 2 ** (self.failures - 1), LONGEST_WAIT_SECONDS) if self.failures > 1 else 0.0
        self.start_at = now + wait
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"
        return f"{self.name} {how}; starting it again in {wait:g} s"

    def ask_to_stop(self) -> None:
        """Ask it, and only it, to finish what it does and stop."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def kill(self) -> None:
        """End it and whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
