"""Apps that outlive a test: the next one is lent the same app, with a database and doors of its own.

Building an app, and SQLAlchemy's compiling of the same statements for each new engine, took most of a test's time. What
matters lives in the database, so an app that served another test before is no different from a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event, make_url

from practice.core.db import db
from practice.core.ports import Ports
from practice.core.settings import Settings
from tests.support.apps import make_app
from tests.support.postgres import LENT

OWN = {"database_url", "var_dir"}
"""The settings that differ from test to test without a new app."""

_standing: dict[str, Flask] = {}
_connected: dict[int, str] = {}


@contextmanager
def lent(settings: Settings, doors: Ports) -> Iterator[Flask]:
    """Lend the app for these settings, and put everything back that a test exchanges."""
    key = f"{make_url(settings.database_url).get_backend_name()} {settings.model_dump(mode='json', exclude=OWN)}"
    if key not in _standing:
        _standing[key] = make_app(settings, doors)
        _follow(_standing[key])
    app = _standing[key]
    _part_from_others(app, settings.database_url)
    config, extensions, views = dict(app.config), dict(app.extensions), dict(app.view_functions)
    app.extensions |= {"stillpoint.settings": settings, "stillpoint.ports": doors}
    try:
        yield app
    finally:
        for kept, now in ((config, app.config), (extensions, app.extensions), (views, app.view_functions)):
            now.clear()
            now.update(kept)


def _part_from_others(app: Flask, url: str) -> None:
    """Close the connections to another test's database; those to the same one, wiped since, go on."""
    if _connected.get(id(app)) != url:
        with app.app_context():
            db.engine.dispose()
    _connected[id(app)] = url


def part_from_all() -> None:
    """Close what the standing apps still hold open."""
    for app in _standing.values():
        with app.app_context():
            db.engine.dispose()


def _follow(app: Flask) -> None:
    """Let the app's engine connect to the database of whoever the app is lent to."""
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        url = make_url(app.extensions["stillpoint.settings"].database_url)
        arguments[:], given = engine.dialect.create_connect_args(url)
        options.update(given)
        if url.get_backend_name() == "postgresql":
            options["application_name"] = LENT
