"""Reminders by service, channel and consent."""

revision = "0013_reminders"
down_revision = "0012_calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
