"""How the time of records joins the app."""

from notes.retention import models
from notes.retention.views import keeping
from practice.core import navigation
from practice.models import ADMINISTRATOR

TABLES = (models.RetentionRule, models.ChartKeeping, models.LegalHold, models.Erasure)
PAGES = (keeping,)


def wire() -> None:
    """Register the menu entry; pages register when they are read."""
    navigation.add(
        "How long we keep",
        "notes.retention",
        "calendar-clock",
        roles={ADMINISTRATOR},
        order=76,
        also=["notes.chart_keeping", "notes.retention_rules"],
    )
