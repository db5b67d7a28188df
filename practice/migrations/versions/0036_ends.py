"""Why a record ends before its day, and that those who decide were told that its time is over."""

from alembic import op

revision = "0036_ends"
down_revision = "0032_several_payments"
branch_labels = None
depends_on = None

KNOWN = "CHECK (exception IN ('stranger', 'untreated', 'unlawful', 'order'))"


def upgrade() -> None:
    sealed = "BYTEA" if op.get_bind().dialect.name == "postgresql" else "BLOB"
    for table in ("chart_keepings", "erasures"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN exception VARCHAR(12) CONSTRAINT ck_{table}_exception_known {KNOWN}"
        )
        op.execute(f"ALTER TABLE {table} ADD COLUMN reason {sealed}")
    op.execute("ALTER TABLE chart_keepings ADD COLUMN told_until DATE")


def downgrade() -> None:
    op.execute("ALTER TABLE chart_keepings DROP COLUMN told_until")
    for table in ("erasures", "chart_keepings"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN reason")
        op.execute(f"ALTER TABLE {table} DROP COLUMN exception")
