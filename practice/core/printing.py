"""Pages out of markup: the printer port, and the warm process that sets the type.

Setting type is slow and holds the interpreter, so it happens in one child process
(`practice.core.press`) that stays warm, is replaced every few documents and is killed
when it takes too long.
"""

import atexit
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from practice.core import frames

DOCUMENTS_PER_PRESS = 50
SECONDS_PER_DOCUMENT = 30.0
_ATTEMPTS = 2
_ROOT = Path(__file__).resolve().parents[2]


class PrintingError(Exception):
    """A document could not be printed; the message is for the person who asked."""


class PrintingTooSlowError(PrintingError):
    """The document took longer than anybody should wait."""

    def __init__(self) -> None:
        super().__init__("This document is taking too long to set. Nothing is lost: try again in a minute.")


class PrintingRefusedError(PrintingError):
    """The markup asked for something that is not ours, or could not be set at all."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels inside the PDF."""

    name: str
    data: bytes
    description: str = ""


class Printer(Protocol):
    """Turns markup into a tagged, archival PDF (PDF/UA-1, ISO 14289-1; PDF/A-2a, ISO 19005-2)."""

    def pdf(self, html: str, *, title: str, attachments: Sequence[Enclosure] = ()) -> bytes:
        """Set the page and return the file; raises PrintingError."""
        ...


class WarmPrinter:
    """One child process for all threads of this process; the next takes over when it is spent or dead."""

    def __init__(
        self,
        *,
        command: Sequence[str] = (sys.executable, "-m", "practice.core.press"),
        timeout: float = SECONDS_PER_DOCUMENT,
        documents: int = DOCUMENTS_PER_PRESS,
    ) -> None:
        self._command, self._timeout, self._documents = tuple(command), timeout, documents
        self._lock = threading.Lock()
        self._press: _Press | None = None
        atexit.register(self.close)

    @property
    def press_id(self) -> int | None:
        """Return the process id of the child that is warm now, if one is."""
        press = self._press
        return press.process.pid if press and press.alive else None

    def pdf(self, html: str, *, title: str, attachments: Sequence[Enclosure] = ()) -> bytes:
        """Set the page in the child; waiting for others counts towards the time-out."""
        deadline = time.monotonic() + self._timeout
        if not self._lock.acquire(timeout=self._timeout):
            raise PrintingTooSlowError
        try:
            return self._set(
                frames.order(html, title, [(a.name, a.description, a.data) for a in attachments]), deadline
            )
        finally:
            self._lock.release()

    def close(self) -> None:
        """Stop the child."""
        press, self._press = self._press, None
        if press:
            press.stop()

    def _set(self, order: bytes, deadline: float) -> bytes:
        for _ in range(_ATTEMPTS):
            press = self._warm()
            try:
                frames.write(press.orders, order, deadline)
                answer = frames.read(press.results, deadline)
            except TimeoutError:
                self.close()
                raise PrintingTooSlowError from None
            except (EOFError, OSError):
                self.close()
                continue
            press.printed += 1
            if answer[:1] == frames.PRINTED:
                return answer[1:]
            raise PrintingRefusedError(answer[1:].decode())
        message = "The printer stopped twice on this document. Nothing is lost: try again, or print the page itself."
        raise PrintingError(message)

    def _warm(self) -> "_Press":
        press = self._press
        if press and press.owner != os.getpid():
            press = self._press = None  # inherited by a fork: it belongs to the parent
        if press and (not press.alive or press.printed >= self._documents):
            self.close()
            press = None
        if press is None:
            press = self._press = _Press(self._command)
        return press


class _Press:
    """A running child and the two pipes to it."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT, env=environment, bufsize=0
        )
        assert self.process.stdin  # noqa: S101 - both are pipes by the call above
        assert self.process.stdout  # noqa: S101
        self.orders, self.results = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.orders, False)
        os.set_blocking(self.results, False)
        self.owner, self.printed = os.getpid(), 0

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process.wait()
