"""Run the media server: `python -m video.media`."""

import asyncio
import gc
import logging
import os

import uvloop

from practice.core import settings as house
from video.media import guardian, nonstop
from video.media import settings as own
from video.media.server import serve


def main() -> int:
    """Serve until SIGTERM; say what is missing when something is."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s media %(levelname)s %(message)s")
    logging.getLogger("aioice").setLevel(logging.WARNING)
    settings = house.load()
    try:
        own.check(settings)
    except own.MediaSettingsError as error:
        logging.getLogger(__name__).error("%s", error)
        return 2
    nonstop.loop()  # before the guardian forks: the next server must not wait for the compiler
    gc.freeze()  # nor look at all that is loaded whenever it collects garbage
    return guardian.guard(lambda: _serve(settings))


def _serve(settings: house.Settings) -> int:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings))
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # the interpreter's own tidying would keep a call waiting
