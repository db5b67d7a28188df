"""Media servers with their heartbeats, and which of them a room lives on."""

revision = "0014_media_servers"
down_revision = "0013_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
