"""What questionnaires do by the clock: plans ask, and alerts that nobody has seen go further."""

from datetime import datetime

from notes.measures import alerts, asking
from practice.core.scheduler import every


@every(60, "measures.escalate")
def escalate(now: datetime) -> None:
    """Tell the practice of alerts that stayed unseen too long."""
    alerts.escalate(now)


@every(300, "measures.ask")
def ask(now: datetime) -> None:
    """Ask what running plans have due."""
    asking.ask_all_due(now)
