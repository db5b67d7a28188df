"""How many rooms one core holds: rooms of two and groups, against Janus and mediasoup under the same load.

Each person sends 1.2 Mbit/s of pictures and 50 sound packets a second through real ICE, DTLS and SRTP. The server has
one core, the load another. Held means: under 0.5 % lost, and 99 of 100 packets delayed by less than 20 ms. How long the
server waited for its core tells how much of the delay was the machine's: on a quiet one it is next to nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Any, Protocol

import aioice.ice

from bench import _janus, _ours
from bench._cores import LOAD_CORE, can_separate, memory, spent, take_precedence, waited
from bench._load import Load, Participant


class Server(Protocol):
    """A media server under load."""

    pid: int

    @staticmethod
    def is_here() -> bool:
        """Whether it is installed."""
        ...

    async def open(self) -> None:
        """Wait until it answers."""
        ...

    async def room(self, number: int, people: int) -> list[Participant]:
        """Fill one room."""
        ...

    async def close(self) -> None:
        """Stop it."""
        ...


SERVERS: dict[str, type[_ours.Ours] | type[_janus.Janus]] = {"stillpoint": _ours.Ours, "janus": _janus.Janus}
INSTALL = {"stillpoint": _ours.INSTALL, "janus": _janus.INSTALL}
MEDIASOUP = "npm install mediasoup"
"""It fetches its worker from GitHub or builds it from there; we have built none."""
COUNTS = {"stillpoint": "10,40,80,90,100,110,120", "janus": "10,20,25,30,35,40"}
QUICK = {"stillpoint": "10,30", "janus": "10,20"}
GROUPS = {False: {8: "1,2,4", 12: "1,2"}, True: {8: "1", 12: "1"}}
"""How many groups of 8 and of 12, in full and quickly."""
_WARM_S = 2.0


async def steps(name: str, counts: list[int], people: int, seconds: float) -> list[dict[str, Any]]:
    """Fill a server with more and more rooms until it no longer holds them; give each step's figures."""
    address = aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)[0]
    server: Server = SERVERS[name](address)
    await server.open()
    load, empty = Load(address), memory(server.pid)
    found: list[dict[str, Any]] = []
    try:
        have = 0
        for rooms in counts:
            for number in range(have, rooms):
                for participant in await server.room(number, people):
                    load.take(participant)
                await load.run(0.02)
            have = rooms
            await load.run(_WARM_S)
            found.append(await _step(load, server.pid, rooms, people, seconds, empty=empty))
            print(_row(name, found[-1]), flush=True)
            if not any(each["held"] for each in found[-2:]) and len(found) > 1:
                break
    finally:
        await server.close()
    return found


