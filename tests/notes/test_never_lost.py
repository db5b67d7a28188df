"""A hundred times something dies under a note, and no character that was called safe is gone."""

import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from practice.core.db import db
from practice.passwords import hashed
from tests import builders
from tests.notes.losing import FAULTS, Losing
from tests.notes.scenes import a_session
from tests.support.apps import make_app, settings_for
from tests.support.databases import SqliteTemplate
from tests.support.phoenix import Phoenix
from tests.support.postgres import PostgresTemplate

pytestmark = pytest.mark.browser


def test_a_hundred_deaths_of_tab_network_and_server_lose_nothing_that_was_called_safe(
    browser: Browser, templates: dict[str, SqliteTemplate | PostgresTemplate], tmp_path: Path
) -> None:
    seed = secrets.randbelow(1_000_000)
    with templates["sqlite"].copy() as database:
        app = make_app(settings_for(database, tmp_path))
        with app.app_context():
            builders.a_practice()
            ines = builders.a_counselor(password_hash=hashed(builders.PASSWORD))
            appointment = a_session(ines, builders.a_client())
            path, email = f"/appointments/{appointment.id}/note", ines.email
            db.engine.dispose()
        server = Phoenix(database, tmp_path)
        losing = Losing(browser, server, f"{server.url}{path}", email, seed)
        try:
            losing.run(100)
        except Exception as error:
            error.add_note(f"the same again: python -m bench.drafts --seed {seed}")
            raise
        finally:
            server.end()
    assert losing.befell == FAULTS
