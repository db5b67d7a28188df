"""How months join billing."""

from __future__ import annotations

from billing.closing import demo, models
from billing.closing.views import office
from practice.core import navigation
from practice.models import OFFICE

TABLES = (models.ClosedMonth, models.ClosedBalance)
PARTS = (demo, office)


def wire() -> None:
    """Register the menu entry; pages join by being read."""
    also = {"billing.month", "billing.reopening"}
    navigation.add("Months", "billing.months", "lock", roles=OFFICE, order=45, group=navigation.Group.MONEY, also=also)
