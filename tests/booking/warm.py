"""Loaded by the racers' fork server: an app is built once, so that each racer finds everything imported and mapped."""

from pathlib import Path

from sqlalchemy.orm import configure_mappers

from tests.support.apps import make_app, settings_for

make_app(settings_for("sqlite://", Path()))
configure_mappers()
