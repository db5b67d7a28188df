"""People may be billers.

SQLite cannot change a check where it stands. A wider one changes nothing on disk, so its words in
the schema are changed (https://www.sqlite.org/lang_altertable.html, section 8).
"""

import sqlalchemy as sa
from alembic import op

revision = "0048_billers"
down_revision = "0047_shares"
branch_labels = None
depends_on = None

TABLES = ("person_roles", "invitations")
BEFORE = "role IN ('client', 'counselor', 'administrator')"
AFTER = "role IN ('client', 'counselor', 'biller', 'administrator')"


def upgrade() -> None:
    _check(AFTER, before=BEFORE)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE role = 'biller'")
    _check(BEFORE, before=AFTER)


def _check(condition: str, *, before: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.drop_constraint(op.f(f"ck_{table}_role_known"), table, type_="check")
            op.create_check_constraint(op.f(f"ck_{table}_role_known"), table, condition)
        return
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    words = sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name IN :tables")
    words = words.bindparams(sa.bindparam("tables", expanding=True))
    connection.execute(words, {"before": before, "after": condition, "tables": TABLES})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
