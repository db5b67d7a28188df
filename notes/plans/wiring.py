"""How plans join the notes."""

from notes.plans import demo, models, panels
from notes.plans.views import diagnosing, lines, reading

TABLES = (models.PlanVersion,)
PAGES = (diagnosing, lines, reading)
SEEDS = (demo,)


def wire() -> None:
    """Register the panels; the pages join the blueprint of notes by being read."""
    panels.fill()
