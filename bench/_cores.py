"""What a process costs: its processor time, its memory; and where processes may run."""

from __future__ import annotations

import os
from pathlib import Path

SERVER_CORE, LOAD_CORE = 0, 1


def spent(pid: int) -> float:
    """Give the processor time of all the process's threads, in seconds."""
    return _scheduled(pid, 0)


def waited(pid: int) -> float:
    """Give how long the process's threads could have run and something else ran on their core, in seconds."""
    return _scheduled(pid, 1)


def _scheduled(pid: int, field: int) -> float:
    total = 0
    for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(stat.read_text().split()[field])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1e9


def memory(pid: int) -> float:
    """Give the process's proportional share of memory in MiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def youngest(pid: int) -> int:
    """Give the process at the end of a row of single children: what a guardian guards."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return youngest(int(children[0])) if children else pid


def take_precedence() -> None:
    """Go before whatever else this machine does, where that is allowed; processes started later inherit it."""
    try:
        os.nice(-20)
        Path("/proc/self/autogroup").write_text("-20")
    except OSError:
        return


def can_separate() -> bool:
    """Tell whether server and load can have a core each."""
    return {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0)
