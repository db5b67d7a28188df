"""A media server that is killed has a successor at once; one that ends by itself has none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.support.tree import ROOT

SERVING = """
import os, signal, sys
from video.media import guardian
guardian._SETTLED_S = {settled}
def serve():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGUSR1, lambda *_: os._exit(3))
    print(os.getpid(), flush=True)
    while True:
        signal.pause()
sys.exit(guardian.guard(serve))
"""


def a_guardian(*, settled: float = 0) -> subprocess.Popen[bytes]:
    """Start one; it writes the process id of whoever serves."""
    program = [sys.executable, "-c", SERVING.format(settled=settled)]
    return subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def serving(guardian: subprocess.Popen[bytes]) -> int:
    """Wait for whoever serves next; give the process id."""
    assert guardian.stdout is not None
    return int(guardian.stdout.readline())


def test_whoever_is_killed_is_followed() -> None:
    with a_guardian() as guardian:
        first = serving(guardian)
        os.kill(first, signal.SIGKILL)
        assert serving(guardian) != first
        guardian.send_signal(signal.SIGTERM)
        assert guardian.wait(20) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGUSR1, 3), (signal.SIGKILL, 9)])
def test_what_fails_by_itself_or_at_once_is_the_supervisors(number: int, code: int) -> None:
    with a_guardian(settled=600) as guardian:
        os.kill(serving(guardian), number)
        assert guardian.wait(20) == code


def test_nobody_serves_without_a_guardian() -> None:
    with a_guardian() as guardian:
        serving(guardian)
        guardian.kill()
        assert guardian.stdout is not None
        assert guardian.stdout.read() == b""  # the other end is closed when whoever served is gone
