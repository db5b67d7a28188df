"""The migrations make the tables that the models describe, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from practice.core.db import Model, db
from tests.support.apps import make_app, settings_for


@pytest.fixture
def migrated(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The app on a migrated database with nothing in it."""
    app = make_app(settings_for(database, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_migrations_make_what_the_models_say(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Model.metadata)
    assert differences == []


def test_the_migrations_make_every_named_check(migrated: Flask) -> None:
    inspector = inspect(db.engine)
    for table in Model.metadata.sorted_tables:
        meant = {str(check.name) for check in table.constraints if check.__visit_name__ == "check_constraint"}
        made = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert meant <= made, table.name


def test_the_migrations_can_be_taken_back_and_done_again(migrated: Flask) -> None:
    upgraded = set(inspect(db.engine).get_table_names())
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == upgraded


def test_the_database_itself_guards_what_must_never_happen(migrated: Flask) -> None:
    asked = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal "
            "UNION SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'x'"
        ),
    }
    with db.engine.connect() as connection:
        guarded = set(connection.scalars(text(asked[db.engine.dialect.name])))
    assert guarded >= {"appointments", "audit_entries", "notes", "note_versions", "addenda", "ledger_entries"}
