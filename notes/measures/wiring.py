"""How questionnaires join the app."""

from notes.measures import demo, jobs, letters, models, panels
from notes.measures.views import alerts, client, counselor, office
from practice.core import navigation
from practice.models import ADMINISTRATOR, CLIENT

TABLES = (models.MeasurePlan, models.MeasureAsking, models.MeasureAlert, models.MeasureOffer, models.MeasureRules)
PAGES = (alerts, client, counselor, office)
PARTS = (demo, jobs, panels)


def wire() -> None:
    """Register mail and menu entries; pages, panels, jobs and demo register when they are read."""
    letters.register()
    asked = ("question_start", "question", "questions_at_once", "question_check", "question_thanks", "my_answers")
    navigation.add(
        "Questions", "notes.questions", "list", roles={CLIENT}, order=24, also=[f"notes.{each}" for each in asked]
    )
    navigation.add("Questionnaires", "notes.questionnaires", "chart", roles={ADMINISTRATOR}, order=72)
