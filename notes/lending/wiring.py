"""How lent charts join the notes."""

from notes.lending import demo
from notes.lending.views import lending, reading
from practice.core import navigation
from practice.models import COUNSELOR

PAGES = (lending, reading)
SEEDS = (demo,)


def wire() -> None:
    """Register the menu entry; the pages join the blueprint of notes by being read."""
    navigation.add("Shared charts", "notes.readers", "key", roles={COUNSELOR}, order=33, group=navigation.Group.CARE)
