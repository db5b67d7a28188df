"""The demo's records whose time is over, and one that is held."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes import keys
from notes.retention import services
from practice.core import seeds

ORDER = 49
YEAR = timedelta(days=366)


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Mateo have two charts of long ago, one of them looked at, and let a hold stand on one of Ines's."""
    mateo, omar = people["mateo"], people["omar"]
    for key, years in (("petra", 9), ("greta", 8)):
        keys.chart_of(counselor=mateo, client=people[key], now=now - years * YEAR)
    looked_at = keys.chart_of(counselor=mateo, client=people["petra"], now=now)
    services.review(looked_at, by=mateo, now=now - timedelta(days=2))
    held = keys.chart_of(counselor=people["ines"], client=people["ben"], now=now)
    services.place_hold(held, "Inquiry of the licensing board, 26-0417", by=omar, now=now - timedelta(days=20))


seeds.register(ORDER, seed)
