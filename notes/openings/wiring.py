"""How openings join the notes."""

from notes.openings import demo, models, panels
from notes.openings.views import asking, reviewing
from practice.core import navigation
from practice.models import ADMINISTRATOR

TABLES = (models.ChartOpening,)
PARTS = (asking, demo, panels, reviewing)


def wire() -> None:
    """Register the menu entry; pages and panels join by being read."""
    navigation.add(
        "Chart openings", "notes.practice_openings", "eye", roles={ADMINISTRATOR}, order=63, group=navigation.Group.CARE
    )
