"""How booking joins the app."""

from __future__ import annotations

from flask import Flask

from booking import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register pages, mail and jobs."""
