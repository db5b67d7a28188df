"""How questionnaires join the app."""

from notes.measures import demo, jobs, letters, models, panels
from notes.measures.views import alerts, client, counselor, office
from practice.core import navigation
from practice.models import ADMINISTRATOR

TABLES = (models.MeasurePlan, models.MeasureAsking, models.MeasureAlert, models.MeasureOffer, models.MeasureRules)
PAGES = (alerts, client, counselor, office)
PARTS = (demo, jobs, panels)


def wire() -> None:
    """Register mail and the menu entry; pages, panels, jobs and demo register when they are read."""
    letters.register()
    navigation.add(
        "Questionnaires", "notes.questionnaires", "chart", roles={ADMINISTRATOR}, order=72, group=navigation.Group.CARE
    )
