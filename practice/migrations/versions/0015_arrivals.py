"""Where a person is before a session, and guests with a link of their own."""

revision = "0015_arrivals"
down_revision = "0014_media_servers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
