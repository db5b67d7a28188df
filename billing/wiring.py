"""How money joins the app."""

from __future__ import annotations

from flask import Flask

from billing import models

TABLES = (models.Invoice, models.Payment, models.LedgerEntry)


def wire(_app: Flask) -> None:
    """Register pages, menu entries, mail, jobs, panels and what money wants to hear of."""
