"""Calendars from outside, and feeds to them."""

revision = "0012_calendars"
down_revision = "0011_waitlist"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
