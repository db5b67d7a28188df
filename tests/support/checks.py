"""Run every static check, all of them even when one fails: `python -m tests.support.checks`."""

import subprocess
import sys
from pathlib import Path

from tests.support.tree import ROOT

CHECKS = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "layers": ("lint-imports",),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
}


def run() -> int:
    """Run the checks and say which failed; the number of failures is the exit code."""
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")  # noqa: T201 - a command's answer
    return len(failed)


def _passes(name: str, command: tuple[str, ...]) -> bool:
    print(f"== {name}", flush=True)  # noqa: T201 - a command's answer
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run([program, *command[1:]], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(run())
