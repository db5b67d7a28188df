"""Reports to the web: numbered, signed, kept on disk until the web has taken them."""

import asyncio
import json
import logging
import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp

from video.reporting import MOST_AT_ONCE, SIGNATURE_HEADER, reported, signature
from video.rooms.state import Report

log = logging.getLogger(__name__)

_SOON_S, _LATEST_S, _ANSWER_S, _SAFE_AFTER_S = 0.2, 10.0, 5.0, 0.5


class Spool:
    """Reports not yet taken, one JSON line each; what a killed server left is found again.

    Beyond `most` the measurements go first, then the oldest: a web that is away for days must not fill the disk.
    """

    def __init__(self, path: Path, *, most: int = 20_000) -> None:
        self._path = path
        self._most = most
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.exists() else []
        self.waiting: list[dict[str, Any]] = list(_readable(lines))
        self._file = path.open("a")

    def add(self, report: dict[str, Any]) -> None:
        """Keep a report."""
        self.waiting.append(report)
        self._file.write(json.dumps(report) + "\n")
        self._file.flush()
        if len(self.waiting) > self._most:
            self._shed()

    def taken(self, reports: Iterable[dict[str, Any]]) -> None:
        """Forget reports that the web has."""
        done = {id(report) for report in reports}
        self.waiting = [report for report in self.waiting if id(report) not in done]
        self._rewrite()

    def handle(self) -> int:
        """Give a handle of the file of its own, to sync and to close."""
        return os.dup(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _shed(self) -> None:
        excess = len(self.waiting) - self._most + self._most // 10
        log.warning("The web has taken nothing for long: %d reports are given up", excess)
        expendable = sorted(self.waiting, key=lambda report: report["event"] != "quality")[:excess]
        self.taken(expendable)

    def _rewrite(self) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(report) + "\n" for report in self.waiting))
        self._file.close()
        fresh.replace(self._path)
        self._file = self._path.open("a")


class Reporter:
    """Numbers reports and brings them to the web, again and again until it takes them."""

    def __init__(self, spool: Spool, url: str, key: str) -> None:
        self.server = secrets.token_hex(8)
        self._spool = spool
        self._url = url
        self._key = key
        self._number = 0
        self._news, self._unsafe = asyncio.Event(), asyncio.Event()
        if spool.waiting:
            self._news.set()

    @property
    def waiting(self) -> int:
        """How many reports the web has not taken yet."""
        return len(self._spool.waiting)

    def note(self, room: str, report: Report) -> None:
        """Keep one report and send it soon."""
        self._number += 1
        self._spool.add(
            {
                "server": self.server,
                "number": self._number,
                "room": room,
                "person": report.person,
                "event": report.event,
                "at": report.at.timestamp(),
                "detail": report.detail,
            }
        )
        self._news.set()
        self._unsafe.set()

    async def run(self) -> None:
        """Deliver forever, and see what cannot be delivered at once safe on the disk."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._bring())
            tasks.create_task(self._secure())

    async def _secure(self) -> None:
        """Make the disk keep it (fsync(2)), in a thread: packets do not wait for disks."""
        while True:
            await self._unsafe.wait()
            await asyncio.sleep(_SAFE_AFTER_S)
            self._unsafe.clear()
            if self._spool.waiting:
                await asyncio.to_thread(_sync, self._spool.handle())

    async def _bring(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S)) as session:
            pause = _SOON_S
            while True:
                await self._news.wait()
                if await self._deliver(session):
                    pause = _SOON_S
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LATEST_S)

    async def _deliver(self, session: aiohttp.ClientSession) -> bool:
        batch = self._spool.waiting[:MOST_AT_ONCE]
        if not batch:
            self._news.clear()
            return True
        body = json.dumps({"reports": batch}).encode()
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(body, self._key, int(time.time()))}
        try:
            async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                if answer.status in (200, 204):
                    self._spool.taken(batch)
                    return True
                log.warning("The web did not take %d reports: %s", len(batch), answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("The web is not reachable for reports: %s", error)
        return False


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _readable(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Leave out what is no report: the last line of a server killed in the middle of it, or what a bad disk made."""
    for line in lines:
        try:
            report = json.loads(line)
            reported(report)
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        yield report
