"""A process that has everything loaded and keeps one that serves: when that dies, another begins at once.

Loading takes longer than people should wait in the middle of a conversation; forking takes milliseconds.
"""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_SETTLED_S = 2.0
"""What dies sooner than this after its start would die again: then the supervisor decides when to try."""


def guard(serve: Callable[[], int]) -> int:
    """Run `serve` in a child, again whenever a signal killed it; return its exit code when it ends otherwise."""
    while True:
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            _serve_and_exit(serve)
        code = _outlive(child)
        if code >= 0 or time.monotonic() - begun < _SETTLED_S:
            return abs(code)
        log.warning("The media server was ended by %s; another begins", signal.Signals(-code).name)


def _serve_and_exit(serve: Callable[[], int]) -> None:
    """Serve as long as the guardian lives, and leave without the interpreter's tidying, which would take a while."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    code = 1
    try:
        code = serve()
    except BaseException:
        log.exception("The media server stopped")
    finally:
        logging.shutdown()
        os._exit(code)


def _outlive(child: int) -> int:
    """Pass on what we are told, and wait for the child's end; below zero it is the signal that ended it."""

    def pass_on(number: int, _: FrameType | None) -> None:
        os.kill(child, number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
