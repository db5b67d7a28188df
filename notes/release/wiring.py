"""How releases join the app."""

from notes.release import demo, letters, models, panels
from notes.release.views import accounts, apart, noting, own, staff

TABLES = (models.Release, models.Disclosure, models.Packet)
PAGES = (accounts, apart, noting, own, staff)
SEEDS = (demo,)


def wire() -> None:
    """Register panels and letters; pages and demo register when they are read."""
    letters.register()
    panels.fill()
