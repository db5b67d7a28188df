"""The demo's requests: one that waits, one that was answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes import keys
from notes.requests import services
from notes.requests.clocks import CORRECTION, RESTRICTION
from notes.requests.models import GRANTED
from practice.core import seeds

ORDER = 48
_ASKED = "The note from our second session says I live with my sister. She moved out in March; I live alone."
_LIMIT = "Please do not tell my insurance about the sessions I pay for myself."
_AGREED = "Agreed. What you pay for yourself stays between us: nothing about it goes to your insurance."


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Alice wait for a correction, and have an agreement on whom nothing is passed to."""
    ines, alice = people["ines"], people["alice"]
    chart = keys.chart_of(counselor=ines, client=alice, now=now - timedelta(weeks=8))
    earlier, later = now - timedelta(days=50), now - timedelta(days=30)
    limit = services.ask(client=alice, kind=RESTRICTION, chart=chart, text=_LIMIT, now=later)
    services.answer(limit, GRANTED, _AGREED, by=ines, now=later + timedelta(days=2))
    services.ask(client=alice, kind=CORRECTION, chart=chart, text=_ASKED, now=earlier)


seeds.register(ORDER, seed)
