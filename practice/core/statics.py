"""Files that never change under their address: all of them are served below a name of the release they belong to.

A script names the others it needs by relative addresses, so these carry the name too, and a browser that has been here
before asks for none of them again (RFC 8246).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response

FOREVER = "public, max-age=31536000, immutable"


def add_to(app: Flask, folder: Path) -> None:
    """Serve a folder; an address of another release, on a page from before, gives what is here now."""
    app.static_folder = str(folder)
    current = release(folder)

    @app.get("/static/<release>/<path:filename>", endpoint="static")
    def _serve(release: str, filename: str) -> Response:
        answer = app.send_static_file(filename)
        answer.headers["Cache-Control"] = FOREVER if release == current else "public, no-cache"
        return answer

    @app.url_defaults
    def _name(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("release", current)


@cache
def release(folder: Path) -> str:
    """Name a release by what is in its files and where."""
    seen = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        said = path.read_bytes()
        seen.update(f"{path.relative_to(folder).as_posix()} {len(said)}\n".encode() + said)
    return seen.hexdigest()[:12]
