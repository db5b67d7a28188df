"""What is owed on invoices is added up from an index alone."""

from alembic import op

revision = "0053_owed"
down_revision = "0052_additions"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_ledger_entries_owed", "ledger_entries"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["account", "invoice_id", "currency", "amount_cents"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
