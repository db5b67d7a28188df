"""Places on a page that features further up fill in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

Panel = Callable[..., Markup | str | None]
_places: dict[str, list[tuple[int, str, Panel]]] = defaultdict(list)


def fills(place: str, order: int = 50) -> Callable[[Panel], Panel]:
    """Register a panel; a panel returns None when it has nothing to show."""

    def register(panel: Panel) -> Panel:
        entry = (order, f"{panel.__module__}.{panel.__qualname__}", panel)
        _places[place] = sorted(
            [*(kept for kept in _places[place] if kept[1] != entry[1]), entry], key=lambda kept: kept[:2]
        )
        return panel

    return register


def panels(place: str, **context: Any) -> Markup:
    """Render what the features put in this place."""
    rendered = (panel(**context) for _, _, panel in _places[place])
    return Markup("").join(Markup(each) for each in rendered if each)  # noqa: S704 -- panels are rendered templates
