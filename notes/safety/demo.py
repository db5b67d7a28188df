"""The demo's safety plan. Everybody and every number in it is invented."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes import keys
from notes.safety import services
from notes.safety.steps import SafetyWords
from practice.core import seeds

ORDER = 47
_FIRST = SafetyWords(
    {
        "signs": "I stop answering messages\nThe night before a work day feels like a tunnel",
        "alone": "Cold water on my face, then the window wide open\nThe playlist from the summer",
        "around": "The café on the corner, window seat",
        "ask": "My sister Jo, 555 0117",
        "professionals": "Ines, in working hours\n988, day and night",
        "surroundings": "",
    }
)
_SECOND = SafetyWords(
    {
        **_FIRST.texts,
        "around": "The café on the corner, window seat\nChoir on Thursdays, even just to sit at the back",
        "surroundings": "Jo keeps the tablets and gives me a week at a time",
    }
)


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Ines and Alice have written a plan together."""
    ines, alice = people["ines"], people["alice"]
    chart = keys.chart_of(counselor=ines, client=alice, now=now - timedelta(weeks=5))
    services.save(chart, _FIRST, base_version=0, by=ines, now=now - timedelta(weeks=5))
    services.save(chart, _SECOND, base_version=1, by=alice, now=now - timedelta(weeks=3))


seeds.register(ORDER, seed)
