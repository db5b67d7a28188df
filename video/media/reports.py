"""Reports to the web: numbered, signed, kept on disk until the web has taken them."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp

from video.reporting import MOST_AT_ONCE, SIGNATURE_HEADER, signature
from video.rooms.state import Report

log = logging.getLogger(__name__)

_SOON_S, _LATEST_S, _ANSWER_S = 0.2, 10.0, 5.0


class Spool:
    """Reports not yet taken, one JSON line each; what a killed server left is found again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.exists() else []
        self.waiting: list[dict[str, Any]] = list(_readable(lines))
        self._file = path.open("a")

    def add(self, report: dict[str, Any]) -> None:
        """Keep a report."""
        self.waiting.append(report)
        self._file.write(json.dumps(report) + "\n")
        self._file.flush()

    def taken(self, number: int) -> None:
        """Forget the oldest `number` reports."""
        del self.waiting[:number]
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(report) + "\n" for report in self.waiting))
        self._file.close()
        fresh.replace(self._path)
        self._file = self._path.open("a")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Reporter:
    """Numbers reports and brings them to the web, again and again until it takes them."""

    def __init__(self, spool: Spool, url: str, key: str) -> None:
        self.server = secrets.token_hex(8)
        self._spool = spool
        self._url = url
        self._key = key
        self._number = 0
        self._news = asyncio.Event()
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

    async def run(self) -> None:
        """Deliver forever."""
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
                    self._spool.taken(len(batch))
                    return True
                log.warning("The web did not take %d reports: %s", len(batch), answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("The web is not reachable for reports: %s", error)
        return False


def _readable(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    for line in lines:
        try:
            report = json.loads(line)
        except ValueError:
            continue  # the last line of a server killed in the middle of it
        if isinstance(report, dict):
            yield report
