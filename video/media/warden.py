"""The server's sign of life to the web, and what the web says of its rooms: off, moved in time, living elsewhere."""

import asyncio
import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urljoin

import aiohttp

from video.media.hall import Hall
from video.reporting import MOST_ROOMS, SIGNATURE_HEADER, signature
from video.rooms import hours, leaving
from video.rooms.state import Room

log = logging.getLogger(__name__)

_BUSY_EVERY_S, _IDLE_EVERY_S, _ANSWER_S = 1.0, 2.0, 5.0
_BEATS_IN_A_LEASE = 8
"""A slow web must not look like a dead server; pages that cannot reach theirs say so long before."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the web answers: rooms that live elsewhere, are off, people shown out, and the rooms' hours."""

    elsewhere: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hours: Mapping[str, tuple[datetime, datetime, datetime]] = field(default_factory=dict)

    @classmethod
    def read(cls, answer: Any) -> Self:
        """Read the web's JSON. Raises KeyError, TypeError, ValueError or AttributeError when it is none of ours."""
        return cls(
            elsewhere=tuple(str(uid) for uid in answer["elsewhere"]),
            shut=tuple(str(uid) for uid in answer["shut"]),
            out={str(uid): tuple(str(each) for each in people) for uid, people in answer["out"].items()},
            hours={
                str(uid): (_instant(opens), _instant(ends), _instant(closes))
                for uid, (opens, ends, closes) in answer["hours"].items()
            },
        )


class Warden:
    """Goes round the rooms. While the web does not answer, everybody stays."""

    def __init__(self, hall: Hall, report_url: str, key: str, *, url: str, life: str) -> None:
        self._hall = hall
        self._web = urljoin(report_url, "beats")
        self._key = key
        self._url = url
        self._life = life
        self._started = time.time()
        self._draining = False

    async def run(self) -> None:
        """Go round forever."""
        async with self.session() as session:
            while True:
                await self.go_round(session)
                await asyncio.sleep(self._pause)

    @staticmethod
    def session() -> aiohttp.ClientSession:
        """Open connections to the web, for as long as the caller needs them."""
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S))

    async def go_round(self, session: aiohttp.ClientSession) -> None:
        """Tell the web once that we live, and act on its answer."""
        self._heed(await self._ask(session))

    async def resign(self) -> None:
        """Take no more rooms, and hand over those that another server takes."""
        self._draining = True
        async with self.session() as session:
            await self.go_round(session)

    @property
    def _pause(self) -> float:
        return _BUSY_EVERY_S if self._hall.occupied else _IDLE_EVERY_S

    async def _ask(self, session: aiohttp.ClientSession) -> Told:
        body = json.dumps(self._beat()).encode()
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(body, self._key, int(time.time()))}
        try:
            async with session.post(self._web, data=body, headers=headers, allow_redirects=False) as answer:
                if answer.status == 200:
                    return Told.read(await answer.json())
                log.warning("The web does not know this server: %s %s", answer.status, (await answer.text())[:200])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.info("The web does not say what becomes of the rooms: %s", error)
        return Told()

    def _beat(self) -> dict[str, Any]:
        return {
            "url": self._url,
            "life": self._life,
            "started": self._started,
            "lease": _BEATS_IN_A_LEASE * self._pause,
            "draining": self._draining,
            "people": self._hall.counts["people"],
            "rooms": self._hall.occupied[:MOST_ROOMS],
        }

    def _heed(self, told: Told) -> None:
        now = self._hall.now()
        self._hall.hand_over(told.elsewhere)
        for room in self._held(told.shut):
            self._hall.perform(leaving.call_off(room, now=now))
        for room in self._held(told.out):
            self._hall.perform(leaving.show_out(room, told.out[room.uid], now=now))
        for room in self._held(told.hours):
            self._hall.perform(hours.follow(room, *told.hours[room.uid], now=now))

    def _held(self, uids: Iterable[str]) -> list[Room]:
        return [room for uid in uids if (room := self._hall.room(uid)) is not None]


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
