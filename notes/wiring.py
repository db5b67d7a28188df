"""How notes join the app."""

from flask import Flask

from notes import models

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register pages, panels, menu entries and commands."""
