"""Where a long list goes on, as the pager shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from practice.core.addresses import LARGEST
from practice.core.forms import CONTROL


@dataclass(frozen=True, slots=True)
class Pages:
    """The page that is shown, and the addresses of the ones beside it."""

    number: int
    pages: int
    previous_href: str | None
    next_href: str | None


def wanted_page() -> int:
    """Return the number of the page asked for; the first one for anything odd."""
    return max(1, number_asked("page") or 1)


def number_asked(name: str) -> int | None:
    """Return a number from the query, if it is one that a row can have."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST else None


def words_asked(name: str, *, most: int = 100) -> str:
    """Return words from the query, trimmed and without control characters."""
    return CONTROL.sub("", request.args.get(name, "")).strip()[:most]


def pages_of(endpoint: str, number: int, pages: int, kept: dict[str, Any]) -> Pages:
    """Return where a list goes on, keeping its filters."""
    return Pages(
        number=number,
        pages=pages,
        previous_href=url_for(endpoint, page=number - 1, **kept) if number > 1 else None,
        next_href=url_for(endpoint, page=number + 1, **kept) if number < pages else None,
    )
