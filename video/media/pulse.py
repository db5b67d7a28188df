"""The heartbeat of the process: every hundredth of a second the hall is tended."""

import asyncio
import logging
import time

from video.media.hall import BEAT_EVERY_S, Hall

log = logging.getLogger(__name__)


class Pulse:
    """Beats forever, and counts the beats that come late: then packets came late too."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def run(self) -> None:
        """Beat forever."""
        number = 0
        while True:
            due = time.monotonic() + BEAT_EVERY_S
            await asyncio.sleep(BEAT_EVERY_S)
            number += 1
            self._hall.meters.beat(time.monotonic() - due)
            try:
                self._hall.beat(number)
            except Exception:  # the other rooms go on, whatever is wrong in one
                log.exception("A beat failed")
