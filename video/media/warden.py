"""Asks the web which occupied rooms, and which places in them, were called off: for those the session is over."""

import asyncio
import json
import logging
import time
from urllib.parse import urljoin

import aiohttp

from video.media.hall import Hall
from video.reporting import SIGNATURE_HEADER, signature
from video.rooms import leaving

log = logging.getLogger(__name__)

_EVERY_S, _ANSWER_S = 3.0, 5.0
_MOST_AT_ONCE = 500


class Warden:
    """Goes round the occupied rooms. While the web does not answer, everybody stays."""

    def __init__(self, hall: Hall, report_url: str, key: str) -> None:
        self._hall = hall
        self._url = urljoin(report_url, "rooms")
        self._key = key

    async def run(self) -> None:
        """Go round forever."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S)) as session:
            while True:
                await asyncio.sleep(_EVERY_S)
                await self.go_round(session)

    async def go_round(self, session: aiohttp.ClientSession) -> None:
        """Ask once about every occupied room."""
        occupied = self._hall.occupied[:_MOST_AT_ONCE]
        if not occupied:
            return
        body = json.dumps({"rooms": occupied}).encode()
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(body, self._key, int(time.time()))}
        try:
            async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                told = (await answer.json()) if answer.status == 200 else {"shut": [], "out": {}}
            shut = [str(uid) for uid in told["shut"]]
            out = {str(uid): [str(each) for each in people] for uid, people in told["out"].items()}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.info("The web does not say which rooms are off: %s", error)
            return
        for uid in shut:
            if (room := self._hall.room(uid)) is not None:
                self._hall.perform(leaving.call_off(room, now=self._hall.now()))
        for uid, people in out.items():
            if (room := self._hall.room(uid)) is not None:
                self._hall.perform(leaving.show_out(room, people, now=self._hall.now()))
