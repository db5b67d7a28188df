"""How the match joins billing."""

from __future__ import annotations

from billing.matching import demo, jobs, models
from billing.matching.views import office

TABLES = (models.MatchRun, models.Difference)
PARTS = (demo, jobs, office)
