"""How the time of records joins the app."""

from notes.retention import demo, jobs, letters, models, panels
from notes.retention.views import counselors, keeping
from practice.core import navigation
from practice.models import ADMINISTRATOR

TABLES = (models.RetentionRule, models.ChartKeeping, models.LegalHold, models.Erasure)
PARTS = (counselors, demo, jobs, keeping, panels)


def wire() -> None:
    """Register mail and the menu entry; pages, panels and jobs register when they are read."""
    letters.register()
    navigation.add(
        "How long we keep",
        "notes.retention",
        "calendar-clock",
        roles={ADMINISTRATOR},
        order=76,
        group=navigation.Group.CARE,
        also=["notes.chart_keeping", "notes.retention_rules"],
    )
