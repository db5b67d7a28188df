"""What somebody could do to the database who turned its triggers off."""

from sqlalchemy import text

from practice.core.db import db


def behind_its_back(statement: str, **values: object) -> None:
    """Run a statement as if there were no triggers, and commit it."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET session_replication_role = replica"))
        db.session.execute(text(statement), values)
        db.session.execute(text("SET session_replication_role = DEFAULT"))
    else:
        triggers = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            db.session.execute(text(f"DROP TRIGGER {name}"))
        db.session.execute(text(statement), values)
        for _, sql in triggers:
            db.session.connection().exec_driver_sql(sql)
    db.session.commit()
