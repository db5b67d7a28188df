"""Run the measurements: all of them quickly, or the named ones in full. `python -m bench [NAME …]`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def measurements() -> list[str]:
    """Name the measurements there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def measure(name: str, *options: str) -> bool:
    """Run one measurement in a process of its own; tell whether it closed with its figures."""
    print(f"\n== {name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *options], stdout=subprocess.PIPE, text=True, check=False
    )
    print(done.stdout, end="", flush=True)
    lines = done.stdout.strip().splitlines()
    try:
        return done.returncode == 0 and isinstance(json.loads(lines[-1]), dict)
    except (IndexError, ValueError):
        return False


def main(names: list[str]) -> int:
    """Run them in turn and name those that failed; the exit code is how many."""
    if unknown := set(names) - set(measurements()):
        print(f"No measurement is called {', '.join(sorted(unknown))}; there are: {', '.join(measurements())}.")
        return 2
    failed = [name for name in names or measurements() if not measure(name, *(() if names else ("--quick",)))]
    if failed:
        print(f"\nNo figures from: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
