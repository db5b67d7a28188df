"""How money on its way joins billing."""

from __future__ import annotations

from billing.settlements import demo, jobs, models
from billing.settlements.views import payouts
from practice.core import navigation
from practice.models import OFFICE

TABLES = (models.Payout, models.ProviderLine)
PARTS = (demo, jobs, payouts)


def wire() -> None:
    """Register the menu entry; pages and jobs join by being read."""
    also = {"billing.payout", "billing.disputes", "billing.dispute", "billing.match", "billing.difference"}
    navigation.add(
        "Payouts",
        "billing.payouts",
        "download",
        roles=OFFICE,
        order=43,
        group=navigation.Group.MONEY,
        also=also,
    )
