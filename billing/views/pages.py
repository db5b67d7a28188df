"""Where a list goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list, as the pager shows them; `pages` is 0 when nobody counted."""

    number: int
    pages: int
    previous_href: str | None
    next_href: str | None
