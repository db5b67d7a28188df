"""Where Node is: beside our Python, or on the machine."""

import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 22


def installed() -> str:
    """Return the path of a Node that is new enough, or nothing."""
    for candidate in (Path(sys.executable).with_name("node"), shutil.which("node")):
        if candidate and Path(candidate).exists():
            told = subprocess.run([str(candidate), "--version"], capture_output=True, text=True, check=False).stdout
            if int(told.strip().lstrip("v").partition(".")[0] or 0) >= OLDEST:
                return str(candidate)
    return ""
