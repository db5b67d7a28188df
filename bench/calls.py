"""How a call feels: first frame, the gap at each fault, bandwidth from a quiet start, sound under loss.

Two real Chromiums talk through relays of ours; a fault is made on the way (packets that lead nowhere, TCP that is
silent or cut, a killed process), never by calling a handler. Times are the pages' own, from frames shown on the screen.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psutil

from bench._calls import Call, Caller, calling
from bench._cameras import LIVELY, QUIET
from tests.support.servers import until
from video import servers

LONGEST_S = 15.0
SUPERVISOR_TICK_S = 0.2
QUIET_S = 5.0
WARM_S, LADDER_MS = 6.0, 90_000.0
SAYS = "(words) => document.getElementById('weak-words').textContent.includes(words)"


def first_frames(call: Call, times: int) -> list[float]:
    """Let Alice come in several times; return ms from her tap to the first frame."""
    return [call.alice.enter(call.house) for _ in range(times)]


def die_media(call: Call) -> None:
    """Let every path that media takes now lead nowhere, as when a router forgets it."""
    call.ways.freeze()


def die_all(call: Call) -> None:
    """Let everything lead nowhere that is open now, as when a phone changes its network."""
    call.ways.freeze(lines=True)


def reload(call: Call) -> None:
    """Load Alice's page anew."""
    call.alice.page.evaluate("setTimeout(() => location.reload())")


def cut(call: Call) -> None:
    """Break the WebSockets."""
    call.ways.cut_lines()


def kill(call: Call) -> None:
    """Kill the process that serves the rooms."""
    assert call.house.media.process is not None
    for child in psutil.Process(call.house.media.process.pid).children():
        child.kill()


def kill_all(call: Call) -> None:
    """Kill its guardian too; it is loaded anew, as the supervisor does, which looks five times a second."""
    call.house.media.stop(signal.SIGKILL)
    time.sleep(SUPERVISOR_TICK_S)
    call.house.media.start()


def drain(call: Call) -> None:
    """Tell the media server to stop, as for an update: its room goes on at another, which the relays do not reach."""
    leaving, staying = call.house.media, call.house.media.another()
    staying.start()
    until(lambda: _is_known(call, staying.settings.media_url), what="the other's first beat")
    call.house.media = staying
    leaving.stop(signal.SIGTERM)


def _is_known(call: Call, url: str) -> bool:
    with call.house.app.app_context():
        return any(server.url == url for server in servers.known(datetime.now(UTC)))


FAULTS: dict[str, Callable[[Call], None]] = {
    "path_dead": die_media,
    "network_changed": die_all,
    "reloaded": reload,
    "websocket_cut": cut,
    "server_killed": kill,
    "guardian_killed": kill_all,
}


def gap(call: Call, fault: Callable[[Call], None]) -> float:
    """Make a fault; return the longest time in ms that either of them saw nothing new."""
    call.settle()
    before = {id(caller): caller.frames() for caller in call.callers}
    begun = _now(call.ines)
    fault(call)
    longest = 0.0
    for caller in call.callers:
        earlier = [at for at in before[id(caller)] if at < begun][-1:]
        longest = max(longest, _longest(caller, earlier, begun))
    return longest


def _longest(caller: Caller, earlier: list[float], begun: float) -> float:
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            frames, now = caller.frames(), _now(caller)
        except Exception:  # noqa: BLE001 -- the page is just being loaded
            continue
        times = [*earlier, *(at for at in frames if at > begun - 500)]
        lately = [at for at in times if at > now - 1000]
        if now - begun > 4000 and len(lately) > 3:
            return max(after - before for before, after in itertools.pairwise(times))
    return LONGEST_S * 1000


