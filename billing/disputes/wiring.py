"""How disputes join billing."""

from __future__ import annotations

from billing.disputes import jobs, letters, models, panels
from billing.disputes.views import office

TABLES = (models.Dispute,)
PARTS = (jobs, letters, office, panels)
