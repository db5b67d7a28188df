"""Appointments that recur."""

revision = "0009_series"
down_revision = "0008_bookings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
