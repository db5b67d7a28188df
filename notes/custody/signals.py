"""What the keeping of keys tells the rest of notes. Each is sent inside the transaction of the deed."""

from dataclasses import dataclass
from datetime import datetime

from notes.models import Chart
from practice.core.events import Event


@dataclass(frozen=True, slots=True)
class ChartBegun:
    """A chart is being begun and has no keys yet: whoever is given it now reads it from its first word."""

    chart: Chart
    now: datetime


chart_begun: Event[ChartBegun] = Event("notes.chart_begun")
