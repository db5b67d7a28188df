"""How claims join the app."""

from __future__ import annotations

from billing.claims import demo, models
from billing.claims.views import pages, papers
from practice.core import navigation
from practice.models import OFFICE

TABLES = (models.Claim, models.ClaimEvent, models.ClaimFile)
PARTS = (demo, pages, papers)
ALSO = {"billing.claim", "billing.new_claim", "billing.following_claim"}


def wire() -> None:
    """Register the menu entry; the pages join by being read."""
    navigation.add(
        "Claims",
        "billing.claims",
        "send",
        roles=OFFICE,
        order=46,
        also=ALSO,
        group=navigation.Group.MONEY,
    )
