"""What a mail server has taken, noted where the next scheduler finds it: one file a day, one Message-ID a line.

A note outlives its process as soon as it is written, and a power cut once it is on the disk. Getting there takes
milliseconds, so it happens beside the work: `settle` waits for it, and is called before the next letter is handed over.
At no time is more than one letter of a scheduler with the server and not on the disk.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=60)
"""How long notes are kept: no message is still being tried by then."""


class Receipts:
    """The notes of one practice, written and read by any number of processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._day = ""
        self._file = -1
        self._disk = ThreadPoolExecutor(1, "receipts")
        self._pending: Future[None] | None = None

    def note(self, message_id: str, now: datetime) -> None:
        """Write it down; it outlives this process from here on, and is on its way to the disk."""
        self._turn_to(now)
        os.write(self._file, f"{message_id}\n".encode())
        self._pending = self._disk.submit(os.fdatasync, self._file)

    def settle(self) -> None:
        """Wait until everything noted is on the disk."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def holds(self, message_id: str) -> bool:
        """Tell whether it was written down."""
        line = f"{message_id}\n".encode()
        return any(line in path.read_bytes() for path in self._folder.glob("*.taken"))

    def prune(self, *, before: datetime) -> None:
        """Drop the files of days long settled."""
        for path in self._folder.glob("*.taken"):
            if path.stem < f"{before:%Y-%m-%d}":
                path.unlink(missing_ok=True)

    def _turn_to(self, now: datetime) -> None:
        day = f"{now:%Y-%m-%d}"
        if day == self._day:
            return
        self.settle()
        if self._file >= 0:
            os.close(self._file)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._folder / f"{day}.taken", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._day = day
        self._keep_the_name()
        self.prune(before=now - KEPT)

    def _keep_the_name(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
