"""Fees may be charged by themselves, where the terms a client accepted say so."""

from alembic import op

revision = "0046_fees"
down_revision = "0045_lowered_prices"
branch_labels = None
depends_on = None

TABLES = ("fee_rules", "booking_policies")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN automatic BOOLEAN NOT NULL DEFAULT false")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN automatic")
