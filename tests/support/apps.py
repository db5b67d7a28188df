"""The app as the tests build it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from app import create_app
from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.ports import Ports
from practice.core.settings import Settings
from tests.fakes import FakePrinter, RecordingMailer
from tests.support.fake_payments import FakePayments
from tests.support.pages import PageClient
from tests.support.tree import ROOT

KEY = "1:" + "A" * 43 + "="
COMPILED = ROOT / ".pytest_cache" / "templates"
"""Templates as compiled by any test so far: every app of its own would compile them all again."""

Builder = Callable[..., tuple[str, str]]
_builders: dict[tuple[str, bool, str], Builder] = {}


class KnownRule(Rule):
    """A route that is compiled for the first app and not for every test's anew, which took four fifths of the time."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, append_unknown, repr(self.defaults))
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


Flask.url_rule_class = KnownRule


def settings_for(database: str, var: Path, **changes: object) -> Settings:
    """Return settings for a test, with keys that protect nothing."""
    return _checked(tuple(sorted(changes.items()))).model_copy(update={"database_url": database, "var_dir": var})


def make_app(settings: Settings, doors: Ports | None = None) -> Flask:
    """Build the whole app; an error in a view fails the test that caused it."""
    app = create_app(settings, doors or _doors())
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.test_client_class = PageClient
    COMPILED.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(COMPILED))
    return app


def migrate(database: str, revision: str = "head") -> None:
    """Run the real migrations."""
    app = make_app(settings_for(database, Path()))
    with app.app_context():
        upgrade(revision=revision)
        _close(app)


@cache  # to look for settings in the environment takes as long as a page
def _checked(changes: tuple[tuple[str, object], ...]) -> Settings:
    usual: dict[str, object] = {
        "environment": "test",
        "secret_key": "a secret for the tests only",
        "database_url": "sqlite://",
        "field_keys": KEY,
        "audit_keys": KEY,
        "media_key": "a media key for the tests only",
        "stripe_webhook_secret": "whsec_for_the_tests_only",
    }
    if dict(changes).get("environment") != "production":  # which takes no cheap hashes
        usual["password_memory_kib"] = 8
    return Settings.model_validate(usual | dict(changes))


def _doors() -> Ports:
    return Ports(clock=SystemClock(), mailer=RecordingMailer(), printer=FakePrinter(), payments=FakePayments())


def _close(app: Flask) -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
