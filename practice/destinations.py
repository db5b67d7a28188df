"""Where to go after signing in: only ever to a page of our own. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ODD = re.compile(r"[\x00-\x20\\]")


def local_path(wanted: str | None) -> str | None:
    """Return a path on this site, or None for anything that might lead elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or _ODD.search(wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else wanted
