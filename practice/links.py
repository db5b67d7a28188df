"""Full addresses of our pages, for letters and terminals, where there is no request."""

from __future__ import annotations

from typing import Any

from flask import current_app

from practice.core.settings import settings


def absolute(endpoint: str, **values: Any) -> str:
    """Return the full address of a page."""
    base = settings().base_url
    return base + current_app.url_map.bind("localhost").build(endpoint, values)
