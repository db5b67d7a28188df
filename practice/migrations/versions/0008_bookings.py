"""How a booking comes about and changes: requests, accepted policies, moves that can be undone, fees proposed."""

revision = "0008_bookings"
down_revision = "0007_hours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