async def _step(load: Load, pid: int, rooms: int, people: int, seconds: float, *, empty: float = 0.0) -> dict[str, Any]:
    before, waited_before, own, begun = spent(pid), waited(pid), spent(os.getpid()), time.monotonic()
    figures = await load.measure(seconds)
    took = time.monotonic() - begun
    streams = rooms * people * (people - 1) * 2
    missing = 100 * (1 - figures["streams"] / streams)
    figures["loss_percent"] = max(figures["loss_percent"], round(missing, 3))
    figures |= {
        "rooms": rooms,
        "people": people,
        "processor_percent": round(100 * (spent(pid) - before) / took, 1),
        "waited_percent": round(100 * (waited(pid) - waited_before) / took, 1),
        "load_percent": round(100 * (spent(os.getpid()) - own) / took, 1),
        "memory_mib": round(memory(pid)),
        "memory_mib_per_room": round((memory(pid) - empty) / rooms, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }
    figures["us_per_packet"] = round(1e4 * figures["processor_percent"] / max(1, figures["received_per_s"]), 1)
    figures["held"] = figures["loss_percent"] < 0.5 and (figures["p99_ms"] or 999) < 20
    return figures


def _row(name: str, figures: dict[str, Any]) -> str:
    held = "held" if figures["held"] else "not held"
    return (
        f"{name:12}{figures['rooms']:5} x {figures['people']:<3}{figures['received_per_s']:8} packets/s  "
        f"loss {figures['loss_percent']:7.3f} %  p50 {figures['p50_ms']} ms  p99 {figures['p99_ms']} ms  "
        f"processor {figures['processor_percent']} %, {figures['us_per_packet']} µs a packet "
        f"(waited {figures['waited_percent']} %; load {figures['load_percent']} %, {figures['sent_late_ms']} ms late)  "
        f"{figures['memory_mib']} MiB, {figures['memory_mib_per_room']} a room  {held}"
    )


def close_with(found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Sum up: how many rooms each server held, and what the most that ours held cost."""
    held = {name: _most_held(rows) for name, rows in found.items()}
    ours, janus = held.get("stillpoint"), held.get("janus")
    return {
        "rooms_per_core": ours["rooms"] if ours else 0,
        "p99_ms": ours["p99_ms"] if ours else None,
        "loss_percent": ours["loss_percent"] if ours else None,
        "cpu_per_room_percent": round(ours["processor_percent"] / ours["rooms"], 2) if ours else None,
        "janus_rooms_per_core": janus["rooms"] if janus else None,
        "mediasoup_rooms_per_core": each["rooms"] if (each := held.get("mediasoup")) else None,
        "mediasoup_command": MEDIASOUP,
        "ratio": round(ours["rooms"] / janus["rooms"], 2) if ours and janus else None,
        "at_rooms": {str(each["rooms"]): _costs(each) for each in found.get("stillpoint", [])},
        "steps": found,
    }


def _most_held(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return max((each for each in rows if each["held"]), key=_rooms, default=None)


def _costs(figures: dict[str, Any]) -> dict[str, Any]:
    """Give what one count of rooms cost."""
    return {
        "p99_ms": figures["p99_ms"],
        "cpu_per_room_percent": round(figures["processor_percent"] / figures["rooms"], 2),
        "memory_mib_per_room": figures["memory_mib_per_room"],
    }


def _rooms(figures: dict[str, Any]) -> int:
    return int(figures["rooms"])


def alone(name: str, *options: str) -> list[dict[str, Any]] | None:
    """Measure one server in a process of its own, so that the load is fresh; None where the server is missing."""
    if not SERVERS[name].is_here():
        print(f"{name} is not installed: {INSTALL[name]}", flush=True)
        return None
    command = [sys.executable, "-m", "bench.rooms", "--server", name, *options]
    found: list[dict[str, Any]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("["):
                found = json.loads(line)
            else:
                print(line, end="", flush=True)
    return found


def main() -> None:
    """Measure, show a table and close with the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few counts, short")
    parser.add_argument("--counts", default="", help="how many rooms, such as 10,40,80")
    parser.add_argument("--people", type=int, default=2, help="how many in each room")
    parser.add_argument("--seconds", type=float, default=0, help="how long each count is measured")
    parser.add_argument("--only", default="", help="servers, such as stillpoint,janus")
    parser.add_argument("--server", default="", help="measure this one and close with its steps only")
    options = parser.parse_args()
    seconds = options.seconds or (3.0 if options.quick else 8.0)
    if options.server:
        take_precedence()
        if can_separate():
            os.sched_setaffinity(0, {LOAD_CORE})
        numbers = [int(each) for each in options.counts.split(",")]
        print(json.dumps(asyncio.run(steps(options.server, numbers, options.people, seconds))))
        return
    names = options.only.split(",") if options.only else list(SERVERS)
    found = _all(names, options.counts or (QUICK if options.quick else COUNTS), options.people, seconds)
    if not options.only:
        print(f"mediasoup is not measured: its worker was not built here ({MEDIASOUP})", flush=True)
    groups = {}
    if not options.counts:
        groups = {
            str(people): _all(names[:1] if options.quick else names, GROUPS[options.quick][people], people, seconds)
            for people in (8, 12)
        }
    most = {people: {name: _most_held(rows) for name, rows in by.items()} for people, by in groups.items()}
    print(json.dumps(close_with(found) | {"groups_held": most, "groups": groups}))


def _all(
    names: list[str], counts: str | dict[str, str], people: int, seconds: float
) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name in names:
        wanted = counts if isinstance(counts, str) else counts[name]
        found[name] = alone(name, "--counts", wanted, "--people", str(people), "--seconds", str(seconds)) or []
    return found


if __name__ == "__main__":
    main()
