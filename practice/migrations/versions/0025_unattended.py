"""Browsers that nobody uses are locked, after as many minutes as the practice says."""

from alembic import op

revision = "0025_unattended"
down_revision = "0024_shelf"
branch_labels = None
depends_on = None

MINUTES = (
    "lock_minutes INTEGER NOT NULL DEFAULT 15"
    " CONSTRAINT ck_practice_lock_minutes_bounds CHECK (lock_minutes BETWEEN 1 AND 240)"
)


def upgrade() -> None:
    op.execute(f"ALTER TABLE practice ADD COLUMN {MINUTES}")
    locked_at = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE sign_ins ADD COLUMN locked_at {locked_at}")


def downgrade() -> None:
    op.execute("ALTER TABLE sign_ins DROP COLUMN locked_at")
    op.execute("ALTER TABLE practice DROP COLUMN lock_minutes")