def bandwidth(call: Call) -> dict[str, float]:
    """Let Alice's quiet picture grow lively; return what she sends 5 and 15 s later, in Mbit/s over two seconds.

    Not to be called where packets take our relays: their delays would be what is measured.
    """
    call.alice.enter(call.house, QUIET)
    call.settle(QUIET_S)
    call.alice.page.evaluate(LIVELY)
    begun = time.monotonic()
    reached = {}
    for after in (5, 15):
        time.sleep(max(0.0, begun + after - 1 - time.monotonic()))
        first, at = call.alice.counts(), time.monotonic()
        time.sleep(2)
        second = call.alice.counts()
        reached[f"mbit_s_after_{after}s"] = (second["sent"] - first["sent"]) * 8 / 1e6 / (time.monotonic() - at)
    return {name: round(value, 2) for name, value in reached.items()}


def concealed(call: Call, loss: float, seconds: float) -> float:
    """Lose packets on their way to the browsers; return the percentage of sound that had to be made up."""
    call.settle()
    call.ways.detours.loss = loss
    time.sleep(1)
    first = call.alice.counts()
    time.sleep(seconds)
    second = call.alice.counts()
    call.ways.detours.loss = 0.0
    return 100 * (second["concealed"] - first["concealed"]) / max(1, second["samples"] - first["samples"])


def ladder(call: Call) -> dict[str, float]:
    """Lose a third of what comes to Alice until she has only sound, and then nothing until both have their pictures.

    Returns seconds: until she is told, until Ines is told of her, and until neither is told anything any more.
    """
    call.ways.is_on = False
    call.ines.enter(call.house)
    call.ways.is_on = True
    call.alice.enter(call.house)
    call.settle(WARM_S)
    begun = time.monotonic()
    call.ways.detours.loss = 0.33
    call.alice.page.wait_for_function(SAYS, arg="only sound", timeout=LADDER_MS)
    told = time.monotonic() - begun
    call.ines.page.wait_for_function(SAYS, arg="Alice Moreau’s connection is weak: only sound", timeout=LADDER_MS)
    told_other = time.monotonic() - begun
    call.ways.detours.loss, begun = 0.0, time.monotonic()
    for caller in call.callers:
        caller.page.wait_for_function("() => document.getElementById('weak').hidden", timeout=LADDER_MS)
    call.settle(0)
    return {"told_s": told, "told_other_s": told_other, "back_s": time.monotonic() - begun}


def main(*, quick: bool) -> None:
    """Measure, show tables and close with the figures."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    times = 1 if quick else 5
    with calling(detoured=False) as call:
        reached = bandwidth(call)
    print(f"sent after 5 and 15 s     {reached} Mbit/s   load {os.getloadavg()[0]:.1f}", flush=True)
    with calling() as call:
        call.settle()
        frames = first_frames(call, 2 if quick else 10)
        print(f"tap to first frame        {_row(frames)} ms", flush=True)
        gaps: dict[str, list[float]] = {}
        for name, fault in FAULTS.items():
            gaps[name] = [gap(call, fault) for _ in range(times)]
            print(f"gap: {name:20} {_row(gaps[name])} ms   load {os.getloadavg()[0]:.1f}", flush=True)
        sound = {f"{loss}": round(concealed(call, loss / 100, 5 if quick else 20), 2) for loss in (10, 20)}
        steps = {name: round(value, 1) for name, value in ladder(call).items()}
        print(f"ladder at 33 % loss       {steps}   load {os.getloadavg()[0]:.1f}", flush=True)
        gaps["drained"] = [gap(call, drain)]
        print(f"gap: {'drained':20} {_row(gaps['drained'])} ms   load {os.getloadavg()[0]:.1f}", flush=True)
    print(f"concealed at loss of      {sound} %")
    figures: dict[str, Any] = {
        "first_frame_ms_p50": round(statistics.median(frames)),
        "reconnect_ms": {name: round(statistics.median(each)) for name, each in gaps.items()},
        **reached,
        "concealed_percent": sound,
        "ladder": steps,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(figures))


def _now(caller: Caller) -> float:
    return float(caller.page.evaluate("performance.timeOrigin + performance.now()"))


def _row(values: list[float]) -> str:
    return "  ".join(f"{value:7.0f}" for value in values)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
