"""How many rooms one core holds: rooms of two and groups, against Janus and mediasoup under the same load.

Each person sends 1.2 Mbit/s of pictures and 50 sound packets a second through real ICE, DTLS and SRTP. The server has
one core, the load another. Held means: under 0.5 % lost, and 99 of 100 packets delayed by less than 20 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from typing import Any

import aioice.ice

from bench._cores import LOAD_CORE, can_separate, memory, spent
from bench._load import Load
from bench._ours import Ours

SERVERS = {"stillpoint": Ours}
_WARM_S = 2.0


async def steps(name: str, counts: list[int], people: int, seconds: float) -> list[dict[str, Any]]:
    """Fill a server with more and more rooms until it no longer holds them; give each step's figures."""
    server = SERVERS[name]()
    await server.open()
    load = Load(aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)[0])
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
            found.append(await _step(load, server.pid, rooms, people, seconds))
            print(_row(name, found[-1]), flush=True)
            if not found[-1]["held"]:
                break
    finally:
        await server.close()
    return found


async def _step(load: Load, pid: int, rooms: int, people: int, seconds: float) -> dict[str, Any]:
    before, own, begun = spent(pid), spent(os.getpid()), time.monotonic()
    figures = await load.measure(seconds)
    took = time.monotonic() - begun
    streams = rooms * people * (people - 1) * 2
    missing = 100 * (1 - figures["streams"] / streams)
    figures["loss_percent"] = max(figures["loss_percent"], round(missing, 3))
    figures |= {
        "rooms": rooms,
        "people": people,
        "processor_percent": round(100 * (spent(pid) - before) / took, 1),
        "load_percent": round(100 * (spent(os.getpid()) - own) / took, 1),
        "memory_mib": round(memory(pid)),
    }
    figures["held"] = figures["loss_percent"] < 0.5 and (figures["p99_ms"] or 999) < 20
    return figures


def _row(name: str, figures: dict[str, Any]) -> str:
    held = "held" if figures["held"] else "not held"
    return (
        f"{name:12}{figures['rooms']:5} x {figures['people']:<3}{figures['received_per_s']:8} packets/s  "
        f"loss {figures['loss_percent']:7.3f} %  p50 {figures['p50_ms']} ms  p99 {figures['p99_ms']} ms  "
        f"processor {figures['processor_percent']} % (load {figures['load_percent']} %)  "
        f"{figures['memory_mib']} MiB  {held}"
    )


def close_with(found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Sum up: how many rooms each server held, and what the most that ours held cost."""
    held = {
        name: max((each for each in rows if each["held"]), key=_rooms, default=None) for name, rows in found.items()
    }
    ours, janus = held.get("stillpoint"), held.get("janus")
    return {
        "rooms_per_core": ours["rooms"] if ours else 0,
        "p99_ms": ours["p99_ms"] if ours else None,
        "loss_percent": ours["loss_percent"] if ours else None,
        "cpu_per_room_percent": round(ours["processor_percent"] / ours["rooms"], 2) if ours else None,
        "janus_rooms_per_core": janus["rooms"] if janus else None,
        "mediasoup_rooms_per_core": each["rooms"] if (each := held.get("mediasoup")) else None,
        "ratio": round(ours["rooms"] / janus["rooms"], 2) if ours and janus else None,
        "steps": found,
    }


def _rooms(figures: dict[str, Any]) -> int:
    return int(figures["rooms"])


def main() -> None:
    """Measure, show a table and close with the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few counts, short")
    parser.add_argument("--counts", default="", help="how many rooms, such as 10,40,80")
    parser.add_argument("--people", type=int, default=2, help="how many in each room")
    parser.add_argument("--seconds", type=float, default=0, help="how long each count is measured")
    options = parser.parse_args()
    if can_separate():
        os.sched_setaffinity(0, {LOAD_CORE})
    counts = [int(each) for each in (options.counts or ("10,20" if options.quick else "10,20,40,60,80,100")).split(",")]
    seconds = options.seconds or (3.0 if options.quick else 8.0)
    found = {name: asyncio.run(steps(name, counts, options.people, seconds)) for name in SERVERS}
    print(json.dumps(close_with(found)))


if __name__ == "__main__":
    main()
