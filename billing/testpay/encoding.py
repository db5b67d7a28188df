"""Stripe's way of writing nested values in a form: `line_items[0][price]=…`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

KEY = re.compile(r"\[([^\[\]]*)\]")


def unflatten(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Build the nested values that a flat form stands for."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        head, _, _ = name.partition("[")
        path = [head, *KEY.findall(name)]
        place = root
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = value
    return {name: _lists(value) for name, value in root.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(inner) for name, inner in value.items()}
