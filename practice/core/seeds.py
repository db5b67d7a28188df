"""What fills an empty demo practice: each feature adds its own part, run in one order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Seed = Callable[[Any, Mapping[str, Any], datetime], None]
_seeds: dict[str, tuple[int, Seed]] = {}


def register(order: int, seed: Seed) -> Seed:
    """Add a part: `seed(practice, people, now)`, with people by short name; lower orders run first."""
    _seeds[f"{seed.__module__}.{seed.__qualname__}"] = (order, seed)
    return seed


def run(practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Run every part inside the current transaction."""
    for _, seed in sorted(_seeds.values(), key=lambda kept: kept[0]):
        seed(practice, people, now)
