"""How papers about money join the app."""

from __future__ import annotations

from billing.papers import panels
from billing.papers.views import statements

PARTS = (panels, statements)
