"""How safety plans join the app."""

from notes.safety import demo, models, panels, views
from practice.core import navigation
from practice.models import CLIENT

TABLES = (models.SafetyPlan, models.SafetyVersion)
PARTS = (demo, panels, views)


def wire() -> None:
    """Register the menu entry; pages and demo register when they are read."""
    navigation.add(
        "Safety plan", "notes.safety_plan", "shield", roles={CLIENT}, order=26, also=["notes.safety_plan_edit"]
    )
