"""Lent charts for the demo: Amara is away and Ines covers; Ines lent one of hers to Jonah."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes.custody.models import COVER
from notes.lending import queries, services
from practice.core import seeds
from practice.models import Person

ORDER = 45


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Lend a few charts, each for some days."""
    _lend(people["amara"], people["ines"], 2, now, days=9)
    _lend(people["ines"], people["jonah"], 1, now, days=4)


def _lend(whose: Person, to: Person, most: int, now: datetime, *, days: int) -> None:
    charts = [chart for chart in queries.charts_in_hand(whose) if chart.counselor_id == whose.id][:most]
    if charts:
        ends_on = (now + timedelta(days=days)).date()
        services.lend(charts, to, kind=COVER, by=whose, ends_on=ends_on, now=now - timedelta(days=1))


seeds.register(ORDER, seed)
