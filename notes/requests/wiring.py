"""How requests of clients join the app."""

from notes.requests import demo, jobs, letters, models, panels
from notes.requests.views import desk, office, own
from practice.core import navigation
from practice.models import ADMINISTRATOR, COUNSELOR

TABLES = (models.RecordRequest, models.Saying)
PARTS = (demo, desk, jobs, office, own, panels)


def wire() -> None:
    """Register mail and the menu entries; pages, panels, jobs and demo register when they are read."""
    letters.register()
    navigation.add(
        "Requests",
        "notes.requests",
        "inbox",
        roles={COUNSELOR},
        order=36,
        group=navigation.Group.CARE,
        also=["notes.request"],
    )
    navigation.add(
        "Requests of clients",
        "notes.practice_requests",
        "inbox",
        roles={ADMINISTRATOR},
        order=74,
        group=navigation.Group.CARE,
        also=["notes.practice_request"],
    )
