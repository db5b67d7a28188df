"""What was still missing in wishes and repeated groups."""

revision = "0016_wishes"
down_revision = "0015_arrivals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
