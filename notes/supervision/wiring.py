"""How supervision joins the notes."""

from notes.custody.signals import chart_begun
from notes.supervision import demo, models, panels, sharing
from notes.supervision.views import arranging, desk, hours, reviewing
from practice.core import navigation
from practice.models import ADMINISTRATOR, COUNSELOR

TABLES = (models.Supervision, models.NoteReview, models.ReviewComment, models.SupervisionHour)
PAGES = (arranging, desk, hours, reviewing)
SEEDS = (demo,)


def wire() -> None:
    """Register panels and menu entries; the pages join the blueprint of notes by being read."""
    panels.fill()
    chart_begun.subscribe(sharing.give_new_chart)
    navigation.add(
        "Supervision", "notes.supervision", "user-check", roles={COUNSELOR}, order=32, group=navigation.Group.CARE
    )
    navigation.add(
        "Supervision", "notes.supervisions", "user-check", roles={ADMINISTRATOR}, order=62, group=navigation.Group.CARE
    )
