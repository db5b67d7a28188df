"""Told to stop: the rooms go to another media server first, if there is one."""

import asyncio
import logging
from contextlib import suppress

from video.media.departures import GONE_WITHIN_S
from video.media.hall import Hall
from video.media.warden import Warden

log = logging.getLogger(__name__)

_ANSWER_WITHIN_S = 1.0
_LOOK_EVERY_S = 0.05


async def drain(hall: Hall, warden: Warden) -> None:
    """Hand over the rooms and wait until their people have gone; at once when nobody takes them."""
    with suppress(TimeoutError):
        await asyncio.wait_for(warden.resign(), _ANSWER_WITHIN_S)
    leaving = hall.departing
    if not leaving:
        return
    log.info("Handing over %d rooms", len(leaving))
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_WITHIN_S):
            while any(hall.is_manned(uid) for uid in leaving):
                await asyncio.sleep(_LOOK_EVERY_S)
