"""How the till joins billing."""

from __future__ import annotations

from billing.till import models, views

TABLES = (models.TillBanking, models.BankedCheque)
PARTS = (views,)
