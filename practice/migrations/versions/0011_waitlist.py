"""Who waits for a time."""

revision = "0011_waitlist"
down_revision = "0010_groups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
