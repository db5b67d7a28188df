"""How additions to a session join the app."""

from __future__ import annotations

from billing.additions import letters, models, views

TABLES = (models.AdditionFee,)
PARTS = (letters, views)
