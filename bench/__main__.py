"""Run the measurements: all of them quickly, or the named ones in full. `python -m bench [NAME …]`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def measurements() -> list[str]:
    """Name the measurements there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def measure(name: str, *options: str) -> dict[str, Any] | None:
    """Run one measurement in a process of its own; return the figures it closed with, or None."""
    print(f"\n== {name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *options], stdout=subprocess.PIPE, text=True, check=False
    )
    print(done.stdout, end="", flush=True)
    try:
        figures = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return None
    return figures if done.returncode == 0 and isinstance(figures, dict) else None


def table(found: dict[str, dict[str, Any] | None]) -> str:
    """Write all figures below each other, with the measurement each comes from."""
    return "\n".join(
        f"{name:12}{figure:44}{value}"
        for name, figures in found.items()
        for figure, value in _flat(figures or {"no figures": "—"})
    )


def _flat(figures: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", "—" if value is None else value


def main(names: list[str]) -> int:
    """Run them in turn and name those that failed; the exit code is how many."""
    if unknown := set(names) - set(measurements()):
        print(f"No measurement is called {', '.join(sorted(unknown))}; there are: {', '.join(measurements())}.")
        return 2
    found = {name: measure(name, *(() if names else ("--quick",))) for name in names or measurements()}
    print(f"\n{table(found)}")
    failed = [name for name, figures in found.items() if figures is None]
    if failed:
        print(f"\nNo figures from: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
