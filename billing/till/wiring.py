"""How the till joins billing."""

from __future__ import annotations

from billing.till import demo, models, views

TABLES = (models.TillBanking, models.BankedCheque)
PARTS = (demo, views)
