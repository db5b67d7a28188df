"""Which files are ours: what git tracks or would track."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("practice", "booking", "video", "notes", "billing")
_THIRD_PARTY = ("practice/static/vendor/", "practice/static/fonts/")


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """List our files that end in one of the suffixes; all of them when none is given."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return tuple(
        ROOT / name
        for name in sorted(set(listed))
        if (not suffixes or name.endswith(suffixes)) and not name.startswith(_THIRD_PARTY) and (ROOT / name).is_file()
    )


def name_of(path: Path) -> str:
    """Name a file as a person would: from the top of the tree."""
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    """Read a text file; a picture or a font reads as nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
