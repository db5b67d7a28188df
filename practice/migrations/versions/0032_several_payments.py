"""Several payments may pay for one session: a deposit first and the rest later."""

import sqlalchemy as sa
from alembic import op

revision = "0032_several_payments"
down_revision = "0028_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_payments_one_kept", "payments")


def downgrade() -> None:
    kept = sa.text("fate = 'kept'")
    op.create_index(
        "uq_payments_one_kept", "payments", ["appointment_id"], unique=True, sqlite_where=kept, postgresql_where=kept
    )
