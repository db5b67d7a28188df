"""When garbage is collected: at moments of Python's own choosing it held up everybody's packets for 0.2 s.

What belongs to a connection is set aside (`gc.freeze`) once it is up, so that collections stay short. What is set aside
and ends in a circle stays in memory until it is swept up: when nobody is there, or when much of it has gathered.
"""

import asyncio
import gc
import logging
import time
from typing import Protocol

from video.media.hall import Hall

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.5
_SETTLED_AFTER = 4  # looks: a handshake takes a moment
_MOST_GONE = 200


class Collector(Protocol):
    """What is used of the module `gc`."""

    def freeze(self) -> None:
        """Look at nothing that is there now."""
        ...

    def unfreeze(self) -> None:
        """Look at everything again."""
        ...

    def collect(self) -> int:
        """Free what nobody can reach; give how much."""
        ...


class Broom:
    """Sets aside what has come, and sweeps up what has gone."""

    def __init__(self, hall: Hall, collector: Collector = gc) -> None:
        self._hall = hall
        self._collector = collector
        self._came = self._swept = self._unsettled = 0

    async def run(self) -> None:
        """Look after it forever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self.look(came=self._hall.meters.offers["answered"], here=len(self._hall.board))

    def look(self, *, came: int, here: int) -> None:
        """Do what is due; `came` are all the connections there ever were, `here` those there are."""
        gone = came - here - self._swept
        if gone >= _MOST_GONE or (gone and not here):
            self._swept += gone
            self._sweep(gone)
        if came != self._came:
            self._came, self._unsettled = came, _SETTLED_AFTER
        if self._unsettled:
            self._unsettled -= 1
            self._collector.freeze()

    def _sweep(self, gone: int) -> None:
        begun = time.monotonic()
        self._collector.unfreeze()
        self._collector.collect()
        self._collector.freeze()
        log.info("Swept up after %d connections in %.0f ms", gone, 1000 * (time.monotonic() - begun))
